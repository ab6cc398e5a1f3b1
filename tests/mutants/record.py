"""What was found so far, a line of JSON for each bug, so that a run goes on where another one stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.mutants.bugs import Bug
from tests.mutants.detectors import Finding
from tests.mutants.report import Outcome


def note(file: Path, state: str, outcome: Outcome) -> None:
    """``state``: of the project and of how it was looked at."""
    findings = [asdict(finding) for finding in outcome.findings]
    line = {"state": state, "bug": outcome.bug.name, "findings": findings, "trouble": outcome.trouble}
    with file.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(line) + "\n")


def noted(file: Path, state: str, bugs: Sequence[Bug]) -> dict[str, Outcome]:
    """Of these bugs, by name, in the same state; what was noted in any other says nothing about this one."""
    by_name = {bug.name: bug for bug in bugs}
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    rows = [row for row in map(json.loads, lines) if row["state"] == state and row["bug"] in by_name]
    return {row["bug"]: _outcome(by_name[row["bug"]], row["findings"], row["trouble"]) for row in rows}


def _outcome(bug: Bug, findings: Sequence[dict[str, Any]], trouble: str) -> Outcome:
    return Outcome(bug, tuple(Finding(**each) for each in findings), trouble)
