"""What may notice a bug: the campaign, the simulation, the model led along the code, and last the integration tests."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.processor_time import Ended, run_within

_PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header", "--tb=line")
# These kill processes of their own, or play shares of the campaign and the simulation, which were asked already.
_ASKED_ALREADY = ("test_campaign_share.py", "test_simulation_share.py", "test_kill.py")


@dataclass(frozen=True, slots=True)
class Finding:
    """``why``: the assertion that failed; empty where nothing was noticed. ``is_decided``: False where the time ran
    out before the end."""

    detector: str
    why: str
    seconds: float
    is_decided: bool = True


@dataclass(frozen=True, slots=True)
class Detector:
    """``arguments`` are those of a Python. ``broken``: what a line of its output says that names a broken law."""

    name: str
    arguments: tuple[str, ...]
    broken: re.Pattern[str]
    is_enough: Callable[[Sequence[str]], bool]

    def look(self, tree: Path, seconds: float) -> Finding:
        """Run it in the tree, for so much processor time at most."""
        environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "0"}
        command = ("nice", "-n", "10", sys.executable, *self.arguments)
        ended = run_within(seconds, command, folder=tree, environment=environment, is_enough=self.is_enough)
        return self._finding(ended)

    def _finding(self, ended: Ended) -> Finding:
        broken = [found[1] for line in ended.lines if (found := self.broken.search(line))]
        if broken:
            return Finding(self.name, "; ".join(dict.fromkeys(broken)), ended.seconds)
        if ended.is_out_of_time or ended.status == 0:
            return Finding(self.name, "", ended.seconds, is_decided=not ended.is_out_of_time)
        last = next((line.strip() for line in reversed(ended.lines) if line.strip()), f"status {ended.status}")
        return Finding(self.name, f"it broke off: {last[:200]}", ended.seconds)


def _campaign(name: str, cases: int, seed: int) -> Detector:
    arguments = ("-m", f"tests.{name}", "--cases", str(cases), "--seed", str(seed), "--processes", "1")
    return Detector(name, arguments, re.compile(r"^\d+ (?:cases|histories) broke (.+)"), _has_told_laws)


def _has_told_laws(lines: Sequence[str]) -> bool:
    """The laws stand together; what follows is the search for shorter stories, which takes long."""
    broken = [index for index, line in enumerate(lines) if " broke " in line and line[:1].isdigit()]
    return bool(broken) and len(lines) > broken[-1] + 1


def _tests(name: str, *paths: str, left_out: Sequence[str] = ()) -> Detector:
    ignored = (part for path in left_out for part in ("--ignore-glob", f"*/{path}"))
    return Detector(name, (*_PYTEST, *paths, *ignored), re.compile(r"^(?:FAILED|ERROR) (\S+)"), lambda _: False)


# First a few of each, since most bugs show at once; then more.
DETECTORS = (
    _campaign("campaign", 4, 71),
    _campaign("simulation", 1, 71),
    _campaign("campaign", 12, 72),
    _campaign("simulation", 3, 72),
    _campaign("campaign", 30, 73),
    _campaign("simulation", 5, 73),
    _tests("model", "tests/model/test_follows_the_code.py"),
    _tests("integration", "tests/integration", left_out=_ASKED_ALREADY),
)
