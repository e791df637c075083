"""Run what the image would hold as compose.yaml would, without Docker: ``sudo .venv/bin/python deploy/try_image.py`` (Linux).

Packages are installed anew; files, environment, start and health check are the Dockerfile's. Only /tmp and the cache can be written.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"


def do(*command: str | Path) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def build(folder: Path) -> None:
    do("install", "-d", "-o", "10001", folder / "data", folder / "app")
    folder.chmod(0o755)
    taken = re.findall(r"^!(.+)", DOCKERFILE.with_suffix(".dockerignore").read_text(), re.M)
    do("cp", "-r", "--parents", *taken, folder / "app")
    do(os.environ.get("PYTHON", "/usr/bin/python3.11"), "-m", "venv", folder / "venv")
    do(folder / "venv/bin/pip", "install", "-qq", "-r", folder / "app/requirements.txt")
    do(folder / "venv/bin/python", "-m", "compileall", "-q", folder / "app")


def run(folder: Path) -> None:
    sys.path.insert(0, str(ROOT))
    from bench.support.session import Session

    for step in ("-t tmpfs tmpfs /tmp", f"--bind {folder}/data {folder}/data", "-o remount,bind,ro /"):
        do("mount", *step.split())
    do("ip", "link", "set", "lo", "up")
    text = DOCKERFILE.read_text()
    check, start = (json.loads(words) for words in re.findall(r"^ *CMD (\[.*\])$", text, re.M))
    nobody = "setpriv --reuid=10001 --regid=10001 --clear-groups --bounding-set=-all --no-new-privs env -i"
    variables = [*re.findall(r"^(?:ENV|   ) (\w+=\S+)", text, re.M), f"XDG_CACHE_HOME={folder}/data"]
    user = [*nobody.split(), f"PATH={folder}/venv/bin:/usr/bin:/bin", *variables]
    with subprocess.Popen([*user, *start], cwd=folder / "app") as app:
        while app.poll() is None and subprocess.run([*user, *check], stderr=subprocess.DEVNULL).returncode:
            print("not healthy yet")
        for page in sorted(path.stem.replace("home", "") for path in ROOT.glob("pages/[a-z]*.py")):
            run = Session("http://127.0.0.1:8501", page).opened
            print(f"/{page}: {run.elements} elements, exceptions: {run.exceptions or 'none'}")
        print("written:", [*Path("/tmp").rglob("*"), *(folder / "data").rglob("*")] or "nothing")
        app.terminate()


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(run(Path(sys.argv[1])))  # inside
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        build(Path(folder))
        do("unshare", "--mount", "--net", sys.executable, __file__, folder)
