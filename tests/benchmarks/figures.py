"""What a benchmark measured, as a table for people and as JSON for comparisons."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Samples:
    """Repeated measurements of one thing, all in ``unit``."""

    what: str
    unit: str
    values: tuple[float, ...]
    target: str = ""

    def at(self, share: float) -> float:
        """The smallest value that at least this share of all is not above (nearest rank)."""
        ordered = sorted(self.values)
        return ordered[max(ceil(share * len(ordered)), 1) - 1]

    def row(self) -> tuple[str, ...]:
        values = (min(self.values), median(self.values), self.at(0.95), self.at(0.99), max(self.values))
        return (self.what, str(len(self.values)), *(f"{value:,.4g} {self.unit}" for value in values), self.target)


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure that is counted or measured once."""

    what: str
    value: float
    unit: str = ""
    target: str = ""

    def row(self) -> tuple[str, ...]:
        return (self.what, f"{self.value:,.6g} {self.unit}".strip(), self.target)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one benchmark found. ``setting``: what was measured, in words."""

    name: str
    setting: str
    samples: tuple[Samples, ...] = ()
    counted: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured, and what else the machine was doing: with other load, times say little."""

    processor: str
    cores: int
    python: str
    at: str
    load_before: float
    command: str

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores, Python {self.python}, {self.at}, "
            f"load of the last minute before: {self.load_before:.1f}\n  {self.command}"
        )


def this_machine() -> Machine:
    """As it is now, before anything was measured."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        python=platform.python_version(),
        at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        load_before=os.getloadavg()[0],
        command=" ".join(["python -m tests.benchmarks", *sys.argv[1:]]),
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def as_text(outcome: Outcome, machine: Machine) -> str:
    """Tables with aligned columns."""
    parts = [f"{outcome.name}: {outcome.setting}", f"  {machine}"]
    if outcome.samples:
        head = ("", "n", "min", "median", "p95", "p99", "max", "target")
        parts.append(_aligned([head, *(each.row() for each in outcome.samples)]))
    if outcome.counted:
        parts.append(_aligned([each.row() for each in outcome.counted]))
    return "\n".join(parts) + "\n"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_json(outcome: Outcome, machine: Machine) -> dict[str, object]:
    """Everything, with every single value."""
    return {**asdict(outcome), "machine": asdict(machine)}
