"""The session: who it talks to, what it sends, how much and how long it reads."""

from __future__ import annotations

import gzip
import socket
import time
from pathlib import Path

import pytest
import requests

from connector import http
from connector.auth.token import TokenAuth
from connector.errors import Unavailable
from connector.http import TransactionOpen, make_session, origin
from connector.public_addresses import AddressRefused
from tests.unit.connector.raw_server import Script, answering, ok, raw_server
from tests.unit.connector.recorded_calls import EMAIL, SITE, TOKEN, never

PROXY_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def session_to(*urls: str, most_bytes: int = 10_000) -> requests.Session:
    return make_session(TokenAuth(EMAIL, TOKEN), urls, allow_private=True, forbidden=never, most_bytes=most_bytes)


def test_credentials_are_sent_to_the_sites_own_host_only() -> None:
    with raw_server(answering(ok(b"{}"))) as own, raw_server(answering(ok(b"{}"))) as other:
        session = session_to(own.url)
        session.get(f"{own.url}/rest")
        for foreign in (f"{other.url}/rest", own.url.replace("127.0.0.1", "localhost"), "https://evil.example/"):
            with pytest.raises(AddressRefused):
                session.get(foreign)
        assert (len(own.requests), len(other.requests)) == (1, 0)
    assert b"Authorization: Basic " in own.requests[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with raw_server(answering(ok(b"{}"))) as other:
        head = f"HTTP/1.1 {status} Moved\r\nLocation: {other.url}/stolen\r\nContent-Length: 0\r\n\r\n"
        with raw_server(answering(head.encode())) as own:
            answer = session_to(own.url, other.url).get(f"{own.url}/", allow_redirects=True)
            assert answer.status_code == status
            assert (len(own.requests), len(other.requests)) == (1, 0)


def test_netrc_replaces_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login evil password evil")
    monkeypatch.setenv("NETRC", str(netrc))
    with raw_server(answering(ok(b"{}"))) as own:
        session_to(own.url).get(own.url)
        make_session(None, [own.url], allow_private=True, forbidden=never).get(own.url)
    assert (
        TokenAuth(EMAIL, TOKEN)(requests.Request("GET", SITE).prepare()).headers["Authorization"].encode()
        in (own.requests[0])
    )
    assert b"Authorization" not in own.requests[1]


def test_no_cookie_is_kept() -> None:
    with raw_server(answering(ok(b"{}", "Set-Cookie: JSESSIONID=abc; Path=/"))) as own:
        session = session_to(own.url)
        session.get(own.url)
        session.get(own.url)
        assert b"cookie" not in own.requests[1].lower()


def test_a_connection_is_used_again_and_says_who_we_are() -> None:
    with raw_server(answering(ok(b'{"a": 1}'))) as own:
        session = session_to(own.url)
        assert [session.get(own.url).json() for _ in range(3)] == [{"a": 1}] * 3
        assert (own.connections, len(own.requests)) == (1, 3)
        assert b"User-Agent: okr-connector/" in own.requests[0]


@pytest.mark.parametrize("compressed", [False, True])
def test_an_answer_beyond_the_cap_is_not_read(compressed: bool) -> None:
    body = b"[" + b" " * 20_000 + b"]"
    answer = ok(gzip.compress(body), "Content-Encoding: gzip") if compressed else ok(body)
    with raw_server(answering(answer)) as own:
        with pytest.raises(Unavailable, match="larger than this service reads"):
            session_to(own.url).get(own.url)
        assert session_to(own.url, most_bytes=20_002).get(own.url).content == body


def test_an_answer_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            connection.sendall(b" ")
            time.sleep(0.02)

    monkeypatch.setattr(http, "WHOLE_ANSWER_SECONDS", 0.2)
    with raw_server(trickle) as own:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="took too long"):
            session_to(own.url).get(own.url)
        assert time.monotonic() - began < 1.5


def _close(*parts: bytes) -> Script:
    def script(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_RDWR)

    return script


@pytest.mark.parametrize(
    "parts",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"[1, 2"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1, 2\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Encoding: gzip\r\n\r\n", b"no gzip"),
    ],
    ids=["short", "chunk missing", "not gzip"],
)
def test_an_answer_that_breaks_off_is_none(parts: tuple[bytes, ...]) -> None:
    with raw_server(_close(*parts)) as own, pytest.raises(Unavailable, match="broke off"):
        session_to(own.url).get(own.url)


def test_no_call_while_a_transaction_is_open() -> None:
    with raw_server(answering(ok(b"{}"))) as own:
        session = make_session(None, [own.url], allow_private=True, forbidden=lambda: True)
        with pytest.raises(TransactionOpen):
            session.get(own.url)
        assert own.requests == []


def test_plain_http_and_private_addresses_only_where_allowed() -> None:
    for url in ("http://acme.example", "https://127.0.0.1", "https://localhost:8443", "https://0x7f.1"):
        with pytest.raises(AddressRefused):
            make_session(None, [url], allow_private=False, forbidden=never)
        make_session(None, [url], allow_private=True, forbidden=never)


def test_a_proxy_of_the_environment_is_used_unless_excepted(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(answering(ok(b'{"by": "proxy"}'))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "inside.example")
        session = session_to("http://acme.example", "http://inside.example")
        assert session.get("http://acme.example/x").json() == {"by": "proxy"}
        assert proxy.requests[0].startswith(b"GET http://acme.example/x ")
        with pytest.raises((requests.ConnectionError, Unavailable)):
            session.get("http://inside.example/x")
        assert len(proxy.requests) == 1


def test_the_companys_own_authority_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert session_to(SITE).verify is True
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/own.pem")
    assert session_to(SITE).verify == "/etc/own.pem"


def test_origins_are_compared_in_one_spelling() -> None:
    assert origin("HTTPS://Acme.Example/x?y") == origin("https://acme.example:443") == ("https", "acme.example", 443)
    for wrong in ("ftp://acme.example", "acme.example", "https://", "file:///etc/passwd", "https://a:99999"):
        with pytest.raises(ValueError):
            origin(wrong)


def test_credentials_show_nowhere() -> None:
    assert TOKEN not in repr(TokenAuth(EMAIL, TOKEN))
    assert TOKEN not in repr(vars(session_to(SITE)))
