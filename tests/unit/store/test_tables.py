"""Tables in pages, and what visits leave behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from connector.store import page_visits as visits
from connector.store import sendings
from connector.store.engine import Database
from connector.store.okrs import OkrSet
from connector.store.overview import versions_of_pages
from connector.store.tables import (
    NewTable,
    PageTable,
    SameTable,
    TableState,
    UnknownTable,
    add_table,
    load_table,
    load_tables,
    record_table_state,
    remove_table,
    tables_showing,
    watched,
)
from tests.clock import START
from tests.typed_texts import load_typed_texts
from tests.unit.store.conftest import connect
from tests.unit.store.samples import CYCLE, GUARD, PLA, add_workspace, keep

HOUR = timedelta(hours=1)


@pytest.fixture
def new(database: Database, workspace_id: int) -> NewTable:
    with database.write() as conn:
        keep(conn, workspace_id)
        keep(conn, workspace_id, OkrSet([replace(CYCLE, key="2027-q1")]))
    return NewTable(
        connect(database, workspace_id, "https://acme.atlassian.net", "confluence"), "123", "okr", CYCLE.key
    )


@pytest.fixture
def table(database: Database, workspace_id: int, new: NewTable) -> PageTable:
    return _add(database, workspace_id, new)


def _add(db: Database, workspace_id: int, new: NewTable) -> PageTable:
    with db.write() as conn:
        return add_table(conn, workspace_id, new, at=START, by="Ana")


def _now(db: Database, table: PageTable) -> PageTable:
    with db.read() as conn:
        return load_table(conn, table.workspace_id, table.id)


def test_a_table_comes_back_as_it_was_given_and_waits(database: Database, workspace_id: int, new: NewTable) -> None:
    full = replace(
        new, teams=("Payments",), objective_keys=("PAY-O1",), columns=("now", "owner"), language="de", design="short",
        check_in_by="owner", write_bucket=9, write_refill_minutes=1, page_title="OKRs", page_url="https://x",
    )  # fmt: skip
    kept = _now(database, _add(database, workspace_id, full))
    assert {name: getattr(kept, name) for name in full.__slots__} == {
        name: getattr(full, name) for name in full.__slots__
    }
    assert (kept.workspace_id, kept.created_at, kept.created_by) == (workspace_id, START, "Ana")
    assert (kept.state, kept.state_since, kept.written_version) == (TableState.WAITING, START, 0)
    assert (kept.intended_fields, kept.read_back, kept.findings, kept.sending) == ({}, {}, (), None)


def test_a_page_has_one_table_of_a_name(database: Database, workspace_id: int, new: NewTable, table: PageTable) -> None:
    with pytest.raises(SameTable, match="page 123 has a table 'okr' already"):
        _add(database, workspace_id, new)
    other = _add(database, workspace_id, replace(new, region_id="okr-2"))
    with database.read() as conn:
        assert load_tables(conn, workspace_id) == (table, other)
        assert watched(conn, workspace_id, new.connection_id) == (table, other)
        assert watched(conn, workspace_id, new.connection_id + 1) == ()
        assert load_tables(conn, workspace_id, ["2027-q1"]) == ()


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({}, ["PAY-KR1", "PLA-KR1"]),
        ({"teams": ("Payments",)}, ["PAY-KR1"]),
        ({"objective_keys": ("PLA-O1",)}, ["PLA-KR1"]),
        ({"teams": ("Payments",), "objective_keys": ("PLA-O1",)}, []),
        ({"cycle_key": "2027-q1"}, []),
    ],
)
def test_which_tables_show_a_key_result(
    database: Database, workspace_id: int, new: NewTable, filters: dict[str, str], shown: list[str]
) -> None:
    kept = _add(database, workspace_id, replace(new, **filters))  # type: ignore[arg-type]
    with database.read() as conn:
        for key in ("PAY-KR1", "PLA-KR1", "PAY-KR9"):
            assert tables_showing(conn, workspace_id, [key]) == ((kept.id,) if key in shown else ())
        assert tables_showing(conn, workspace_id, []) == ()


def test_a_filter_holds_within_the_tables_own_cycle(database: Database, workspace_id: int, new: NewTable) -> None:
    with database.write() as conn:
        platform = replace(PLA, key="PLA-O2", cycle_key="2027-q1")
        keep(conn, workspace_id, OkrSet([], [platform], [replace(GUARD, key="PLA-KR9", objective_key="PLA-O2")]))
    _add(database, workspace_id, replace(new, cycle_key="2027-q1", teams=("Payments",)))
    with database.read() as conn:
        assert tables_showing(conn, workspace_id, ["PAY-KR1", "PLA-KR9"]) == ()


def test_since_when_a_table_stands_as_it_does(database: Database, table: PageTable) -> None:
    def record(state: TableState, hours: int, detail: str = "") -> bool:
        with database.write() as conn:
            return record_table_state(conn, table.workspace_id, table.id, state, START + hours * HOUR, detail)

    assert record(TableState.WAITING, 1) is False
    assert record(TableState.HELD, 2, "a draft is open") is True
    assert record(TableState.HELD, 3, "two drafts are open") is False
    kept = _now(database, table)
    assert (kept.state, kept.state_detail, kept.state_since) == (
        TableState.HELD, "two drafts are open", START + 2 * HOUR,
    )  # fmt: skip


def test_a_write_is_remembered_from_sending_to_reading_back(database: Database, table: PageTable) -> None:
    ids = (table.workspace_id, table.id)
    with database.write() as conn:
        visits.record_visit(
            conn, *ids, at=START, seen_version=4, page_title="OKRs", page_url="https://x", findings=[{"text": "?"}]
        )
        sendings.record_sending(conn, *ids, 5, {"fingerprint": "f"})
        visits.record_tokens(conn, *ids, 3, START)
    kept = _now(database, table)
    assert (kept.last_visit_at, kept.seen_version, kept.page_title, kept.findings) == (
        START,
        4,
        "OKRs",
        ({"text": "?"},),
    )
    assert (kept.sending_version, kept.sending, kept.tokens, kept.tokens_at) == (5, {"fingerprint": "f"}, 3, START)
    written = visits.Written(5, START + HOUR, START, "m" * 400, "f", {"PAY-KR1 now": "29"}, {"PAY-KR1": {"now": "29"}})
    with database.write() as conn:
        visits.record_written(conn, *ids, written)
        visits.record_written(conn, *ids, written)
    kept = _now(database, table)
    assert (kept.seen_version, kept.written_version, kept.written_at, kept.written_as_of) == (5, 5, START + HOUR, START)
    assert (kept.intended, kept.intended_fields, kept.read_back) == ("f", written.intended_fields, written.read_back)
    assert (kept.sending_version, kept.sending) == (None, None)
    with database.read() as conn:
        assert visits.our_versions(conn, *ids) == (visits.WrittenVersion(5, START + HOUR, "m" * 300, "f"),)


def test_our_versions_are_newest_first(database: Database, table: PageTable) -> None:
    ids = (table.workspace_id, table.id)
    with database.write() as conn:
        for version in (5, 7):
            visits.record_written(conn, *ids, visits.Written(version, START, START, "m", "f", {}, {}))
        assert [one.version for one in visits.our_versions(conn, *ids)] == [7, 5]
        assert [one.version for one in visits.our_versions(conn, *ids, limit=1)] == [7]


def test_a_write_that_did_not_happen_is_forgotten(database: Database, table: PageTable) -> None:
    with database.write() as conn:
        sendings.record_sending(conn, table.workspace_id, table.id, 5, {})
        sendings.forget_last_sending(conn, table.workspace_id, table.id)
    assert _now(database, table) == table


def test_a_write_of_which_nobody_knows_what_became_stays_beside_a_later_one(
    database: Database, table: PageTable
) -> None:
    ids = (table.workspace_id, table.id)
    with database.write() as conn:
        for number in range(sendings.MOST_KEPT + 2):
            sendings.record_sending(conn, *ids, 5, {"message": f"m{number}"})
    last = sendings.MOST_KEPT + 1
    wanted = [sendings.Sending(5, {"message": f"m{last - ago}"}) for ago in range(sendings.MOST_KEPT)]
    assert list(sendings.sendings_of(_now(database, table))) == wanted
    with database.write() as conn:
        sendings.forget_last_sending(conn, *ids)
    assert list(sendings.sendings_of(_now(database, table))) == wanted[1:]


def test_what_a_person_typed_is_kept_once(database: Database, table: PageTable) -> None:
    ids = (table.workspace_id, table.id)
    typed = visits.TypedText(7, "PAY-KR1", "now", "about 30", "ben", "Ben", START, "not_understood")
    later = replace(typed, version=8, text="31", outcome="taken")
    with database.write() as conn:
        assert [visits.record_typed_text(conn, *ids, one) for one in (typed, typed, later)] == [True, False, True]
        assert load_typed_texts(conn, *ids) == (later, typed)


def test_what_was_typed_has_the_outcome_that_it_was_given_last(database: Database, table: PageTable) -> None:
    ids = (table.workspace_id, table.id)
    typed = visits.TypedText(7, "PAY-KR1", "now", "about 30", "ben", "Ben", START, "superseded")
    replaced = replace(typed, outcome="replaced")
    with database.write() as conn:
        assert [visits.record_typed_text(conn, *ids, one) for one in (typed, replaced, replaced)] == [True, True, False]
        assert load_typed_texts(conn, *ids) == (replaced,)


def test_a_table_that_is_removed_leaves_its_versions_to_its_page(database: Database, table: PageTable) -> None:
    ids = (table.workspace_id, table.id)
    page = (table.connection_id, table.page_id)
    with database.write() as conn:
        visits.record_written(conn, *ids, visits.Written(5, START, START, "m", "f", {}, {}))
        assert remove_table(conn, *ids)
        assert not remove_table(conn, *ids)
        assert visits.our_versions(conn, *ids) == ()
        assert versions_of_pages(conn, table.workspace_id, START) == {page: 1}
        assert versions_of_pages(conn, table.workspace_id + 1, START) == {}
        assert visits.versions_of_page(conn, table.workspace_id, *page, after=4) == {5}
        with pytest.raises(UnknownTable):
            load_table(conn, *ids)
        with pytest.raises(UnknownTable):
            visits.record_tokens(conn, *ids, 1, START)


def test_a_table_belongs_to_its_workspace(database: Database, table: PageTable) -> None:
    other = add_workspace(database)
    with database.write() as conn:
        with pytest.raises(UnknownTable):
            load_table(conn, other, table.id)
        with pytest.raises(UnknownTable):
            visits.record_tokens(conn, other, table.id, 1, START)
        assert not remove_table(conn, other, table.id)
