"""What was played, in a file to which every run adds: a run goes on where the last one stopped.

One line of JSON for numbers that follow one another and one revision of the project: the first, how many cases, their
processor time in seconds, what failed, and what was covered.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Share:
    """``failed``: the number of each case that failed, with the first thing that was wrong. ``revision``: of the
    project, with a plus where files were changed since; empty where nobody knows."""

    first: int
    cases: int
    seconds: float = 0.0
    failed: list[tuple[int, str]] = field(default_factory=list)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)
    revision: str = ""


class Record:
    """The file, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def shares(self) -> list[Share]:
        """All that is kept. ValueError where a line is none of ours."""
        if not self._path.exists():
            return []
        return list(map(_read, self._path.read_text("utf-8").splitlines()))

    def add(self, share: Share) -> None:
        """Keep it, at once and whole or not at all."""
        kept = self.shares()
        before = next((each for each in kept if _goes_on(each, share)), None)
        if before is not None:
            kept[kept.index(before)] = _joined(before, share)
        else:
            kept.append(share)
        whole = self._path.with_name(self._path.name + ".new")
        whole.write_text("".join(_line(each) + "\n" for each in kept), "utf-8")
        whole.replace(self._path)


def _goes_on(before: Share, share: Share) -> bool:
    return (before.first + before.cases, before.revision) == (share.first, share.revision)


def _joined(before: Share, share: Share) -> Share:
    return replace(
        before,
        cases=before.cases + share.cases,
        seconds=round(before.seconds + share.seconds, 1),
        failed=before.failed + share.failed,
        coverage=before.coverage + share.coverage,
    )


def revision() -> str:
    """Of the project that is played."""
    told = subprocess.run(("git", "describe", "--always", "--dirty=+"), cwd=ROOT, capture_output=True, text=True)
    return told.stdout.strip() if told.returncode == 0 else ""


def _line(share: Share) -> str:
    coverage = [[kind, outcome, number] for (kind, outcome), number in sorted(share.coverage.items())]
    return json.dumps({**vars(share), "coverage": coverage}, ensure_ascii=False)


def _read(line: str) -> Share:
    try:
        kept: dict[str, Any] = json.loads(line)
        coverage = Counter({(kind, outcome): number for kind, outcome, number in kept["coverage"]})
        failed = [(seed, why) for seed, why in kept["failed"]]
        return Share(**{**kept, "coverage": coverage, "failed": failed})
    except (TypeError, KeyError) as error:
        raise ValueError(f"no share of a campaign: {line[:80]}") from error


def played(shares: list[Share]) -> Iterator[int]:
    """The numbers of all cases in them."""
    for share in shares:
        yield from range(share.first, share.first + share.cases)
