"""nginx as deploy/ ships it, in front of replicas on this machine."""

import os
import pwd
import re
from collections.abc import Sequence
from pathlib import Path

from server import ROOT, Program, Server, free_port

DEPLOY = ROOT / "deploy"


class Proxy(Program):
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
        (folder / "nginx.conf").write_text(listening_on(f"127.0.0.1:{port}"))
        (folder / "replicas.conf").write_text(
            standing_at([f"127.0.0.1:{replica.port}" for replica in replicas])
        )
        # Started by root, its workers would be somebody who may not look into the folder of a test.
        account = f"user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
        command = [
            nginx, "-p", f"{folder}/", "-c", folder / "nginx.conf",
            "-g", f"daemon off; pid {folder}/pid; {account}",
        ]  # fmt: skip
        super().__init__(command, port, folder / "log.txt")


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
