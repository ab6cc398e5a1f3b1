"""What may notice a bug: the campaign, the simulation, the model led along the code, and last the nearest tests."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.bugs import Bug
from tests.mutants.nearest import nearest_tests
from tests.mutants.processor_time import Ended, run_within

# On SQLite alone, like the campaign and the simulation; else a test that runs on both databases takes twice as long.
_PYTEST = (
    "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "tests.mutants.first_example",
    "--no-header", "--tb=line", "-m", "not postgres",
)  # fmt: skip

# The cases that are played are told by their numbers.
MILLION = "71"
# For a test that failed once more, alone; seconds.
MOST_AGAIN = 120


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
    """``share``: of the time that is left when its turn comes. ``arguments``: those of a Python, for this bug in the
    tree. ``broken``: a line of its output that names the law which was broken."""

    name: str
    share: float
    arguments: Callable[[Path, Bug], Sequence[str]]
    broken: re.Pattern[str]

    def look(self, tree: Path, bug: Bug, seconds: float) -> Finding:
        """Run it in the tree, with so much processor time left for it and all that come after it."""
        return self._finding(_run(tree, self.arguments(tree, bug), seconds * self.share))

    def _finding(self, ended: Ended) -> Finding:
        broken = [found[1] for line in ended.lines if (found := self.broken.search(line))]
        if broken:
            return Finding(self.name, "; ".join(dict.fromkeys(broken)), ended.seconds)
        if ended.is_out_of_time or ended.status == 0:
            return Finding(self.name, "", ended.seconds, is_decided=not ended.is_out_of_time)
        last = next((line.strip() for line in reversed(ended.lines) if line.strip()), f"status {ended.status}")
        return Finding(self.name, f"it broke off: {last[:200]}", ended.seconds)


def fails_anyway(tree: Path, finding: Finding) -> bool:
    """Whether a test that failed fails in this tree as well, which has no bug; then it says nothing about any."""
    tests = dict.fromkeys(why.partition("[")[0] for why in finding.why.split("; ") if why.startswith("tests/"))
    return bool(tests) and _run(tree, (*_PYTEST, *tests), MOST_AGAIN).status != 0


def _run(tree: Path, arguments: Sequence[str], seconds: float) -> Ended:
    command = ("nice", "-n", "10", sys.executable, *arguments)
    return run_within(seconds, command, folder=tree, environment=_environment(tree))


def _environment(tree: Path) -> dict[str, str]:
    """What Python compiles is kept in the tree: else half of what a short look takes is compiling."""
    ours = {"PYTHONPATH": str(tree), "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": ""}
    return os.environ | ours


def _campaign(name: str, share: float) -> Detector:
    arguments = ("-m", "tests.mutants.first_failure", name, MILLION)
    return Detector(name, share, lambda *_: arguments, re.compile(r"^BROKEN (.+)"))


def _tests(name: str, share: float, files: Callable[[Path, Bug], Sequence[str]]) -> Detector:
    return Detector(
        name, share, lambda *of: (*_PYTEST, *files(*of)), re.compile(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$")
    )


DETECTORS = (
    _campaign("campaign", 0.3),
    _campaign("simulation", 0.42),
    _tests("model", 0.35, lambda *_: ["tests/model/test_follows_the_code.py"]),
    _tests("tests", 1, nearest_tests),
)
