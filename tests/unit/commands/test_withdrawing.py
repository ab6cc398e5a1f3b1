"""A check-in is taken back by whoever sent it, or by an admin; figures and pages become what they were before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from connector.store import check_ins, people
from connector.store.people import Person
from mapping.okr import CheckInOrigin
from sync import commands
from sync.commands import NotPossible
from sync.commands.okr_refusals import WrongField
from sync.commands.table_plan import TableWish
from sync.commands.withdrawing import withdraw_check_in
from sync.queries.key_result import load_key_result
from sync.queries.withdrawal import load_withdrawal
from tests.unit.commands.stand_in import OKRS, Stand


@pytest.fixture
def filled(connected: Stand) -> Stand:
    """29 came from a file; Ben said 23 by the form."""
    commands.import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    commands.add_table(connected.on, connected.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    commands.record_check_in(
        connected.on, connected.workspace_id, key="PAY-KR1", value=Decimal(23), confidence=8, done_since="", note="",
        blockers="", next_step="", author="Ben", origin=CheckInOrigin.WEB, idempotency_key="web:7:once",
    )  # fmt: skip
    with connected.on.database.write() as conn:
        from sqlalchemy import text

        conn.execute(text("DELETE FROM work"))
    return connected


def _person(stand: Stand, number: int, role: str = "editor") -> Person:
    with stand.on.database.write() as conn:
        email = f"{role}-{number}@acme.example"
        added = people.add_person(
            conn, stand.workspace_id, email=email, name="Ben", role=role, password_hash="", at=stand.clock.now()
        )
    return replace(added, person_id=number)


def _numbers(stand: Stand) -> list[int]:
    """Newest first."""
    with stand.on.database.read() as conn:
        return [each.check_in_id for each in check_ins.load_kept(conn, stand.workspace_id, "PAY-KR1")]


def _withdraw(stand: Stand, number: int, person: Person, why: str = "typed into the wrong row") -> bool:
    return withdraw_check_in(stand.on, stand.workspace_id, "PAY-KR1", number, why=why, person=person)


def test_the_figure_becomes_what_it_was_and_its_pages_are_written(filled: Stand) -> None:
    number = _numbers(filled)[0]
    told = load_withdrawal(filled.on, filled.workspace_id, "PAY-KR1", number, filled.clock.now())
    assert told is not None
    assert (told.before.now, told.after.now) == (Decimal(23), Decimal(29))
    assert _withdraw(filled, number, _person(filled, 7))
    view = load_key_result(filled.on, filled.workspace_id, "PAY-KR1", filled.clock.now())
    assert view is not None
    assert (view.figure.now, view.figure.confidence, len(view.check_ins), len(view.kept)) == (Decimal(29), 6, 1, 2)
    assert filled.due("table") == ["1"]
    assert filled.log()[-1] == "Ben: withdrew a check-in of PAY-KR1. Reason: typed into the wrong row"
    assert not _withdraw(filled, number, _person(filled, 7, "admin")), "once is enough"


def test_a_name_alone_is_nobody(filled: Stand) -> None:
    """Another Ben, who did not send the form."""
    with pytest.raises(NotPossible, match="said by somebody else"):
        _withdraw(filled, _numbers(filled)[0], _person(filled, 8))
    with pytest.raises(NotPossible, match="said by somebody else"):
        _withdraw(filled, _numbers(filled)[1], _person(filled, 7))
    assert _withdraw(filled, _numbers(filled)[1], _person(filled, 9, "admin")), "an admin may"


def test_somebody_new_with_the_number_of_somebody_removed_said_nothing_before_they_came(filled: Stand) -> None:
    filled.clock.advance(seconds=1)
    with pytest.raises(NotPossible, match="said by somebody else"):
        _withdraw(filled, _numbers(filled)[0], _person(filled, 7))


def test_it_needs_a_reason_and_one_that_is_there(filled: Stand) -> None:
    with pytest.raises(WrongField, match="what was wrong with it"):
        _withdraw(filled, _numbers(filled)[0], _person(filled, 7), why=" ")
    for number in (0, 999, 2**62):
        with pytest.raises(NotPossible, match="There is no such check-in"):
            _withdraw(filled, number, _person(filled, 7, f"admin{number}"))
