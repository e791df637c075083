"""Start and stop a Streamlit server of this project, one process per server."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Server:
    """`streamlit run SCRIPT` on a free loopback port, or on this one; `log` collects what it prints."""

    def __init__(self, log: Path, script: str = "app.py", port: int | None = None) -> None:
        self.log = log
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [
                    sys.executable, "-m", "streamlit", "run", script,
                    "--server.headless=true", "--server.address=127.0.0.1", f"--server.port={self.port}",
                    "--server.fileWatcherType=none",
                ],
                cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        try:
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise

    def complaints(self) -> str:
        """Every traceback that the server printed, or an empty text."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return text if re.search(r"Traceback|Uncaught app", text) else ""

    def stop(self) -> None:
        """End the process, and fail if it complained while it ran."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)

    def kill(self) -> None:
        """End the process as a machine that loses its power does."""
        self._process.kill()
        self._process.wait(15)

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text(errors='replace')}")


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
