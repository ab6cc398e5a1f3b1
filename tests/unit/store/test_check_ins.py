"""A check-in that was withdrawn counts nowhere, and a corrected file does not double what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from connector.store.check_ins import last_said, load_check_ins, load_kept, record_check_in, record_imported, withdraw
from connector.store.engine import Database
from connector.store.okrs import OkrSet, record_okrs
from mapping.okr import CheckIn, CheckInOrigin, CycleState
from tests.clock import START
from tests.unit.store.samples import ALL, CYCLE, METRIC, add_workspace, keep

SAID = CheckIn("PAY-KR1", START - timedelta(days=3), Decimal(29), 6, author="Ana", origin=CheckInOrigin.IMPORT)
LATER = START + timedelta(hours=1)


@pytest.fixture(autouse=True)
def okrs_are_kept(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        keep(conn, workspace_id)


def _import(database: Database, workspace_id: int, said: CheckIn, act: str, hours: int = 0) -> bool:
    with database.write() as conn:
        at = START + timedelta(hours=hours)
        return record_imported(conn, workspace_id, said, idempotency_key=act, recorded_at=at)


def _values(database: Database, workspace_id: int) -> list[Decimal | None]:
    with database.read() as conn:
        return [each.value for each in load_check_ins(conn, workspace_id, ["PAY-KR1"])["PAY-KR1"]]


def test_what_is_withdrawn_stays_readable_and_counts_nowhere(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        record_check_in(conn, workspace_id, SAID, idempotency_key="form", recorded_at=START)
        number = load_kept(conn, workspace_id, "PAY-KR1")[0].check_in_id
        assert withdraw(conn, workspace_id, number, at=LATER, by="Ana", why="typed twice")
        assert not withdraw(conn, workspace_id, number, at=LATER, by="Ben", why="again")
    assert _values(database, workspace_id) == []
    with database.read() as conn:
        (kept,) = load_kept(conn, workspace_id, "PAY-KR1")
        asked = {each.key: each.at for each in last_said(conn, workspace_id, START.date())}
    assert (kept.said, kept.withdrawn_at, kept.withdrawn_by, kept.withdrawn_why) == (SAID, LATER, "Ana", "typed twice")
    assert asked["PAY-KR1"] is None
    with database.write() as conn:
        assert not record_check_in(conn, workspace_id, SAID, idempotency_key="form", recorded_at=LATER)
    assert _values(database, workspace_id) == [], "the same act again does not bring it back"


def test_only_ones_own_workspace_can_withdraw_it(database: Database, workspace_id: int) -> None:
    other = add_workspace(database)
    with database.write() as conn:
        record_check_in(conn, workspace_id, SAID, idempotency_key="form", recorded_at=START)
        number = load_kept(conn, workspace_id, "PAY-KR1")[0].check_in_id
        assert not withdraw(conn, other, number, at=LATER, by="Eve", why="mine now")
        assert load_kept(conn, other, "PAY-KR1") == ()


def test_a_corrected_file_takes_the_place_of_what_it_said(database: Database, workspace_id: int) -> None:
    corrected = replace(SAID, value=Decimal(28))
    assert _import(database, workspace_id, SAID, "a")
    assert not _import(database, workspace_id, SAID, "a")
    assert _import(database, workspace_id, corrected, "b", 1)
    assert _values(database, workspace_id) == [Decimal(28)]
    assert _import(database, workspace_id, SAID, "a", 2), "the first words again, after all"
    assert _values(database, workspace_id) == [Decimal(29)]
    assert not _import(database, workspace_id, SAID, "a", 3)


def test_what_a_person_withdrew_no_file_brings_back(database: Database, workspace_id: int) -> None:
    _import(database, workspace_id, SAID, "a")
    with database.write() as conn:
        number = load_kept(conn, workspace_id, "PAY-KR1")[0].check_in_id
        withdraw(conn, workspace_id, number, at=LATER, by="Ana", why="wrong row")
    assert not _import(database, workspace_id, SAID, "a", 2)
    assert _values(database, workspace_id) == []


def test_what_a_person_said_in_the_form_no_file_replaces(database: Database, workspace_id: int) -> None:
    by_form = replace(SAID, origin=CheckInOrigin.WEB)
    with database.write() as conn:
        record_check_in(conn, workspace_id, by_form, idempotency_key="form", recorded_at=START)
    assert not _import(database, workspace_id, SAID, "a"), "exported and imported again, it is the same"
    assert _import(database, workspace_id, replace(SAID, value=Decimal(28)), "b")
    assert _values(database, workspace_id) == [Decimal(29), Decimal(28)]


def test_check_ins_are_asked_of_what_is_open_and_not_dropped(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        record_check_in(conn, workspace_id, SAID, idempotency_key="form", recorded_at=START)
        asked = {each.key: (each.at, each.team, each.owner) for each in last_said(conn, workspace_id, START.date())}
        assert set(asked) == {kr.key for kr in ALL.key_results}
        assert asked["PAY-KR1"] == (SAID.at, "Payments", "Ben")
        assert last_said(conn, workspace_id, CYCLE.starts_on - timedelta(days=1)) == ()
        dropped = replace(METRIC, dropped_on=START.date(), dropped_why="the law changed")
        record_okrs(conn, workspace_id, OkrSet([CYCLE], [], [dropped]), at=START, who="Ana")
        assert "PAY-KR1" not in {each.key for each in last_said(conn, workspace_id, START.date())}
        closed = replace(CYCLE, state=CycleState.CLOSED)
        record_okrs(conn, workspace_id, OkrSet([closed]), at=START, who="Ana")
        assert last_said(conn, workspace_id, START.date()) == ()
