"""A command within a bound of processor time, whatever else the machine does; its output, line by line, as it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

LOOK_SECONDS = 0.5
# The machine may be busy with others, and a command may wait for something: so often its processor time may pass.
MOST_WAITING = 10
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Ended:
    """``status``: the command's own; None where it was stopped, because of its time or because enough was known."""

    status: int | None
    lines: tuple[str, ...]
    seconds: float
    is_out_of_time: bool = False


def run_within(
    seconds: float,
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    is_enough: Callable[[Sequence[str]], bool],
) -> Ended:
    """``is_enough`` is asked after each line. The command and all that it started in its group are gone afterwards."""
    process = subprocess.Popen(
        command, cwd=folder, env=dict(environment), text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    written: SimpleQueue[str] = SimpleQueue()
    reader = Thread(target=_read, args=(process, written), daemon=True)
    reader.start()
    try:
        return _watched(process, reader, written, seconds, is_enough)
    finally:
        _stop(process)
        reader.join(5)
        if process.stdout is not None:
            process.stdout.close()


def _watched(
    process: subprocess.Popen[str],
    reader: Thread,
    written: SimpleQueue[str],
    seconds: float,
    is_enough: Callable[[Sequence[str]], bool],
) -> Ended:
    lines: list[str] = []
    used: dict[int, float] = {}
    give_up_at = time.monotonic() + seconds * MOST_WAITING
    while True:
        used |= _used_by_group(process.pid)
        is_over = not reader.is_alive() and written.empty()
        lines += _taken(written)
        spent = sum(used.values())
        if is_enough(lines):
            return Ended(None, tuple(lines), spent)
        if is_over:
            return Ended(process.wait(5), tuple(lines), spent)
        if spent > seconds or time.monotonic() > give_up_at:
            return Ended(None, tuple(lines), spent, is_out_of_time=True)
        reader.join(LOOK_SECONDS)


def _read(process: subprocess.Popen[str], written: SimpleQueue[str]) -> None:
    for line in process.stdout or ():
        written.put(line.rstrip("\n"))


def _taken(written: SimpleQueue[str]) -> list[str]:
    lines: list[str] = []
    try:
        while True:
            lines.append(written.get_nowait())
    except Empty:
        return lines


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
