"""Processes of the product: born in a nursery, killed, stopped, let go on, and waited for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.gate import Gate

ROOT = Path(__file__).parents[2]
COMMAND_WITHIN = 120.0


class NotInTime(AssertionError):
    """What had to happen did not."""


def wait_until(holds: Callable[[], object], seconds: float, otherwise: str, every: float = 0.01) -> None:
    """NotInTime with the text after so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise NotInTime(f"{otherwise} (within {seconds:g} s)")
        time.sleep(every)


@dataclass
class Nursery:
    """``version`` says whose code it has loaded."""

    process: subprocess.Popen[str]
    version: str

    def bear(self, words: tuple[str, ...], environment: Mapping[str, str], log: Path, code: Path) -> int:
        """The number of a new process, which leads a group of that number."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        wanted = {"words": words, "environment": dict(environment), "log": str(log), "code": str(code)}
        self.process.stdin.write(json.dumps(wanted) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def nursery(tree: Path, version: str) -> Iterator[Nursery]:
    """One that has loaded the product of this tree."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OKR_")}
    command = [sys.executable, str(Path(__file__).with_name("nursery.py"))]
    process = subprocess.Popen(
        command, cwd=tree, env=kept | {"PYTHONPATH": str(tree)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise NotInTime("the product could not be loaded")
        yield Nursery(process, version)
    finally:
        process.kill()
        process.wait(10)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


@dataclass
class Member:
    """One process of the house, again and again with the same environment. ``code``: where its exit code goes."""

    words: tuple[str, ...]
    environment: dict[str, str]
    gate: Gate
    nursery: Nursery
    log: Path
    code: Path

    def start(self) -> None:
        self.code.unlink(missing_ok=True)
        self.gate.group = self.nursery.bear(self.words, self.environment, self.log, self.code)

    @property
    def runs(self) -> bool:
        """Whether anything of its group is left."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.gate.group, 0)
            return self.gate.group > 0
        return False

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if self.gate.group:
                os.killpg(self.gate.group, number)

    def kill(self) -> None:
        """SIGKILL, and wait until nothing of it is left."""
        self.signal(signal.SIGKILL)
        wait_until(lambda: not self.runs, 20, f"{self.words} was killed and is still there")

    def ends_with(self, within: float = COMMAND_WITHIN) -> int | None:
        """Its exit code once it has ended; None where it was killed."""
        wait_until(lambda: not self.runs, within, f"okr {' '.join(self.words)} does not end")
        return int(self.code.read_text()) if self.code.exists() else None
