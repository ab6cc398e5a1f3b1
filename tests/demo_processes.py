"""The two processes of the demo, the stand-in site and the service, on ports that stay theirs, and ``okr``."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import requests

from tests.site.running import Site, start_site

ROOT = Path(__file__).resolve().parent.parent
OKR_SETTINGS = "okr.sh"
SERVICE_UP_WITHIN = 30.0
T = TypeVar("T")


class DemoFailed(Exception):
    """The demo cannot go on; the text says what happened and where to look."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The same at every run, because the service keeps the site's address and Jira keeps the service's."""

    site: int
    service: int


@dataclass(frozen=True, slots=True)
class Okr:
    """The running service, and the ``okr`` command with the same settings."""

    service: subprocess.Popen[bytes]
    environment: dict[str, str]

    def __call__(self, *words: str, token: str = "") -> str:
        """What the command printed. DemoFailed where it refuses."""
        more = {"OKR_TOKEN": token} if token else {}
        command = [sys.executable, "-m", "web.cli.main", *words]
        done = subprocess.run(
            command, cwd=ROOT, env={**self.environment, **more}, capture_output=True, text=True, timeout=300
        )
        if done.returncode:
            raise DemoFailed(f"`okr {' '.join(words)}` ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout


def ports_of(folder: Path) -> Ports:
    """Those of this folder's demo, made at its first start. DemoFailed where one is in use."""
    ports = kept_ports(folder)
    if ports is None:
        ports = Ports(site=_free_port(8401), service=_free_port(8400))
        _ports_file(folder).write_text(json.dumps({"site": ports.site, "service": ports.service}))
    port = port_in_use(ports)
    if port is not None:
        raise DemoFailed(
            f"port {port} is in use, perhaps by another demo. End that first; if it is something else, "
            f"remove the folder {folder.name}: then the demo begins afresh, on other ports."
        )
    return ports


def _ports_file(folder: Path) -> Path:
    return folder / "ports.json"


def kept_ports(folder: Path) -> Ports | None:
    """Those of the last demo in that folder."""
    kept = _ports_file(folder)
    return Ports(**json.loads(kept.read_text())) if kept.exists() else None


def port_in_use(ports: Ports | None) -> int | None:
    """One of these ports on which something listens; None where none does, or where there are none."""
    return next((port for port in (ports.site, ports.service) if not _is_free(port)), None) if ports else None


def _free_port(wanted: int) -> int:
    if _is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def site_at(folder: Path, ports: Ports) -> Iterator[Site]:
    """The stand-in site, with the data of that folder."""
    site = step(
        "Starting the stand-in Atlassian site (real issues, invented titles)",
        lambda: start_site(folder, port=ports.site, retry_scale=0.1),
    )
    try:
        yield site
    finally:
        site.stop()


@contextmanager
def service_at(folder: Path, ports: Ports, site: Site) -> Iterator[Okr]:
    """The service, with the data of that folder; its log is ``service.log`` there."""
    settings = {
        "OKR_DATA_DIR": str(folder / "data"),
        "OKR_PORT": str(ports.service),
        "OKR_ALLOW_PRIVATE_SITES": "true",
        "OKR_GATEWAY_URL": site.url,
        # A page in the demo has no watchers to spare.
        "OKR_WRITE_BUCKET": "1000",
        "OKR_WRITE_REFILL_MINUTES": "0.1",
        "OKR_POLL_SECONDS": "10",
    }
    _write_settings(folder, settings)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OKR_")} | settings
    log = (folder / "service.log").open("wb")
    command = [sys.executable, "-m", "web.cli.main", "up"]
    service = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        step("Starting the service", lambda: _wait_until_up(service, ports, folder))
        yield Okr(service, environment)
    finally:
        service.terminate()
        try:
            service.wait(30)
        except subprocess.TimeoutExpired:
            service.kill()
        log.close()


def _write_settings(folder: Path, settings: dict[str, str]) -> None:
    """What a shell reads so that ``okr`` there speaks to the demo."""
    path = f"{Path(sys.executable).parent}:$PATH"
    lines = [f"export {name}={shlex.quote(value)}" for name, value in settings.items()]
    (folder / OKR_SETTINGS).write_text("\n".join([*lines, f'export PATH="{path}"', ""]))


def _wait_until_up(service: subprocess.Popen[bytes], ports: Ports, folder: Path) -> None:
    deadline = time.monotonic() + SERVICE_UP_WITHIN
    while time.monotonic() < deadline and service.poll() is None:
        try:
            if requests.get(f"http://127.0.0.1:{ports.service}/readyz", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise DemoFailed(f"the service did not come up; its log is {folder / 'service.log'}")


def step(what: str, act: Callable[[], T]) -> T:
    """Do it, and say what it was and how long it took."""
    print(f"{what} … ", end="", flush=True)
    began = time.monotonic()
    try:
        result = act()
    except BaseException:
        print("failed" if sys.exc_info()[0] is not KeyboardInterrupt else "")
        raise
    print(f"{time.monotonic() - began:.1f} s")
    return result
