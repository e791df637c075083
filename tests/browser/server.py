"""Start and stop what the tests ask: a Streamlit server of this project, one process per server."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Program:
    """A program that answers at `url` until it is stopped; `log` collects what it prints."""

    def __init__(self, command: Sequence[str | Path], port: int, log: Path) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONUNBUFFERED": "1"}
            )  # fmt: skip
        try:
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

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
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"it did not start:\n{self.log.read_text(errors='replace')}")


MODULE = os.environ.get("SOFTMAX_LAB_SERVER", "streamlit")
"""What runs Streamlit; bench.support.late shows which tests wait for too little, and which answers come in the wrong order."""


class Server(Program):
    """`streamlit run SCRIPT` on a free loopback port, or on this one; `module` may be one that runs it otherwise."""

    def __init__(
        self, log: Path, script: str = "app.py", port: int | None = None, module: str = MODULE
    ) -> None:
        port = port or free_port()
        command = [
            sys.executable, "-m", module, "run", script,
            "--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}",
            "--server.fileWatcherType=none",
        ]  # fmt: skip
        super().__init__(command, port, log)

    def complaints(self) -> str:
        """Every traceback that the server printed, or an empty text."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return text if re.search(r"Traceback|Uncaught app", text) else ""


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
