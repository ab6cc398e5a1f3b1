"""Long work as people follow it: share, count, speed, time left, and when it last moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from connector.store.runs import Run
from sync.queries.standing import share_done

# Before this much was done, a speed would only be a guess.
LEAST_SECONDS = 5
LEAST_DONE = 2


@dataclass(frozen=True, slots=True)
class RunView:
    """``seconds_left`` and ``per_minute`` are None while nobody could say."""

    kind: str
    host: str
    share: Fraction | None
    done: int
    total: int
    issues: int
    calls: int
    moved_at: datetime
    per_minute: int | None
    seconds_left: int | None


def view_of(run: Run, host: str, at: datetime) -> RunView:
    """The run as it stands at ``at``, its speed being that since its start."""
    seconds = (at - run.started_at).total_seconds()
    is_telling = seconds >= LEAST_SECONDS and run.done >= LEAST_DONE
    return RunView(
        kind=run.kind,
        host=host,
        share=share_done(run),
        done=run.done,
        total=run.total,
        issues=run.issues,
        calls=run.calls,
        moved_at=run.moved_at,
        per_minute=round(run.issues / seconds * 60) if is_telling else None,
        seconds_left=round((run.total - run.done) * seconds / run.done) if is_telling else None,
    )
