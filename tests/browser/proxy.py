"""nginx as deploy/ ships it, in front of replicas on this machine."""

import os
import pwd
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from server import ROOT, Server, free_port

DEPLOY = ROOT / "deploy"


class Proxy:
    """nginx with the shipped configuration in a folder of its own; only the addresses are others.

    Parameters
    ----------
    nginx
        The path of the program.
    folder
        Where its configuration, its log and its temporary files go.
    replicas
        As many as `deploy/replicas.conf` names, in that order.
    """

    def __init__(self, nginx: str, folder: Path, replicas: Sequence[Server]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "log.txt"
        (folder / "nginx.conf").write_text(listening_on(f"127.0.0.1:{port}"))
        (folder / "replicas.conf").write_text(
            standing_at([f"127.0.0.1:{replica.port}" for replica in replicas])
        )
        # Started by root, its workers would be somebody who may not look into the folder of a test.
        account = f"user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                [
                    nginx, "-p", f"{folder}/", "-c", folder / "nginx.conf",
                    "-g", f"daemon off; pid {folder}/pid; {account}",
                ],
                stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End nginx, which ends its workers."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"nginx did not start:\n{self.log.read_text(errors='replace')}")


def listening_on(address: str) -> str:
    """The shipped nginx.conf at this address."""
    text, count = re.subn(r"\blisten 8080;", f"listen {address};", (DEPLOY / "nginx.conf").read_text())
    assert count == 1
    return text


def standing_at(addresses: Sequence[str]) -> str:
    """The shipped replicas.conf with these addresses in place of its own, which also stand escaped in a pattern."""
    text = (DEPLOY / "replicas.conf").read_text()
    shipped = sorted(set(re.findall(r"server ([\d.]+:\d+)", text)))
    assert len(shipped) == len(addresses)
    for old, new in zip(shipped, addresses, strict=True):
        text = text.replace(old, new).replace(old.replace(".", r"\."), new.replace(".", r"\."))
    return text
