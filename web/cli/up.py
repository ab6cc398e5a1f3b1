"""``okr up``: everything on one machine, looked after until told to stop: Redis if there is one, web, workers."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType

from connector.settings import Settings
from web.cli.children import Child, Household
from web.cli.folder_lock import hold_folder
from web.cli.redis_child import find_redis

LOOK_SECONDS = 0.2


class PortInUse(Exception):
    """Another program listens where the web service should."""


def run_everything(settings: Settings, prepare: Callable[[], None], say: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT. ``prepare`` migrates the database and makes keys; it runs once the folder is ours.

    Raises FolderInUse and PortInUse before anything was started.
    """
    with hold_folder(settings.data_dir):
        check_port(settings.host, settings.port)
        prepare()
        household = Household(say)
        stop = _stop_when_asked()
        try:
            environment = _start_redis(settings, household, say)
            household.add(_child("web service", "web", environment, signal.SIGKILL))
            for number in range(1, settings.workers + 1):
                household.add(_child(f"worker {number}", "worker", environment))
            say(f"OKR Connector is at {settings.public_url}  (Ctrl-C ends it)")
            while not stop():
                household.look_after()
                time.sleep(LOOK_SECONDS)
        finally:
            household.stop()


def check_port(host: str, port: int) -> None:
    """Raises PortInUse where the port cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} on {host} cannot be used ({error.strerror}). "
                "Stop what listens there, or choose another with OKR_PORT."
            ) from None


def _start_redis(settings: Settings, household: Household, say: Callable[[str], None]) -> dict[str, str]:
    environment = dict(os.environ)
    if settings.redis_url.get_secret_value():
        return environment
    settings.redis_socket.unlink(missing_ok=True)  # of one that was killed; the folder is ours alone
    found = find_redis(settings.data_dir, settings.redis_socket)
    if found is None:
        say("No Redis on this machine: workers look for work twice a second by themselves. Nothing is lost by that.")
        return environment
    household.add(Child("Redis", found.command, environment))
    environment["OKR_REDIS_URL"] = found.url
    return environment


def _child(name: str, command: str, environment: dict[str, str], last_signal: signal.Signals = signal.SIGTERM) -> Child:
    return Child(name, (sys.executable, "-m", "web.cli.main", command), environment, last_signal)


def _stop_when_asked() -> Callable[[], bool]:
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, note)
    return lambda: bool(asked)
