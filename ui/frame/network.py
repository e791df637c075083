"""How other computers reach the server, where the reader's address is this computer's own name for itself."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from locales import _


@dataclass(frozen=True)
class Host:
    """How other computers reach this server, where the reader's address is this computer's own name for itself.

    ``name`` is the host for the link, "" where there is none; ``why`` says what the reader has to know.
    """

    name: str = ""
    why: str = ""


def server_host() -> Host:
    """Return how others reach the server; where they use the name that the reader uses, there is nothing to say."""
    asked = st.context.headers.get("Host", "")
    return for_others(
        urlsplit(f"//{asked}").hostname or "", st.get_option("server.address"), st.context.ip_address
    )


def for_others(host: str, listens_at: str | None, comes_from: str | None) -> Host:
    """Return how others reach a server that this reader calls ``host``.

    It listens at an address, None for all, and this connection comes from one, None for the server's own computer. A connection
    to "localhost" that comes from elsewhere was passed on: the server is in a container, whose address nobody else can reach.
    """
    if not is_this_computer(host):
        return Host()
    if listens_at and is_this_computer(listens_at):
        return Host(
            why=_("This link opens on this computer only, because the server answers nobody else. For a class, start it with {option}.").format(
                option="--server.address=0.0.0.0"
            )
        )  # fmt: skip
    everywhere = listens_at in (None, "", "0.0.0.0", "::")
    found = network_address() if everywhere else listens_at
    if not found or not is_this_computer(comes_from or "localhost"):
        return Host(
            why=_("“{host}” means this computer only. For a class, write its address in your network in its place.").format(host=host)
        )  # fmt: skip
    return Host(
        found,
        _("“{host}” means this computer only. In your network it is {address}.").format(
            host=host, address=found
        ),
    )


def is_this_computer(host: str) -> bool:
    """Whether a name or an address leads every computer to itself.

    Examples
    --------
    >>> [is_this_computer(host) for host in ("localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1", "192.168.1.20", "lab.test")]
    [True, True, True, True, False, False]
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        address = ipaddress.ip_address(host)
        # IPv4 at a socket that listens for both: Python knows such a loopback only from 3.13 on.
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    return False


def network_address() -> str:
    """Return this computer's address in its network, or "".

    A datagram socket that is connected sends nothing: the system only says from which address it would send. The
    two targets are addresses for documentation (RFC 5737, RFC 3849), which nobody has.
    """
    for family, nowhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((nowhere, 9))
            found = str(probe.getsockname()[0])
            if not ipaddress.ip_address(found).is_loopback:
                return found
    return ""
