"""``okr web``: the pages and the webhook door under gunicorn, one process with threads.

One process, because SQLite allows one writer: within a process a fair lock orders them, across processes SQLite lets
them wait in no order (``docs/decisions/0004-one-web-process.md``). Run it more than once for more.
"""

from __future__ import annotations

import signal
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from connector.settings import Settings
from sync.collector import fit_collector
from sync.wiring import build
from web.app import create_app
from web.cli.children import die_with_parent
from web.cli.slow_callers import ImpatientWorker


class WebServer(BaseApplication):
    """Gunicorn with our settings; the app is made in the worker process, so that nothing open crosses the fork."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        choices: dict[str, Any] = {
            "bind": f"{host}:{self._settings.port}",
            "workers": 1,
            "threads": self._settings.web_threads,
            "worker_class": ImpatientWorker,
            "timeout": 60,
            "graceful_timeout": 10,
            "keepalive": 15,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_fork": _end_with_arbiter,
        }
        cfg: Any = self.cfg
        for name, value in choices.items():
            cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app(build(self._settings))
        fit_collector()
        return app


def _end_with_arbiter(arbiter: Any, _worker: Any) -> None:
    # Else it would hold the port for a moment after the arbiter was killed, and a new start would find it in use.
    die_with_parent(arbiter.pid, signal.SIGKILL)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM."""
    WebServer(settings).run()  # type: ignore[no-untyped-call]
