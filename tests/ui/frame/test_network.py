"""How other computers reach the server."""

import socket

import pytest

from ui.frame import network


def test_a_machine_without_a_network_says_what_to_do(monkeypatch):
    monkeypatch.setattr(network, "network_address", lambda: "")
    assert "localhost" in network.for_others("localhost", "0.0.0.0", None).why


@pytest.mark.parametrize(
    ("comes_from", "name"),
    [
        (None, "10.83.0.11"),
        ("::ffff:127.0.0.1", "10.83.0.11"),  # a socket for IPv4 and IPv6
        ("10.83.0.13", ""),
        ("::ffff:172.17.0.1", ""),
    ],
)
def test_a_container_does_not_give_its_own_address_for_that_of_the_computer(comes_from, name, monkeypatch):
    monkeypatch.setattr(network, "network_address", lambda: "10.83.0.11")
    found = network.for_others("localhost", None, comes_from)
    assert found.name == name
    assert ("10.83.0.11" in found.why) == bool(name)


def test_the_network_address_is_one_of_this_machine():
    found = network.network_address()
    if found:  # a machine without a network has none
        assert not network.is_this_computer(found)
        with socket.socket(socket.AF_INET6 if ":" in found else socket.AF_INET) as place:
            place.bind((found, 0))  # refused for an address that another machine has


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({socket.AF_INET: "192.168.1.20"}, "192.168.1.20"),
        ({socket.AF_INET: "127.0.0.1", socket.AF_INET6: "fd00::7"}, "fd00::7"),
        ({socket.AF_INET6: "fd00::7"}, "fd00::7"),
        ({socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}, ""),
        ({}, ""),
    ],
)
def test_the_first_address_that_others_can_reach_is_named(own, found, monkeypatch):
    class Probe:
        def __init__(self, family, _kind):
            self.family = family

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            pass

        def connect(self, _place):
            if self.family not in own:
                raise OSError("network is unreachable")

        def getsockname(self):
            return (own[self.family], 9)

    monkeypatch.setattr(network.socket, "socket", Probe)
    assert network.network_address() == found
