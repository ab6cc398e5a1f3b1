"""What tests may do to the site beside its interfaces: faults, the log of requests, permissions, a slow index."""

import json
import re
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.test import run_wsgi_app

from tests.site.accounts import Accounts
from tests.site.store import Document, Store
from tests.site.world import World

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

    def __init__(self, inner: Wsgi, record: Path | None) -> None:
        """With `record`, each call is also appended to that file as a line of JSON, with bodies."""
        self._inner = inner
        self._record = record
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
        began = time.monotonic()
        fault = self._fault(environ["REQUEST_METHOD"], path)
        answer = self._answer(fault, environ)
        self._log(environ, path, body, answer, fault, time.monotonic() - began)
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
            time.sleep(fault.seconds)
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
    connection: socket.socket = environ["site.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return ConnectionAbortedError("a fault rule ended the connection")


def _half(data: bytes, environ: Environ) -> Iterator[bytes]:
    yield data[: len(data) // 2]
    raise _hung_up(environ)


def register(app: Flask, traffic: Traffic, store: Store, accounts: Accounts, world: World) -> None:
    """Add the routes below `/_site/`; they need no credentials, the site listens on this machine only."""
    _register_faults(app, traffic)
    _register_requests(app, traffic)
    _register_state(app, store)
    _register_changes(app, store, accounts, world)
    _register_projects(app, store, world)


def _register_faults(app: Flask, traffic: Traffic) -> None:
    @app.post("/_site/faults")
    def add_faults() -> Any:
        sent = request.get_json(force=True)
        try:
            rules = [Fault(**rule) for rule in (sent if isinstance(sent, list) else [sent])]
        except (TypeError, ValueError, re.error) as error:
            return jsonify({"error": str(error)}), 400
        return jsonify({"rules": traffic.add_faults(rules)})

    @app.delete("/_site/faults")
    def clear_faults() -> Any:
        traffic.clear_faults()
        return "", 204


def _register_requests(app: Flask, traffic: Traffic) -> None:
    @app.get("/_site/requests")
    def requests() -> Response:
        calls = traffic.calls()
        counts = Counter(f"{call['method']} {_shape(call['path'])}" for call in calls)
        return jsonify({"total": len(calls), "counts": dict(counts.most_common()), "requests": calls})

    @app.delete("/_site/requests")
    def forget_requests() -> Any:
        traffic.forget_calls()
        return "", 204


def _shape(path: str) -> str:
    """A path with ids and keys replaced, so that calls of one kind are counted together."""
    below = re.sub(r"^/ex/(jira|confluence)/[^/]+", r"/ex/\1", path)
    return re.sub(r"(?<!api)/(\d+|[A-Z][A-Z0-9]*-\d+)(?=/|$)", "/{id}", below)


def _register_state(app: Flask, store: Store) -> None:
    @app.get("/_site/state")
    def state() -> Response:
        with store.lock:
            sizes = {name: len(store.all(name)) for name in ("projects", "issues", "spaces", "pages", "webhooks")}
            deliveries = Counter(delivery["state"] for delivery in store.all("deliveries").values())
            accounts = [{"id": key, "name": value["display_name"]} for key, value in store.all("accounts").items()]
            meta = dict(store.all("meta").get("site", {}))
            return jsonify({**meta, **sizes, "deliveries": dict(deliveries), "accounts": accounts})

    @app.get("/_site/webhooks")
    def deliveries() -> Response:
        with store.lock:
            return jsonify(list(store.all("deliveries").values()))


def _register_changes(app: Flask, store: Store, accounts: Accounts, world: World) -> None:
    @app.post("/_site/search-lag")
    def search_lag() -> Any:
        with store.lock:
            world.search_lag = timedelta(seconds=float(request.get_json(force=True)["seconds"]))
        return "", 204

    @app.patch("/_site/accounts/<account_id>")
    def change_account(account_id: str) -> Any:
        with store.lock:
            try:
                accounts.change(account_id, **request.get_json(force=True))
            except (KeyError, TypeError) as error:
                return jsonify({"error": str(error)}), 400
        return "", 204

    @app.post("/_site/issues/<key>/move")
    def move(key: str) -> Any:
        with store.lock:
            issue = world.find(key)
            if issue is None:
                return jsonify({"error": f"no issue {key}"}), 404
            world.move(issue, request.get_json(force=True)["project"], accounts.people()[0])
            return jsonify({"key": issue["key"]})


def _register_projects(app: Flask, store: Store, world: World) -> None:
    @app.post("/_site/projects/<key>/rename")
    def rename(key: str) -> Any:
        with store.lock:
            if key not in world.projects:
                return jsonify({"error": f"no project {key}"}), 404
            world.rename_project(key, request.get_json(force=True)["key"])
        return "", 204

    @app.delete("/_site/projects/<key>")
    def remove(key: str) -> Any:
        with store.lock:
            if key not in world.projects:
                return jsonify({"error": f"no project {key}"}), 404
            world.remove_project(key)
        return "", 204
