"""Pausing, asking now, trying again, checking in: what each marks as due, and what it leaves alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from connector.store.work import claim_work, mark_due, record_failed
from connector.store.work_list import load_parked
from mapping.okr import CheckInOrigin
from sync import commands
from sync.commands import NotPossible
from sync.commands.table_plan import TableWish
from tests.unit.commands.stand_in import OKRS, Stand


@pytest.fixture
def running(connected: Stand) -> Stand:
    """OKRs, one table, and nothing due."""
    commands.import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    commands.add_table(connected.on, connected.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    with connected.on.database.write() as conn:
        conn.execute(text("DELETE FROM work"))
        conn.execute(text("DELETE FROM activity"))
    connected.bell.rung = 0
    return connected


def due(service: Stand) -> list[tuple[Any, ...]]:
    return service.rows("SELECT kind, target FROM work ORDER BY kind, target")


def check_in(service: Stand, key: str = "PAY-KR1", once: str = "form 1", **changes: Any) -> None:
    said: dict[str, Any] = {
        "value": Decimal("28.5"), "confidence": 7, "done_since": "Saved cards.", "note": "", "blockers": "",
        "next_step": "Go to 100 %.", "author": "Ana", "origin": CheckInOrigin.WEB,
    }  # fmt: skip
    commands.record_check_in(service.on, service.workspace_id, key=key, idempotency_key=once, **said | changes)


def test_pausing_is_kept_once_and_marks_nothing(running: Stand) -> None:
    assert commands.pause_writing(running.on, running.workspace_id, "Rosa") is True
    assert commands.pause_writing(running.on, running.workspace_id, "Jonas") is False
    assert running.rows("SELECT writing_paused_by FROM workspace") == [("Rosa",)]
    assert running.log() == ["Rosa: paused all writing to Confluence"]
    assert due(running) == []


def test_resuming_brings_every_page_up_to_date(running: Stand) -> None:
    commands.pause_writing(running.on, running.workspace_id, "Rosa")
    assert commands.resume_writing(running.on, running.workspace_id, "Jonas") is True
    assert commands.resume_writing(running.on, running.workspace_id, "Jonas") is False
    assert due(running) == [("table", "1")]
    assert running.log()[-1] == "Jonas: resumed writing to Confluence"


def test_a_full_check_reads_everything_again(running: Stand) -> None:
    assert commands.check_everything(running.on, running.workspace_id, "Rosa") == 2
    assert due(running) == [("full_check", "1"), ("pages", "2"), ("table", "1")]
    assert (running.log(), running.bell.rung) == (["Rosa: asked for a full check"], 1)


def test_asking_now_asks_each_site(running: Stand) -> None:
    assert commands.sync_now(running.on, running.workspace_id) == running.clock.now()
    assert due(running) == [("pages", "2"), ("poll", "1")]
    assert running.bell.rung == 1


def test_with_nothing_connected_there_is_nothing_to_ask(service: Stand) -> None:
    with pytest.raises(NotPossible, match="okr connect"):
        commands.sync_now(service.on, service.workspace_id)
    with pytest.raises(NotPossible, match="okr connect"):
        commands.check_everything(service.on, service.workspace_id, "Rosa")
    assert service.log() == []


def test_what_was_set_aside_is_tried_again_when_asked(running: Stand) -> None:
    work_id = _set_aside(running)
    assert commands.try_again(running.on, running.workspace_id, work_id, "Rosa") is True
    assert commands.try_again(running.on, running.workspace_id, work_id, "Rosa") is False
    assert running.rows("SELECT parked_at, attempts FROM work") == [(None, 0)]
    assert len(running.log()) == 1


def _set_aside(service: Stand) -> int:
    now = service.clock.now()
    with service.on.database.write() as conn:
        mark_due(conn, service.workspace_id, "issue", ["1:10412"], now)
    claim = claim_work(service.on.database, now=now, lease_seconds=60)[0]
    with service.on.database.write() as conn:
        record_failed(conn, claim, at=now, error="400", parked_reason="Jira refused it")
    with service.on.database.read() as conn:
        return load_parked(conn, service.workspace_id)[0].work_id


def test_a_check_in_is_kept_and_its_pages_are_written_at_once(running: Stand) -> None:
    check_in(running)
    kept = running.rows("SELECT value, confidence, done_since, next_step, author, origin FROM check_in ORDER BY id")
    assert kept[-1] == ("28.5", 7, "Saved cards.", "Go to 100 %.", "Ana", "web")
    assert running.rows("SELECT kind, target, urgency FROM work") == [("table", "1", 1)]
    assert running.bell.rung == 1


def test_the_same_form_sent_twice_is_one_check_in(running: Stand) -> None:
    for _ in range(3):
        check_in(running)
    check_in(running, once="form 2")
    assert len(running.rows("SELECT id FROM check_in WHERE origin = 'web'")) == 2


@pytest.mark.parametrize(("changes", "said"), [({"key": "PAY-KR9"}, "no key result"), ({"confidence": 11}, "0 to 10")])
def test_a_check_in_that_cannot_be_is_refused(running: Stand, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(NotPossible, match=said):
        check_in(running, **changes)
    assert due(running) == []
