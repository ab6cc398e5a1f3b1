"""Which detector and which assertion caught which bug, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.mutants.bugs import Bug
from tests.mutants.detectors import Finding

UNDECIDED = "nothing can be said"
MOST_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Outcome:
    """``findings`` in the order in which the detectors were asked; ``trouble``: why nothing can be said."""

    bug: Bug
    findings: tuple[Finding, ...] = ()
    trouble: str = ""

    @property
    def catch(self) -> Finding | None:
        return next((finding for finding in self.findings if finding.why), None)

    @property
    def seconds(self) -> float:
        return sum(finding.seconds for finding in self.findings)


def line_of(outcome: Outcome) -> str:
    """One line for who watches."""
    if outcome.trouble:
        return f"{outcome.bug.name}: {UNDECIDED}: {outcome.trouble}"
    catch = outcome.catch
    said = f"{catch.detector}: {catch.why[:MOST_SHOWN]}" if catch else f"NOT CAUGHT by {_asked(outcome)}"
    return f"{outcome.bug.name} [{outcome.bug.mode}] {outcome.seconds:.0f} s: {said}"


def as_markdown(outcomes: Sequence[Outcome]) -> str:
    """The table of all, and how many each detector caught."""
    caught = Counter(outcome.catch.detector for outcome in outcomes if outcome.catch)
    missed = [outcome for outcome in outcomes if not outcome.catch]
    counts = ", ".join(f"{number} by the {name}" for name, number in caught.most_common())
    lines = [f"{caught.total()} of {len(outcomes)} caught ({counts or 'none'}); {len(missed)} not caught.", ""]
    lines += [
        "| bug | mode | what it breaks | caught by | assertion | processor s |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(outcome) for outcome in outcomes]
    return "\n".join(lines) + "\n"


def _row(outcome: Outcome) -> str:
    catch = outcome.catch
    by = catch.detector if catch else f"**not caught** ({outcome.trouble or _asked(outcome)})"
    why = catch.why[:MOST_SHOWN] if catch else ""
    cells = (outcome.bug.name, outcome.bug.mode, outcome.bug.breaks, by, why, f"{outcome.seconds:.0f}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _asked(outcome: Outcome) -> str:
    asked = dict.fromkeys(finding.detector for finding in outcome.findings)
    undecided = {finding.detector for finding in outcome.findings if not finding.is_decided}
    return ", ".join(f"{name}, cut short" if name in undecided else name for name in asked)
