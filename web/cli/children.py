"""Child processes that never outlive us: own session, ended with their parent by the kernel, restarted with pauses."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# A child that ran this long has recovered: its next restart is quick again.
RECOVERED_AFTER_SECONDS = 60.0
STOP_WITHIN_SECONDS = 20.0

Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """One process to keep alive. ``last_signal`` is what the kernel sends it when we die without a word."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    last_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS

    def start(self) -> None:
        """Start it in a session of its own."""
        parent, last_signal = os.getpid(), self.last_signal
        self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(parent, last_signal),
        )
        self.started_at = time.monotonic()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def die_with_parent(parent: int, last_signal: int) -> None:
    """Have the kernel send this process ``last_signal`` when its parent, process ``parent``, ends (prctl(2))."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, last_signal, 0, 0, 0)
    # It may have ended before the kernel was told.
    if os.getppid() != parent:
        os._exit(1)


@dataclass(slots=True)
class Household:
    """All children of one ``okr up``."""

    say: Say
    children: list[Child] = field(default_factory=list)

    def add(self, child: Child) -> None:
        """Start a child and keep it alive from now on."""
        child.start()
        self.children.append(child)

    def look_after(self) -> None:
        """Start again what has ended, each after its pause. Call it a few times a second."""
        now = time.monotonic()
        for child in self.children:
            if child.running():
                continue
            if child.start_again_at == 0.0:
                self._plan_restart(child, now)
            elif now >= child.start_again_at:
                child.start_again_at = 0.0
                child.start()

    def _plan_restart(self, child: Child, now: float) -> None:
        code = child.process.returncode if child.process else 0
        if now - child.started_at > RECOVERED_AFTER_SECONDS:
            child.pause = FIRST_PAUSE_SECONDS
        self.say(f"{child.name} ended ({_how(code)}); starting it again in {child.pause:g} s")
        child.start_again_at = now + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE_SECONDS)

    def stop(self, within: float = STOP_WITHIN_SECONDS) -> None:
        """End all children, last started first: ask, wait until all are gone or the time is up, then kill."""
        running = [child for child in reversed(self.children) if child.running()]
        for child in running:
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + within
        while any(child.running() for child in running) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in running:
            if child.running():
                self.say(f"{child.name} did not end within {within:g} s and was killed")
            _signal(child, signal.SIGKILL)
            if child.process:
                child.process.wait(5)


def _signal(child: Child, number: signal.Signals) -> None:
    # The whole session: a child may have children of its own.
    if child.process is None:
        return
    try:
        os.killpg(child.process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _how(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"
