"""Issues: newer over older, parents remembered, what is gone kept apart, and sums that do not depend on the order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from connector.store import schema
from connector.store.completions import record_scanned
from connector.store.engine import Database
from connector.store.issue_counts import added_since, counts_below, prune_unlinked
from connector.store.issues import (
    Change,
    children_not_seen,
    known_among,
    load_issues,
    mark_gone,
    parents_of_hidden,
    projects_of,
    upsert_issues,
)
from connector.store.links import record_link
from mapping.field_choices import FieldChoices
from mapping.figures import IssueCounts
from mapping.issue import FieldChoice, IssueSnapshot, StatusCategory
from mapping.okr import Initiative
from tests.clock import START
from tests.unit.store.conftest import connect
from tests.unit.store.samples import issue, keep

DONE = StatusCategory.DONE
WONT_DO = "10001"
CHOICES = FieldChoices(FieldChoice(wont_do_resolution_ids=frozenset({WONT_DO})))


def _at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


class Kept:
    """The issues of one connection, with the arguments that are always the same filled in."""

    def __init__(self, db: Database, workspace_id: int, connection_id: int) -> None:
        self.db, self.here = db, (workspace_id, connection_id)

    def take(self, *snapshots: IssueSnapshot, read: float = 0) -> list[Change]:
        with self.db.write() as conn:
            return upsert_issues(conn, *self.here, snapshots, CHOICES, _at(read))

    def gone(self, *ids: str, at: float = 1, hidden: bool = False) -> list[str]:
        with self.db.write() as conn:
            return [s.issue_id for s in mark_gone(conn, *self.here, ids, "not there", _at(at), hidden=hidden)]

    def load(self, issue_id: str) -> Any:
        with self.db.read() as conn:
            return load_issues(conn, *self.here, [issue_id]).get(issue_id)

    def counts(self, *ids: str, **more: bool) -> dict[str, IssueCounts]:
        with self.db.read() as conn:
            return counts_below(conn, *self.here, ids, **more)


@pytest.fixture
def kept(database: Database, workspace_id: int, jira_id: int) -> Kept:
    return Kept(database, workspace_id, jira_id)


def test_an_issue_comes_back_as_it_was_read(kept: Kept) -> None:
    snapshot = issue("10", "1", estimate=Decimal("2.50"), resolution_id=WONT_DO, status_category=DONE)
    assert kept.take(snapshot, read=3) == [Change("10", None, "1", changed=True)]
    stored = kept.load("10")
    assert stored.snapshot == snapshot
    assert (stored.wont_do, stored.read_at, stored.gone_since, stored.gone_why) == (True, _at(3), None, "")
    assert str(stored.snapshot.estimate) == "2.50"


def test_an_open_issue_with_an_old_resolution_is_not_given_up(kept: Kept) -> None:
    kept.take(issue("10", "1", resolution_id=WONT_DO))
    assert kept.load("10").wont_do is False


def test_reading_the_same_again_changes_nothing_but_its_age(kept: Kept) -> None:
    kept.take(issue("10", "1"))
    assert kept.take(issue("10", "1"), read=5) == [Change("10", "1", "1", changed=False)]
    assert kept.load("10").read_at == _at(5)


def test_older_never_replaces_newer(kept: Kept) -> None:
    kept.take(issue("10", "1", minutes=2, status_category=DONE), read=2)
    assert kept.take(issue("10", "2", minutes=1), read=9) == [Change("10", "1", "1", changed=False)]
    assert kept.load("10").snapshot.status_category is DONE


def test_of_two_equally_old_the_one_read_later_stays(kept: Kept) -> None:
    kept.take(issue("10", "1", issue_key="NEW-1"), read=2)
    assert kept.take(issue("10", "1", issue_key="OLD-1"), read=1)[0].changed is False
    assert kept.take(issue("10", "1", issue_key="NEWER-1"), read=3)[0].changed is True
    assert kept.load("10").snapshot.issue_key == "NEWER-1"


def test_any_order_of_readings_ends_the_same(database: Database, workspace_id: int) -> None:
    readings = [issue("10", parent, minutes=n) for n, parent in enumerate(["1", "2", None, "2"])]
    for number, order in enumerate(permutations(readings)):
        here = Kept(database, workspace_id, connect(database, workspace_id, f"https://site{number}.example.com"))
        for snapshot in order:
            here.take(snapshot, read=9)
        assert here.load("10").snapshot == readings[-1]


def test_the_newest_of_several_in_one_answer_counts(kept: Kept) -> None:
    assert len(kept.take(issue("10", "2", minutes=2), issue("10", "1", minutes=1))) == 1
    assert kept.load("10").snapshot.parent_id == "2"


def test_a_move_names_both_parents_and_when_it_came(kept: Kept) -> None:
    kept.take(issue("10", "1"))
    assert kept.load("10").parent_since == START - timedelta(days=30)  # first seen: since it was made
    assert kept.take(issue("10", "2", minutes=5), read=5) == [Change("10", "1", "2", changed=True)]
    assert kept.load("10").parent_since == _at(5)
    kept.take(issue("10", "2", minutes=8, status_category=DONE), read=8)
    assert kept.load("10").parent_since == _at(5)


def test_a_child_that_is_new_to_us_below_a_parent_listed_before_came_since_then(kept: Kept, database: Database) -> None:
    with database.write() as conn:
        record_scanned(conn, *kept.here, ["1"], START)
    kept.take(issue("10", "1", minutes=7))
    assert kept.load("10").parent_since == _at(7)


def test_a_monstrous_estimate_is_none(kept: Kept) -> None:
    kept.take(
        *(issue(str(n), "1", estimate=Decimal(text)) for n, text in enumerate(["1e300", "NaN", "-Infinity", "5"]))
    )
    assert kept.counts("1")["1"] == IssueCounts(0, 4, 0, points_total=Decimal(5), unestimated=3)


def test_thousands_at_once(kept: Kept) -> None:
    snapshots = [issue(str(number), str(number % 7)) for number in range(1500)]
    assert len(kept.take(*snapshots)) == 1500
    assert {change.changed for change in kept.take(*snapshots, read=1)} == {False}
    assert sum(count.total for count in kept.counts(*map(str, range(7))).values()) == 1500


# --- gone, hidden, not listed ----------------------------------------------------------------------------------------


def test_what_is_gone_is_told_once_and_comes_back_when_it_is_shown_again(kept: Kept) -> None:
    kept.take(issue("10", "1"))
    assert kept.gone("10", "99") == ["10"]
    assert kept.gone("10", at=2) == []
    stored = kept.load("10")
    assert (stored.gone_since, stored.gone_why, stored.snapshot) == (_at(1), "not there", issue("10", "1"))
    assert kept.take(issue("10", "1"), read=3) == [Change("10", "1", "1", changed=True)]
    assert kept.load("10").gone_since is None


def test_an_answer_older_than_the_last_reading_takes_nothing_away(kept: Kept) -> None:
    kept.take(issue("10", "1"), read=5)
    assert kept.gone("10", at=4) == []
    assert kept.take(issue("10", "1"), read=4)[0].changed is False


def test_a_reading_older_than_the_loss_does_not_bring_it_back(kept: Kept) -> None:
    kept.take(issue("10", "1"), read=0)
    kept.gone("10", at=5)
    kept.take(issue("10", "1"), read=4)
    assert kept.load("10").gone_since == _at(5)


def test_what_is_hidden_makes_its_parent_unknown_until_it_is_known_to_be_gone(kept: Kept, database: Database) -> None:
    kept.take(issue("10", "1"), issue("20", "2"))
    assert kept.gone("10", hidden=True) == ["10"]
    with database.read() as conn:
        assert parents_of_hidden(conn, *kept.here, ["1", "2"]) == {"1": "not there"}
    assert kept.gone("10", at=2) == ["10"]
    with database.read() as conn:
        assert parents_of_hidden(conn, *kept.here, ["1", "2"]) == {}
    assert kept.load("10").gone_since == _at(1)
    kept.gone("10", at=3, hidden=True)
    kept.take(issue("10", "1"), read=4)
    with database.read() as conn:
        assert parents_of_hidden(conn, *kept.here, ["1"]) == {}


def test_children_that_a_full_listing_lacks_are_named_unless_read_since(kept: Kept, database: Database) -> None:
    kept.take(*(issue(str(n), "1") for n in (10, 11, 12, 13)), issue("20", "2"), issue("30", "3"))
    kept.gone("13")
    kept.take(issue("12", "1"), read=6)
    with database.read() as conn:
        assert children_not_seen(conn, *kept.here, ["1", "2"], {"10"}, _at(5)) == ("11", "20")


def test_what_is_kept_and_in_which_project(kept: Kept, database: Database) -> None:
    kept.take(issue("10", "1", project_id="7"), issue("11"))
    with database.read() as conn:
        assert projects_of(conn, *kept.here, ["10", "11", "12"]) == {"10": "7", "11": "1"}
        assert known_among(conn, *kept.here, ["10", "12"]) == {"10"}


def test_only_what_is_linked_or_directly_below_is_kept(kept: Kept, database: Database) -> None:
    stories = (issue(one, above, level=0) for one, above in (("10", "1"), ("100", "10"), ("2", None), ("20", "2")))
    kept.take(issue("1"), *stories)
    with database.write() as conn:
        keep(conn, kept.here[0])
        record_link(conn, kept.here[0], Initiative("PAY-KR1", kept.here[1], "1"), at=START, by="Ana")
        record_scanned(conn, *kept.here, ["1", "2"], START)
        assert [prune_unlinked(conn, *kept.here, limit=2) for _ in range(3)] == [2, 1, 0]
        assert known_among(conn, *kept.here, ["1", "10", "100", "2", "20"]) == {"1", "10"}


def test_epics_stay_until_jira_shows_them_no_more(kept: Kept, database: Database) -> None:
    kept.take(issue("1", level=1), issue("2", level=2))
    with database.write() as conn:
        mark_gone(conn, *kept.here, ["2"], "not found", _at(5))
        assert prune_unlinked(conn, *kept.here, limit=10) == 1
        assert known_among(conn, *kept.here, ["1", "2"]) == {"1"}


# --- sums ------------------------------------------------------------------------------------------------------------


def test_children_are_counted_as_the_table_of_rules_says(kept: Kept) -> None:
    kept.take(
        issue("10", "1", status_category=DONE, estimate=Decimal("0.1")),
        issue("11", "1", status_category=DONE, estimate=Decimal("0.2")),
        issue("12", "1", estimate=Decimal(3)),
        issue("13", "1"),
        issue("14", "1", status_category=DONE, resolution_id=WONT_DO, estimate=Decimal(50)),
        issue("15", "1", level=-1, status_category=DONE),
        issue("16", "1", status_category=DONE),
        issue("20", "2", status_category=DONE),
    )
    kept.gone("16")
    expected = IssueCounts(
        done=2, total=5, wont_do=1, points_done=Decimal("0.3"), points_total=Decimal("3.3"), unestimated=1
    )
    assert kept.counts("1", "3") == {"1": expected, "3": IssueCounts(0, 0, 0)}
    with_sub_tasks = kept.counts("1", sub_tasks=True)["1"]
    assert (with_sub_tasks.done, with_sub_tasks.total) == (3, 6)


def test_all_issues_are_counted_by_one_statement(kept: Kept, database: Database) -> None:
    kept.take(*(issue(str(n), str(n % 50)) for n in range(100)))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    kept.counts(*map(str, range(50)))
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


child = st.tuples(
    st.sampled_from(["1", "2"]),
    st.sampled_from(list(StatusCategory)),
    st.sampled_from([None, WONT_DO]),
    st.one_of(st.none(), st.decimals("-5", "100", places=3)),
    st.sampled_from([0, 0, -1]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(children=st.lists(child, max_size=12))
def test_sums_against_a_second_reckoning(kept: Kept, children: list[tuple[Any, ...]]) -> None:
    with kept.db.write() as conn:
        conn.execute(delete(schema.issue).where(schema.issue.c.workspace_id == kept.here[0]))
    kept.take(
        *(
            issue(str(10 + n), parent, status_category=status, resolution_id=resolution, estimate=estimate, level=level)
            for n, (parent, status, resolution, estimate, level) in enumerate(children)
        )
    )
    assert kept.counts("1", "2") == {parent: _reckoned(parent, children) for parent in ("1", "2")}


def _reckoned(parent: str, children: list[tuple[Any, ...]]) -> IssueCounts:
    ours = [(s, r, e) for p, s, r, e, level in children if p == parent and level >= 0]
    open_or_done = [(s, e) for s, r, e in ours if not (s is DONE and r == WONT_DO)]
    kinds = Counter(s for s, _ in open_or_done)
    return IssueCounts(
        done=kinds[DONE],
        total=len(ours),
        wont_do=len(ours) - len(open_or_done),
        points_done=sum((e for s, e in open_or_done if s is DONE and e is not None), Decimal(0)),
        points_total=sum((e for _, e in open_or_done if e is not None), Decimal(0)),
        unestimated=sum(e is None for _, e in open_or_done),
    )


def test_what_was_added_depends_on_who_asks(kept: Kept, database: Database) -> None:
    kept.take(issue("10", "9"), issue("11", "9"), issue("12", "9"), issue("13", "9"), issue("14", "9"))
    kept.take(issue("10", "1", minutes=1), issue("11", "1", minutes=3), issue("12", "2", minutes=3), read=3)
    kept.take(issue("13", "1", minutes=3, status_category=DONE, resolution_id=WONT_DO), read=3)
    kept.take(issue("14", "1", minutes=3), read=3)
    kept.gone("14", at=4)
    since = {("PAY-KR1", "1"): _at(0), ("PAY-KR2", "1"): _at(2), ("PAY-KR1", "2"): _at(3), ("PAY-KR1", "7"): _at(0)}
    with database.read() as conn:
        assert added_since(conn, *kept.here, since) == {
            ("PAY-KR1", "1"): 2, ("PAY-KR2", "1"): 1, ("PAY-KR1", "2"): 0, ("PAY-KR1", "7"): 0,
        }  # fmt: skip


def test_what_lies_below_a_few_is_found_without_a_look_at_all_issues(sqlite_database: Database) -> None:
    """PostgreSQL chooses by how many rows there are, SQLite by what the statement says."""
    here = (1, 1)
    asked: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        asked.append((statement, values))

    with sqlite_database.read() as conn:
        event.listen(conn, "before_cursor_execute", note)
        added_since(conn, *here, {("PAY-KR1", "1"): START})
        counts_below(conn, *here, ["1"])
        event.remove(conn, "before_cursor_execute", note)
        plans = [str(conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()) for text, values in asked]
    assert len(plans) == 2
    assert all("parent_id=?" in plan for plan in plans), plans


def test_equal_ids_of_two_sites_are_two_issues(kept: Kept, database: Database, workspace_id: int) -> None:
    other = Kept(database, workspace_id, connect(database, workspace_id, "https://other.example.com"))
    kept.take(issue("10", "1"))
    other.take(issue("10", "1", minutes=5, status_category=DONE))
    assert kept.counts("1")["1"].done == 0
    assert other.counts("1")["1"].done == 1
    other.gone("10", at=9)
    assert kept.load("10").gone_since is None
    assert replace(kept.load("10").snapshot) == issue("10", "1")
