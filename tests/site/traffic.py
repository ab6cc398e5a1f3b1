"""All requests pass here: faults are applied, calls to the interfaces are logged."""

import json
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Response
from werkzeug.test import run_wsgi_app

from tests.site.faults import Fault, FaultPlan, made_up, spoilt
from tests.site.hand import BY_HAND
from tests.site.points import Points
from tests.site.store import Document

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

_API = re.compile(r"^(/ex/(jira|confluence)/[^/]+)?/(rest|wiki/api|wiki/rest)/|^/_edge/")
_MOST_LOGGED = 50_000


class Traffic:
    """In front of everything: reads each request whole, counts points, applies faults, keeps a log of calls."""

    def __init__(
        self, inner: Wsgi, record: Path | None, now: Callable[[], datetime], sleep: Callable[[float], None]
    ) -> None:
        """With `record`, each call is also appended to that file as a line of JSON, with bodies."""
        self._inner = inner
        self._record = record
        self._now = now
        self._sleep = sleep
        self.points = Points(now)
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._plan: FaultPlan | None = None
        self._planned = 0
        self._calls: deque[Document] = deque(maxlen=_MOST_LOGGED)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        environ["site.caller"] = {}  # whoever checks the credentials writes the account in here
        path = environ["PATH_INFO"]
        if not _API.match(path):
            return self._inner(environ, start_response)
        began = self._now()
        by_hand = BY_HAND in environ
        refused = None if by_hand else self.points.refusal(path)
        fault = None if refused else self._fault(environ["REQUEST_METHOD"], path, body, by_hand)
        answer = refused or self._answer(fault, environ, body)
        if not by_hand and not refused:
            self.points.charge(environ["REQUEST_METHOD"], path, answer)
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

    def plan_faults(self, plan: FaultPlan | None) -> None:
        """From now on this plan beside the rules, counted from its first call; None ends it.

        It spoils nothing that a test's own hand asks for (header `X-Site-Hand`).
        """
        with self._lock:
            self._plan, self._planned = plan, 0

    def _fault(self, method: str, path: str, body: bytes, by_hand: bool) -> Fault | None:
        with self._lock:
            ruled = next((fault for fault in self._faults if fault.takes(method, path, body)), None)
            if ruled or by_hand or self._plan is None:
                return ruled
            self._planned += 1
            return self._plan.fault(self._planned, method, path)

    def _answer(self, fault: Fault | None, environ: Environ, body: bytes) -> Response:
        if fault and fault.kind == "slow":
            self._sleep(fault.seconds)
        instead = made_up(fault, environ["PATH_INFO"], self._now()) if fault else None
        if instead is not None:
            return instead
        chunks, status, headers = run_wsgi_app(self._inner, environ, buffered=True)
        answer = Response(b"".join(chunks), status, headers)
        return spoilt(fault, answer, body) if fault else answer

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
            "at": self._now().isoformat(),
            "method": environ["REQUEST_METHOD"],
            "path": path,
            "query": environ.get("QUERY_STRING", ""),
            "status": answer.status_code,
            "account": environ["site.caller"].get("account"),
            "request_bytes": len(body),
            "answer_bytes": len(answer.get_data()),
            "seconds": round(seconds, 4),
            "fault": fault.name if fault else None,
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


def _hung_up(environ: Environ) -> ConnectionError:
    connection: socket.socket | None = environ.get("site.socket")
    if connection is not None:  # in one process there is none: whoever called gets the error
        connection.shutdown(socket.SHUT_RDWR)
    return ConnectionAbortedError("a fault rule ended the connection")


def _half(data: bytes, environ: Environ) -> Iterator[bytes]:
    yield data[: len(data) // 2]
    raise _hung_up(environ)
