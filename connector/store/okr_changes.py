"""What changed of agreed OKRs and why, and how objectives were graded: only ever added, kept as long as the OKRs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from connector.store.rows import rows_as
from connector.store.schema import okr_change

CHANGE = "change"
GRADE = "grade"


@dataclass(frozen=True, slots=True)
class OkrChange:
    """``subject`` is the key of an objective or key result; ``kind`` is CHANGE or GRADE."""

    subject: str
    kind: str
    at: datetime
    who: str
    what: str
    why: str


def record_change(conn: Connection, workspace_id: int, change: OkrChange) -> None:
    """Keep it beside those that are there."""
    values = {name: getattr(change, name) for name in ("subject", "kind", "at", "who", "what", "why")}
    conn.execute(insert(okr_change).values(workspace_id=workspace_id, **values))


def load_changes(conn: Connection, workspace_id: int, subjects: Collection[str]) -> tuple[OkrChange, ...]:
    """Everything of these subjects, newest first."""
    c = okr_change.c
    found = select(c.subject, c.kind, c.at, c.who, c.what, c.why).where(
        c.workspace_id == workspace_id, c.subject.in_(sorted(subjects))
    )
    return rows_as(OkrChange, conn, found.order_by(c.at.desc(), c.id.desc()))


def latest_grades(changes: Iterable[OkrChange]) -> dict[str, OkrChange]:
    """The grade that holds of each subject, of changes that come newest first."""
    found: dict[str, OkrChange] = {}
    for change in changes:
        if change.kind == GRADE:
            found.setdefault(change.subject, change)
    return found


def forget_changes(conn: Connection, workspace_id: int, subjects: Collection[str]) -> None:
    """The subjects themselves are gone; their keys may be given again."""
    c = okr_change.c
    conn.execute(delete(okr_change).where(c.workspace_id == workspace_id, c.subject.in_(sorted(subjects))))
