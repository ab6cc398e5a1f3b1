"""What waits is said in words that name how many pages, why and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connector.store.overview import WaitingTable
from sync.queries.waiting import utc_words, waiting_words

AT = datetime(2026, 11, 22, 10, 20, tzinfo=UTC)


def _table(state: str, minutes: int | None = None) -> WaitingTable:
    until = None if minutes is None else AT + timedelta(minutes=minutes)
    return WaitingTable(1, "OKRs Q4 2026", "", state, "Why.", until)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ([], ""),
        ([_table("current", 20)], "1 page waits for its turn until 10:40 UTC"),
        ([_table("current")], "1 page waits for its turn"),
        ([_table("current", 20), _table("current", 9)], "2 pages wait for their turn, the first until 10:29 UTC"),
        ([_table("held", 5)], "1 page waits until somebody’s changes are published"),
        ([_table("held")], "1 page waits for somebody to look at it"),
        ([_table("waiting", 1)], "1 page waits to be written for the first time"),
        (
            [_table("held", 5), _table("current", 20), _table("held", 5)],
            "3 pages wait: 1 for its turn until 10:40 UTC, 2 until somebody’s changes are published",
        ),
    ],
)
def test_what_waits_is_counted_by_its_reason(tables: list[WaitingTable], said: str) -> None:
    assert waiting_words(tables, AT) == said


def test_another_day_is_named() -> None:
    assert utc_words(AT + timedelta(hours=20), AT) == "23 Nov, 06:20 UTC"
