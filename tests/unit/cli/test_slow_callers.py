"""A caller who stops in the middle of a request, or of an answer, holds no thread for long. A real server with two
threads."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connector.settings import Settings
from web.cli.serve import WebServer
from web.cli.slow_callers import ImpatientWorker

ROOT = Path(__file__).resolve().parents[3]
SERVER = """
import sys
from gunicorn.app.base import BaseApplication
from web.cli import slow_callers

slow_callers.ARRIVE_SECONDS = slow_callers.ANSWER_SECONDS = 1.0

def app(environ, start_response):
    said = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else b"here"
    said *= 10_000_000 if environ["PATH_INFO"] == "/large" else 1
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]

class Server(BaseApplication):
    def load_config(self):
        choices = {"bind": f"127.0.0.1:{sys.argv[1]}", "threads": 2, "worker_class": slow_callers.ImpatientWorker,
                   "control_socket_disable": True, "loglevel": "critical"}
        for name, value in choices.items():
            self.cfg.set(name, value)

    def load(self):
        return app

Server().run()
"""
SILENT = b""
HALF_A_HEADER = b"POST / HTTP/1.1\r\nHo"
HALF_A_BODY = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nabc"


LARGE = b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    server = subprocess.Popen((sys.executable, "-c", SERVER, str(number)), cwd=ROOT)
    try:
        assert _answers_within(number, 20.0)
        yield number
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.parametrize("sent", [SILENT, HALF_A_HEADER, HALF_A_BODY, LARGE])
def test_others_are_answered_while_callers_stop_in_the_middle(port: int, sent: bytes) -> None:
    with ExitStack() as callers:
        for _ in range(4):
            caller = callers.enter_context(socket.create_connection(("127.0.0.1", port)))
            caller.sendall(sent)
        time.sleep(0.2)
        # Twice the threads: at most two turns of a second each, and the second in which the main loop looks.
        assert _answers_within(port, 8.0)


def test_a_request_that_arrives_in_pieces_is_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
        for piece in (b"POST / HTTP/1.1\r\nHost: here\r\nConn", b"ection: close\r\nContent-Length: 4\r\n\r\nsl", b"ow"):
            caller.sendall(piece)
            time.sleep(0.2)
        assert caller.makefile("rb").read().endswith(b"\r\n\r\nslow")


def test_a_large_answer_is_sent_whole(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
        caller.sendall(LARGE.replace(b"Host: here", b"Host: here\r\nConnection: close"))
        assert len(caller.makefile("rb").read().partition(b"\r\n\r\n")[2]) == 40_000_000


def test_the_web_service_is_served_so(tmp_path: Path) -> None:
    server = WebServer(Settings(_env_file=None, data_dir=tmp_path))  # type: ignore[call-arg]
    assert server.cfg is not None
    assert server.cfg.worker_class is ImpatientWorker


def _answers_within(port: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=deadline - time.monotonic()) as caller:
                caller.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
                return caller.makefile("rb").read().endswith(b"here")
        except ConnectionError:
            time.sleep(0.1)
        except TimeoutError:
            return False
    return False
