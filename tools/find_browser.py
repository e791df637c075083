"""Print the path of a Chromium, installing one if there is none.

Looked for in this order: SOFTMAX_LAB_CHROMIUM, PATH, the macOS applications folder, what Playwright has, then
`playwright install chromium` and `apt-get install chromium`. Exits with 1 and a sentence when none of them
works: the browser tests are part of the checks and are not skipped.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def installed() -> str | None:
    """Return the path of a browser that is installed."""
    named = os.environ.get("SOFTMAX_LAB_CHROMIUM")
    if named:
        return named
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return next((str(app) for app in MACOS if app.is_file()), None) or from_playwright()


def from_playwright() -> str | None:
    """Return the path of the browser that Playwright downloaded, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> str | None:
    """Try the two ways to get a browser; what they print goes to standard error."""
    if run(sys.executable, "-m", "playwright", "install", "chromium"):
        path = from_playwright()
        if path:
            return path
    if shutil.which("apt-get"):
        sudo = ["sudo", "-n"] if os.geteuid() != 0 else []
        if run(*sudo, "apt-get", "update") and run(*sudo, "apt-get", "install", "-y", "chromium"):
            return shutil.which("chromium")
    return None


def run(*command: str, folder: str | None = None) -> bool:
    """Run a command, print what it prints to standard error, and return whether it succeeded."""
    print("+", " ".join(command), file=sys.stderr)
    try:
        return (
            subprocess.run(command, cwd=folder, stdout=sys.stderr, timeout=900, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False


def main() -> int:
    path = installed() or install()
    if path is None:
        print(
            "The browser tests need Chromium or Chrome, none was found and none could be installed. "
            "Install one, or set SOFTMAX_LAB_CHROMIUM to its path.",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
