"""The block that a team keeps in its meeting page: what was done in Jira since each key result's last check-in."""

from __future__ import annotations

from decimal import Decimal

from connector.store.tables import set_table
from mapping.okr import CheckInOrigin
from sync.commands import record_check_in
from tests.integration.okr_page import OkrPage


def as_meeting(page: OkrPage) -> None:
    with page.line.on.database.write() as conn:
        set_table(conn, page.line.workspace_id, page.table_id, {"shape": "meeting"})


def check_in(page: OkrPage, value: str) -> None:
    page.line.after(minutes=1)
    record_check_in(
        page.line.on, page.line.workspace_id, key="T-KR1", value=Decimal(value), confidence=7, done_since="",
        note="", blockers="", next_step="", author="Ana Duarte", origin=CheckInOrigin.WEB, idempotency_key=value,
    )  # fmt: skip
    page.line.after(minutes=1)


def test_a_meeting_sees_what_was_done_since_the_last_check_in(page: OkrPage) -> None:
    as_meeting(page)
    moved = f"{page.first} : 2 done"
    check_in(page, "28")
    assert "nothing moved in Jira" in page.words()
    page.finish(1)
    page.finish(2)
    page.line.next_poll()
    page.line.after(minutes=40)
    assert moved in page.words()
    check_in(page, "27")
    assert moved not in page.words()
    assert "nothing moved in Jira" in page.words()


def test_what_was_done_before_we_looked_is_not_known(page: OkrPage) -> None:
    """The only check-in is older than anything that was read."""
    as_meeting(page)
    page.finish(1)
    page.line.next_poll()
    page.line.after(minutes=40)
    assert f"{page.first} :" not in page.words()
    assert "nothing moved in Jira" not in page.words()
    assert "Done since" in page.words()
