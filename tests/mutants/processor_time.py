"""A command within a bound of processor time, whatever else the machine does, and what it said."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

LOOK_SECONDS = 0.5
# The machine may be busy with others, and a command may wait for something: so often its processor time may pass.
MOST_WAITING = 10
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Ended:
    """``status``: the command's own; None where it was stopped because its time was over."""

    status: int | None
    lines: tuple[str, ...]
    seconds: float

    @property
    def is_out_of_time(self) -> bool:
        return self.status is None


def run_within(seconds: float, command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> Ended:
    """The command and all that it started in its group are gone afterwards."""
    process = subprocess.Popen(
        command, cwd=folder, env=dict(environment), text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    lines: list[str] = []
    reader = Thread(target=_read, args=(process, lines), daemon=True)
    reader.start()
    try:
        status, used = _watched(process, reader, seconds)
    finally:
        _stop(process)
        reader.join(5)
        if process.stdout is not None:
            process.stdout.close()
    return Ended(status, tuple(lines), used)


def _watched(process: subprocess.Popen[str], reader: Thread, seconds: float) -> tuple[int | None, float]:
    used: dict[int, float] = {}
    give_up_at = time.monotonic() + seconds * MOST_WAITING
    while sum(used.values()) <= seconds and time.monotonic() < give_up_at:
        used |= _used_by_group(process.pid)
        if not reader.is_alive():
            return process.wait(5), sum(used.values())
        reader.join(LOOK_SECONDS)
    return None, sum(used.values())


def _read(process: subprocess.Popen[str], lines: list[str]) -> None:
    lines.extend(line.rstrip("\n") for line in process.stdout or ())


def _used_by_group(group: int) -> dict[int, float]:
    """Seconds of each process that there is now."""
    found: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        # Behind the name, which may hold spaces: state, parent, group, …, user time, system time.
        fields = text[text.rindex(")") + 2 :].split()
        if int(fields[2]) == group:
            found[int(stat.parent.name)] = (int(fields[11]) + int(fields[12])) / _TICKS
    return found


def _stop(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
