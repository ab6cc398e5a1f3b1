"""No call reaches a private network, however its address is spelled and whatever DNS says at which moment."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from connector.errors import Unavailable
from connector.http import make_session
from connector.public_addresses import AddressRefused, checked_addresses, is_public, refuse_private_literal
from tests.unit.connector.raw_server import answering, ok, raw_server
from tests.unit.connector.recorded_calls import never

PRIVATE = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.8",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "168.63.129.16",
    "192.0.0.192",
    "192.88.99.1",
    "64:ff9b:1::7f00:1",
    "64:ff9b::a83f:8110",
    "::ffff:192.0.0.192",
    "5f00::1",
    "3fff::1",
)
PUBLIC = ("104.192.142.18", "8.8.8.8", "2401:1d80:322c::1", "64:ff9b::808:808", "::ffff:8.8.8.8")
# Spellings of 127.0.0.1 that resolvers understand.
LOOPBACK_SPELLINGS = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "0177.1",
    "017700000001",
    "localhost",
    "LOCALHOST.",
    "api.localhost",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
def test_loopback_in_every_spelling(host: str) -> None:
    with pytest.raises(AddressRefused, match="OKR_ALLOW_PRIVATE_SITES"):
        refuse_private_literal(host)


@pytest.mark.parametrize("host", ["acme.atlassian.net", "8.8.8.8", "127.0.0.1.example.com", "10.example"])
def test_names_and_public_addresses_are_no_private_literals(host: str) -> None:
    refuse_private_literal(host)


def _resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """DNS that gives one list of addresses after the other, the last for ever; literals stay themselves."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host.replace(".", "").isdigit():
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolving(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        checked_addresses("acme.example", 443)


def test_a_name_that_dns_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unavailable, match=r"nosuch\.example is not in DNS"):
        checked_addresses("nosuch.example", 443)


def test_a_name_inside_the_network_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(answering(ok(b"{}"))) as inside:
        _resolving(monkeypatch, ["127.0.0.1"])
        url = f"https://acme.example:{inside.port}"
        with pytest.raises(AddressRefused, match=r"acme\.example"):
            make_session(None, [url], allow_private=False, forbidden=never).get(url)
        assert inside.connections == 0


def test_a_name_that_changes_its_address_after_the_check_is_called_at_the_checked_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connected: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        connected.append(address[0])
        raise OSError("not in a test")

    asked = _resolving(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    monkeypatch.setattr("connector.public_addresses.create_connection", connect)
    session = make_session(None, ["https://acme.example"], allow_private=False, forbidden=never)
    with pytest.raises(Exception, match="not in a test"):
        session.get("https://acme.example/")
    assert connected == ["8.8.8.8"]
    assert asked == ["acme.example"]


def test_each_checked_address_is_tried_and_tls_keeps_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(answering(b"no TLS here")) as server:
        tried: list[str] = []

        def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
            tried.append(address[0])
            if len(tried) == 1:
                raise OSError("the first is away")
            return socket.create_connection(("127.0.0.1", server.port), timeout=2)

        named: list[object] = []

        def wrap(sock: socket.socket, *_: Any, server_hostname: str | None = None, **__: Any) -> None:
            named.append(server_hostname)
            sock.close()
            raise OSError("seen")

        _resolving(monkeypatch, ["8.8.8.8", "9.9.9.9"])
        monkeypatch.setattr("connector.public_addresses.create_connection", connect)
        monkeypatch.setattr("urllib3.connection.ssl_wrap_socket", wrap)
        session = make_session(None, ["https://acme.example"], allow_private=False, forbidden=never)
        with pytest.raises(Exception, match="seen"):
            session.get("https://acme.example/")
    assert tried == ["8.8.8.8", "9.9.9.9"]
    assert named == ["acme.example"]
