"""Print the path of an nginx, fetching Debian's package if there is none.

Looked for in this order: SOFTMAX_LAB_NGINX, PATH, /usr/sbin (where Debian puts it, which is not on everybody's PATH),
``.venv/nginx``. Else the package is unpacked there: installing it would start a web server on this machine. Exits with
1 and a sentence when nothing works: what deploy/ promises is part of the checks and is not skipped.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from find_browser import run

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
    return next((path for path in places if path and Path(path).is_file() and run(path, "-v")), None)


def fetch() -> str | None:
    """Unpack Debian's package below `.venv`; what that prints goes to standard error."""
    if not shutil.which("apt-get"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        if not run("apt-get", "download", "nginx", folder=folder):
            sudo = ["sudo", "-n"] if os.geteuid() != 0 else []
            run(*sudo, "apt-get", "update")  # a fresh machine knows of no packages
            run("apt-get", "download", "nginx", folder=folder)
        for package in Path(folder).glob("nginx_*.deb"):
            run("dpkg-deb", "-x", str(package), str(UNPACKED))
    return installed()


def main() -> int:
    path = installed() or fetch()
    if path is None:
        print(MISSING, file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
