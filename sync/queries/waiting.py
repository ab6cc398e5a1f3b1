"""What waits although nobody has to do anything about it, in words: a page that may not be written just now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from connector.store.overview import WaitingTable


def waiting_words(tables: Sequence[WaitingTable], at: datetime) -> str:
    """``1 page waits for its turn until 10:40 UTC``; empty where none waits."""
    kinds = list(_kinds(tables, at))
    if not kinds:
        return ""
    pages = "1 page waits" if len(tables) == 1 else f"{len(tables)} pages wait"
    if len(kinds) == 1:
        return f"{pages} {kinds[0][1]}"
    return f"{pages}: {', '.join(f'{number} {reason}' for number, reason in kinds)}"


def waits_for_turn(table: WaitingTable) -> bool:
    """True where the page may be written again only at a known time, since it was written so often lately."""
    return table.state == "current"


def utc_words(when: datetime, at: datetime) -> str:
    """``10:40 UTC``, with its day where that is another one than at ``at``."""
    there = when.astimezone(UTC)
    day = "" if there.date() == at.astimezone(UTC).date() else f"{there.day} {there:%b}, "
    return f"{day}{there:%H:%M} UTC"


def _kinds(tables: Sequence[WaitingTable], at: datetime) -> Iterator[tuple[int, str]]:
    turns = [table for table in tables if waits_for_turn(table)]
    first = [table for table in tables if table.state == "waiting"]
    drafts = [table for table in tables if table.state == "held" and table.next_visit_at]
    others = [table for table in tables if table.state == "held" and not table.next_visit_at]
    if turns:
        until = min((table.next_visit_at for table in turns if table.next_visit_at), default=None)
        yield len(turns), ("for its turn" if len(turns) == 1 else "for their turn") + _until(until, len(turns), at)
    if drafts:
        yield len(drafts), "until somebody’s changes are published"
    if first:
        yield len(first), "to be written for the first time"
    if others:
        yield len(others), "for somebody to look at " + ("it" if len(others) == 1 else "them")


def _until(when: datetime | None, number: int, at: datetime) -> str:
    if when is None:
        return ""
    return f" until {utc_words(when, at)}" if number == 1 else f", the first until {utc_words(when, at)}"
