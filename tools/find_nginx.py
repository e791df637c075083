"""Print the path of an nginx, fetching Debian's package if there is none.

Looked for in this order: SOFTMAX_LAB_NGINX, PATH, /usr/sbin (where Debian puts it, which is not on everybody's PATH),
``.venv/nginx``. Else the package is unpacked there: installing it would start a web server on this machine. Exits with
1 and a sentence when nothing works: what deploy/ promises is part of the checks and is not skipped.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

UNPACKED = Path(__file__).parents[1] / ".venv" / "nginx"
MISSING = (
    "The tests of deploy/ need nginx, none was found and none could be fetched. "
    "Install the package nginx (Debian, Ubuntu, Homebrew), or set SOFTMAX_LAB_NGINX to its path."
)


def installed() -> str | None:
    """Return the path of an nginx that runs here."""
    named = os.environ.get("SOFTMAX_LAB_NGINX")
    if named:
        return named
    places = (shutil.which("nginx"), "/usr/sbin/nginx", str(UNPACKED / "usr" / "sbin" / "nginx"))
    return next((path for path in places if path and Path(path).is_file() and _run(path, "-v")), None)


def fetch() -> str | None:
    """Unpack Debian's package below `.venv`; what that prints goes to standard error."""
    if not shutil.which("apt-get"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        if not _run("apt-get", "download", "nginx", folder=folder):
            sudo = ["sudo", "-n"] if os.geteuid() != 0 else []
            _run(*sudo, "apt-get", "update")  # a fresh machine knows of no packages
            _run("apt-get", "download", "nginx", folder=folder)
        for package in Path(folder).glob("nginx_*.deb"):
            _run("dpkg-deb", "-x", str(package), str(UNPACKED))
    return installed()


def _run(*command: str, folder: str | None = None) -> bool:
    print("+", " ".join(command), file=sys.stderr)
    try:
        return (
            subprocess.run(command, cwd=folder, stdout=sys.stderr, timeout=600, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False


def main() -> int:
    path = installed() or fetch()
    if path is None:
        print(MISSING, file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
