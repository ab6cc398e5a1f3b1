"""Plant one bug after another and say what notices it: ``python -m tests.mutants [--only NAME] [--seconds 120]``.

First the detectors look at the project as it is: what cries there says nothing about any bug. 0 where nothing was
noticed in that, every bug fits the code, and every bug was caught.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutants.bugs import Bug, DoesNotFit, load_bugs
from tests.mutants.detectors import DETECTORS, Detector, Finding, fails_anyway
from tests.mutants.record import note, noted
from tests.mutants.report import Outcome, as_markdown, line_of
from tests.mutants.tree import copied_project, planted, state_of

NO_BUG = Bug("nothing", "", "", ())


def main() -> int:
    options = _options()
    # Else what was started would outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    bugs = [bug for bug in load_bugs() if not options.only or bug.name in options.only or bug.group in options.only]
    if options.list:
        print("\n".join(f"{bug.group:9} {bug.mode:8} {bug.name}: {bug.breaks}" for bug in bugs))
        return 0
    chosen = [each for each in DETECTORS if not options.detector or each.name in options.detector]
    outcomes: list[Outcome] = []
    with copied_project() as tree:
        state = f"{state_of(tree)} {options.seconds} {' '.join(each.name for each in chosen)}"
        if not options.without_proof and not _is_quiet(tree, chosen, options.seconds):
            return 2
        for outcome in _outcomes(tree, bugs, chosen, options, state):
            outcomes.append(outcome)
            print(line_of(outcome), flush=True)
            if options.write:
                options.write.write_text(as_markdown(outcomes), "utf-8")
    print(as_markdown(outcomes).partition("\n")[0])
    return 0 if outcomes and all(outcome.catch for outcome in outcomes) else 1


def _outcomes(
    tree: Path, bugs: Sequence[Bug], detectors: list[Detector], options: argparse.Namespace, state: str
) -> Iterator[Outcome]:
    """Bug by bug; what was noted in the same state is not looked for again."""
    known = noted(options.record, state, bugs) if options.record else {}
    for bug in bugs:
        if bug.name in known:
            yield known[bug.name]
            continue
        outcome = _look_for(tree, bug, detectors, options.seconds)
        if options.record:
            note(options.record, state, outcome)
        yield outcome


def _is_quiet(tree: Path, detectors: list[Detector], seconds: float) -> bool:
    """Whether no detector cries where there is no bug."""
    cries = [finding for finding in _asked(tree, NO_BUG, detectors, seconds) if finding.why]
    for finding in cries:
        print(f"FALSE ALARM without any bug: {finding.detector}: {finding.why}")
    return not cries


def _look_for(tree: Path, bug: Bug, detectors: list[Detector], seconds: float) -> Outcome:
    try:
        with planted(tree, bug):
            outcome = Outcome(bug, _asked(tree, bug, detectors, seconds))
    except DoesNotFit as error:
        return Outcome(bug, trouble=str(error))
    if outcome.catch and fails_anyway(tree, outcome.catch):
        return Outcome(bug, trouble=f"{outcome.catch.why} fails without it as well")
    return outcome


def _asked(tree: Path, bug: Bug, detectors: list[Detector], seconds: float) -> tuple[Finding, ...]:
    """Each in turn, until one notices something or the time is up."""
    findings: list[Finding] = []
    left = seconds
    for detector in detectors:
        if left <= 0:
            break
        findings.append(detector.look(tree, bug, left))
        left -= findings[-1].seconds
        if findings[-1].why:
            break
    return tuple(findings)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--only", action="append", help="the name of a bug or of a group; may be given again")
    parser.add_argument("--detector", action="append", help="ask only this one; may be given again")
    parser.add_argument("--seconds", type=float, default=120, help="processor time for each bug")
    parser.add_argument("--without-proof", action="store_true", help="do not look at the project without a bug first")
    parser.add_argument("--write", type=Path, help="write the table into this file, after each bug")
    parser.add_argument("--record", type=Path, help="go on where another run with this file stopped")
    parser.add_argument("--list", action="store_true", help="tell the bugs and run nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
