"""The service as real processes in a folder of their own, and what they use of the machine."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.site.roster import SYNC
from tests.site.running import Site

ROOT = Path(__file__).parents[2]
UP_WITHIN_SECONDS = 60.0
COMMAND_WITHIN_SECONDS = 1800.0
_KILOBYTES = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


@dataclass(slots=True)
class Running:
    """One process of the service."""

    process: subprocess.Popen[bytes]

    def peak_megabytes(self) -> float:
        """The most memory that it ever held (resident, /proc/<pid>/status VmHWM), in 10⁶ bytes."""
        found = _KILOBYTES.search(Path(f"/proc/{self.process.pid}/status").read_text())
        assert found is not None
        return int(found.group(1)) * 1024 / 1e6

    def processor_seconds(self) -> float:
        """User and system time so far, its own and that of the processes that it started and that still run."""
        return sum(_ticks(pid) for pid in (self.process.pid, *_children(self.process.pid))) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        """Ask it to end and wait."""
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """SIGKILL, as a failing machine would."""
        self.process.kill()
        self.process.wait()


@dataclass(slots=True)
class Service:
    """The service's settings and folder; nothing runs until it is started."""

    folder: Path
    site: Site
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: _free_port())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'data' / 'okr.sqlite3'}"

    def okr(self, *words: str, token: str = "") -> str:
        """Run a command to its end and return what it says."""
        environment = {**self._environment(), **({"OKR_TOKEN": token} if token else {})}
        command = [sys.executable, "-m", "web.cli.main", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=COMMAND_WITHIN_SECONDS
        )
        if done.returncode:
            raise RuntimeError(f"okr {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextmanager
    def running(self, *words: str, redis_url: str = "") -> Iterator[Running]:
        """``okr up``, ``okr web`` or ``okr worker`` for the length of the block."""
        more = {"OKR_REDIS_URL": redis_url} if redis_url else {}
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "web.cli.main", *words],
                cwd=ROOT,
                env={**self._environment(), **more},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        made = Running(process)
        try:
            yield made
        finally:
            made.end()

    def connect(self) -> None:
        """Connect the stand-in site."""
        self.okr("connect", self.site.url, "--email", SYNC.email, token=SYNC.classic_tokens[0])

    def webhook(self) -> tuple[str, str]:
        """The address and the secret that an administrator gives to Jira."""
        said = self.okr("webhook", "show")
        address, secret = re.search(r"http\S+/webhooks/jira/\d+", said), re.search(r"Secret\s+(\S+)", said)
        assert address is not None
        assert secret is not None
        return address.group(), secret.group(1)

    def wait_until_up(self) -> None:
        wait_for(self._answers, UP_WITHIN_SECONDS, "the service did not come up")

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def _environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("OKR_")},
            "OKR_DATA_DIR": str(self.folder / "data"),
            "OKR_PORT": str(self.port),
            "OKR_ALLOW_PRIVATE_SITES": "true",
            "OKR_GATEWAY_URL": self.site.url,
            **self.settings,
        }


def wait_for(holds: Callable[[], bool], seconds: float, otherwise: str, every: float = 0.05) -> float:
    """Wait until it holds; returns how long that took. TimeoutError with the text after ``seconds``."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{otherwise} (within {seconds:g} s)")
        time.sleep(every)
    return time.monotonic() - began


def _ticks(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
