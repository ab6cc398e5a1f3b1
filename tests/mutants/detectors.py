"""What may notice a bug: the campaign, the simulation, the model led along the code, and last the integration tests."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.processor_time import Ended, run_within

_PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header", "--tb=line")
# These kill processes of their own, or play shares of the campaign and the simulation, which were asked already.
_ASKED_ALREADY = ("test_campaign_share.py", "test_simulation_share.py", "test_kill.py")


# The cases that are played are told by their numbers.
MILLION = "71"


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
    """``share``: of the time that is left when its turn comes. ``arguments`` are those of a Python. ``broken``: a line
    of its output that names the law which was broken."""

    name: str
    share: float
    arguments: tuple[str, ...]
    broken: re.Pattern[str]

    def look(self, tree: Path, seconds: float) -> Finding:
        """Run it in the tree, with so much processor time left for it and all that come after it."""
        environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONUNBUFFERED": "1", "PYTHONHASHSEED": "0"}
        command = ("nice", "-n", "10", sys.executable, *self.arguments)
        ended = run_within(seconds * self.share, command, folder=tree, environment=environment)
        return self._finding(ended)

    def _finding(self, ended: Ended) -> Finding:
        broken = [found[1] for line in ended.lines if (found := self.broken.search(line))]
        if broken:
            return Finding(self.name, "; ".join(dict.fromkeys(broken)), ended.seconds)
        if ended.is_out_of_time or ended.status == 0:
            return Finding(self.name, "", ended.seconds, is_decided=not ended.is_out_of_time)
        last = next((line.strip() for line in reversed(ended.lines) if line.strip()), f"status {ended.status}")
        return Finding(self.name, f"it broke off: {last[:200]}", ended.seconds)


def _campaign(name: str, share: float) -> Detector:
    arguments = ("-m", "tests.mutants.first_failure", name, MILLION)
    return Detector(name, share, arguments, re.compile(r"^BROKEN (.+)"))


def _tests(name: str, share: float, *paths: str, left_out: Sequence[str] = ()) -> Detector:
    ignored = (part for path in left_out for part in ("--ignore-glob", f"*/{path}"))
    return Detector(name, share, (*_PYTEST, *paths, *ignored), re.compile(r"^(?:FAILED|ERROR) (\S+)"))


DETECTORS = (
    _campaign("campaign", 0.3),
    _campaign("simulation", 0.6),
    _tests("model", 0.8, "tests/model/test_follows_the_code.py"),
    _tests("integration", 1, "tests/integration", left_out=_ASKED_ALREADY),
)
