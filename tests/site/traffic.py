"""All requests pass here: faults are applied, calls to the interfaces are logged."""

import json
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Response
from werkzeug.test import run_wsgi_app

from tests.site.store import Document

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

_API = re.compile(r"^(/ex/(jira|confluence)/[^/]+)?/(rest|wiki/api|wiki/rest)/|^/_edge/")
_KINDS = ("status", "html200", "empty200", "truncated", "slow", "drop", "lost")
_HTML = b"<!doctype html><html><head><title>Log in</title></head><body><h1>Log in to continue</h1></body></html>"
_MOST_LOGGED = 50_000


@dataclass
class Fault:
    """A rule: requests that match get `kind` instead of, or on top of, their answer.

    Kinds: status (with `status`, `headers`, `body`), html200, empty200, truncated (half of the true answer, then the
    connection ends), slow (the true answer after `seconds`), drop (nothing is done, the connection ends), lost (done,
    but the connection ends without an answer). `times` None means until cleared; the first `skip` matches pass.
    """

    path: str
    kind: str
    method: str | None = None
    times: int | None = 1
    skip: int = 0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"kind must be one of {', '.join(_KINDS)}, not {self.kind!r}")
        re.compile(self.path)

    def takes(self, method: str, path: str) -> bool:
        """Whether the rule applies to this request; counts it if so."""
        if self.times == 0 or self.method not in (None, method) or not re.search(self.path, path):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Traffic:
    """In front of everything: reads each request whole, applies faults, keeps a log of calls to the interfaces."""

    def __init__(
        self, inner: Wsgi, record: Path | None, now: Callable[[], datetime], sleep: Callable[[float], None]
    ) -> None:
        """With `record`, each call is also appended to that file as a line of JSON, with bodies."""
        self._inner = inner
        self._record = record
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._calls: deque[Document] = deque(maxlen=_MOST_LOGGED)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        environ["site.caller"] = {}  # whoever checks the credentials writes the account in here
        path = environ["PATH_INFO"]
        if not _API.match(path):
            return self._inner(environ, start_response)
        began = self._now()
        fault = self._fault(environ["REQUEST_METHOD"], path)
        answer = self._answer(fault, environ)
        self._log(environ, path, body, answer, fault, (self._now() - began).total_seconds())
        return self._deliver(fault, answer, environ, start_response)

    def add_faults(self, rules: list[Fault]) -> int:
        """Add rules; says how many there are now."""
        with self._lock:
            self._faults.extend(rules)
            return len(self._faults)

    def clear_faults(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._faults.clear()

    def calls(self) -> list[Document]:
        """The log, oldest first."""
        with self._lock:
            return list(self._calls)

    def forget_calls(self) -> None:
        """Empty the log."""
        with self._lock:
            self._calls.clear()

    def _fault(self, method: str, path: str) -> Fault | None:
        with self._lock:
            return next((fault for fault in self._faults if fault.takes(method, path)), None)

    def _answer(self, fault: Fault | None, environ: Environ) -> Response:
        if fault and fault.kind == "slow":
            self._sleep(fault.seconds)
        if fault and fault.kind in ("status", "html200", "empty200", "drop"):
            return _made_up(fault)
        chunks, status, headers = run_wsgi_app(self._inner, environ, buffered=True)
        return Response(b"".join(chunks), status, headers)

    def _deliver(
        self, fault: Fault | None, answer: Response, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        if fault and fault.kind in ("drop", "lost"):
            raise _hung_up(environ)
        if fault and fault.kind == "truncated":
            start_response(answer.status, answer.headers.to_wsgi_list())
            return _half(answer.get_data(), environ)
        return answer(environ, start_response)

    def _log(
        self, environ: Environ, path: str, body: bytes, answer: Response, fault: Fault | None, seconds: float
    ) -> None:
        call: Document = {
            "method": environ["REQUEST_METHOD"],
            "path": path,
            "query": environ.get("QUERY_STRING", ""),
            "status": answer.status_code,
            "account": environ["site.caller"].get("account"),
            "request_bytes": len(body),
            "answer_bytes": len(answer.get_data()),
            "seconds": round(seconds, 4),
            "fault": fault.kind if fault else None,
        }
        with self._lock:
            self._calls.append(call)
            if self._record:
                self._append(call, environ, body, answer)

    def _append(self, call: Document, environ: Environ, body: bytes, answer: Response) -> None:
        assert self._record is not None
        whole = {
            **call,
            "content_type": environ.get("CONTENT_TYPE", ""),
            "request_body": body.decode("utf-8", "replace"),
            "answer_headers": dict(answer.headers),
            "answer_body": answer.get_data().decode("utf-8", "replace"),
        }
        with self._record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(whole, ensure_ascii=False) + "\n")


def _made_up(fault: Fault) -> Response:
    if fault.kind == "html200":
        return Response(_HTML, 200, content_type="text/html;charset=UTF-8")
    if fault.kind == "empty200":
        return Response(b"", 200, content_type="application/json")
    default = json.dumps({"errorMessages": [f"Stand-in fault {fault.status}"], "errors": {}})
    answer = Response(fault.body or default, fault.status, content_type="application/json")
    answer.headers.update(fault.headers)
    return answer


def _hung_up(environ: Environ) -> ConnectionError:
    connection: socket.socket | None = environ.get("site.socket")
    if connection is not None:  # in one process there is none: whoever called gets the error
        connection.shutdown(socket.SHUT_RDWR)
    return ConnectionAbortedError("a fault rule ended the connection")


def _half(data: bytes, environ: Environ) -> Iterator[bytes]:
    yield data[: len(data) // 2]
    raise _hung_up(environ)
