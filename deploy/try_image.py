"""Run what the image would hold, as the container would, without Docker: ``sudo .venv/bin/python deploy/try_image.py``.

Linux only, with Debian's Python 3.11 or ``PYTHON=...`` of the image's version. Packages are installed anew from PyPI. The files are those
that Dockerfile.dockerignore lets through; start, health check and environment are read from the Dockerfile. As in compose.yaml the file
system is read-only but for /tmp and the cache, the user is nobody in particular, without capabilities; and there is no network at all.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
sys.path.insert(0, str(ROOT))


def build(folder: Path) -> None:
    """Install what requirements.txt names, and copy and compile the app."""
    (folder / "data").mkdir()
    os.chown(folder / "data", 10001, 10001)
    folder.chmod(0o755)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text()
    for name in re.findall(r"^!(.+)", ignored, re.M):
        (folder / "app" / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", ROOT / name, folder / "app" / name], check=True)
    subprocess.run(
        [os.environ.get("PYTHON", "/usr/bin/python3.11"), "-m", "venv", folder / "venv"], check=True
    )
    python = folder / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", "-r", folder / "app/requirements.txt"], check=True)
    subprocess.run([python, "-m", "compileall", "-q", folder / "app"], check=True)


def run(folder: Path) -> None:
    """Start the app where nothing can be written, ask for its health and open pages."""
    from bench.support.session import Session

    for step in ("ip link set lo up", "mount -t tmpfs -o size=512m tmpfs /tmp",
                 f"mount --bind {folder}/data {folder}/data", "mount -o remount,bind,ro /"):  # fmt: skip
        subprocess.run(step.split(), check=True)
    start, check = (
        json.loads(words) for words in reversed(re.findall(r"^(?:    )?CMD (\[.*\])$", DOCKERFILE, re.M))
    )
    environment = re.findall(r"^(?:ENV|   ) (\w+=\S+)", DOCKERFILE, re.M)
    user = ["setpriv", "--reuid=10001", "--regid=10001", "--clear-groups", "--bounding-set=-all", "--no-new-privs", "env", "-i",
            f"PATH={folder}/venv/bin:/usr/bin:/bin", *environment, f"XDG_CACHE_HOME={folder}/data"]  # fmt: skip
    assert subprocess.run([*user, "touch", folder / "app/app.py"], stderr=subprocess.DEVNULL).returncode
    app = subprocess.Popen([*user, *start], cwd=folder / "app")
    begin = time.monotonic()
    while subprocess.run([*user, *check], stderr=subprocess.DEVNULL).returncode:
        assert time.monotonic() - begin < 60 and app.poll() is None
    print(f"healthy after {time.monotonic() - begin:.1f} s")
    for page in ("", *(path.stem for path in (ROOT / "pages").glob("[a-z]*.py") if path.stem != "home")):
        session = Session("http://127.0.0.1:8501", page)
        print(
            f"{page or 'home'}: {session.opened.elements} elements, {session.opened.exceptions or 'no exception'}"
        )
        session.close()
    print(
        "written:",
        [str(path) for place in (Path("/tmp"), folder / "data") for path in place.rglob("*")] or "nothing",
    )
    app.terminate()
    print("ended with", app.wait(15))


if __name__ == "__main__":
    if sys.argv[1:]:
        run(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            build(Path(folder))
            subprocess.run(["unshare", "--mount", "--net", sys.executable, __file__, folder], check=True)
