"""Completions: unknown is not nothing, and a last good figure stays. The history has a row for each change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from connector.store.completions import (
    StoredCompletion,
    load_completions,
    record_completion,
    record_scanned,
    record_unreadable,
    scanned_before,
)
from connector.store.engine import Database
from connector.store.links import record_link
from connector.store.progress import issue_subject, latest_progress, progress_since, record_progress
from mapping.figures import IssueCounts
from mapping.issue import StatusCategory
from mapping.okr import Initiative
from tests.clock import START
from tests.unit.store.samples import keep

COUNTS = IssueCounts(done=7, total=13, wont_do=1, points_done=Decimal("2.5"), points_total=Decimal(9), unestimated=2)
HOUR = timedelta(hours=1)


def _count(
    db: Database,
    workspace_id: int,
    jira_id: int,
    counts: IssueCounts = COUNTS,
    own_status: StatusCategory = StatusCategory.INDETERMINATE,
) -> bool:
    with db.write() as conn:
        return record_completion(
            conn, workspace_id, jira_id, "10", counts,
            own_status=own_status, own_wont_do=False, at=START,
        )  # fmt: skip


def _load(db: Database, workspace_id: int, jira_id: int) -> StoredCompletion | None:
    with db.read() as conn:
        return load_completions(conn, workspace_id, jira_id, ["10", "11"]).get("10")


def test_listed_but_never_counted_is_unknown(database: Database, workspace_id: int, jira_id: int) -> None:
    with database.write() as conn:
        record_scanned(conn, workspace_id, jira_id, ["10"], START)
    assert _load(database, workspace_id, jira_id) is None
    assert _count(database, workspace_id, jira_id, IssueCounts(0, 0, 0), StatusCategory.UNDEFINED) is True


def test_counted_but_never_listed_says_so(database: Database, workspace_id: int, jira_id: int) -> None:
    assert _count(database, workspace_id, jira_id) is True
    expected = StoredCompletion(COUNTS, StatusCategory.INDETERMINATE, False, None, START, None, "")
    assert _load(database, workspace_id, jira_id) == expected


def test_the_same_count_again_is_no_news(database: Database, workspace_id: int, jira_id: int) -> None:
    assert _count(database, workspace_id, jira_id) is True
    assert _count(database, workspace_id, jira_id) is False
    assert _count(database, workspace_id, jira_id, replace(COUNTS, done=8)) is True


def test_a_listing_keeps_the_count_and_an_older_listing_changes_nothing(
    database: Database, workspace_id: int, jira_id: int
) -> None:
    _count(database, workspace_id, jira_id)
    for at in (START, START - HOUR):
        with database.write() as conn:
            record_scanned(conn, workspace_id, jira_id, ["10"], at)
    stored = _load(database, workspace_id, jira_id)
    assert stored is not None
    assert (stored.counts, stored.scanned_at) == (COUNTS, START)


def test_what_cannot_be_read_keeps_its_figure_and_its_first_moment(
    database: Database, workspace_id: int, jira_id: int
) -> None:
    _count(database, workspace_id, jira_id)
    with database.write() as conn:
        record_unreadable(conn, workspace_id, jira_id, ["10", "11"], "no permission", START)
        record_unreadable(conn, workspace_id, jira_id, ["10"], "deleted", START + HOUR)
    stored = _load(database, workspace_id, jira_id)
    assert stored is not None
    assert (stored.counts, stored.unreadable_since, stored.unreadable_why) == (COUNTS, START, "deleted")
    assert _count(database, workspace_id, jira_id) is True
    stored = _load(database, workspace_id, jira_id)
    assert stored is not None
    assert (stored.unreadable_since, stored.unreadable_why) == (None, "")


def test_the_longest_unlisted_links_come_first(database: Database, workspace_id: int, jira_id: int) -> None:
    with database.write() as conn:
        keep(conn, workspace_id)
        for key, issue_id in (("PAY-KR1", "1"), ("PAY-KR1", "2"), ("PAY-KR2", "2"), ("PAY-KR1", "3"), ("PAY-KR1", "4")):
            record_link(conn, workspace_id, Initiative(key, jira_id, issue_id), at=START, by="Ana")
        for issue_id, age in (("1", 1), ("2", 3), ("4", 0), ("9", 9)):
            record_scanned(conn, workspace_id, jira_id, [issue_id], START - age * HOUR)
        assert scanned_before(conn, workspace_id, jira_id, START, 10) == ("3", "2", "1")
        assert scanned_before(conn, workspace_id, jira_id, START, 2) == ("3", "2")


def test_the_history_has_a_row_for_each_change(database: Database, workspace_id: int) -> None:
    figures = [{"done": 1}, {"done": 1}, {"done": 2}, {"done": 1}]
    with database.write() as conn:
        assert [
            record_progress(conn, workspace_id, "PAY-KR1", figure, at=START + n * HOUR, why=str(n))
            for n, figure in enumerate(figures)
        ] == [True, False, True, True]
        record_progress(conn, workspace_id, issue_subject(3, "10"), {"done": 9}, at=START)
        latest = latest_progress(conn, workspace_id, ["PAY-KR1", "issue:3:10", "PAY-KR2"])
        assert {subject: moment.figure for subject, moment in latest.items()} == {
            "PAY-KR1": {"done": 1}, "issue:3:10": {"done": 9},
        }  # fmt: skip
        shown = progress_since(conn, workspace_id, "PAY-KR1", START + 1.5 * HOUR)
        assert [(moment.at, moment.why) for moment in shown] == [
            (START, "0"), (START + 2 * HOUR, "2"), (START + 3 * HOUR, "3"),
        ]  # fmt: skip
        assert progress_since(conn, workspace_id, "PAY-KR1", START - HOUR)[0].at == START
        assert progress_since(conn, workspace_id, "PAY-KR1", START + 2.5 * HOUR)[0].at == START + 2 * HOUR
