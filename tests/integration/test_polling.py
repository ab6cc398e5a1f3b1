"""What changed is found by asking alone: in any time zone, late in the index, in bulk, or listed again in full."""

from __future__ import annotations

from time import sleep

import pytest
from sqlalchemy import delete

from connector.pacing import http_date
from connector.store.schema import work
from tests.integration.okr_page import OkrPage
from tests.site.roster import SYNC


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu", "Pacific/Pago_Pago"])
def test_the_time_zone_of_the_account_plays_no_part(page: OkrPage, zone: str) -> None:
    page.site.change_account(SYNC, time_zone=zone)
    page.finish()
    page.line.next_poll()
    assert page.wrong() == []


def test_what_the_index_shows_late_is_found_late_and_not_skipped(page: OkrPage) -> None:
    """The rounds in between, which saw nothing of it, must not move on past it."""
    page.site.search_lag(1.5)
    page.finish()
    for _ in range(3):
        page.line.next_poll()
    assert page.wrong() == [] or page.our_versions() == 1
    sleep(1.6)
    page.line.next_poll()
    assert page.wrong() == []
    assert page.our_versions() == 2


def test_the_place_moves_with_the_sites_clock_less_ten_minutes(page: OkrPage) -> None:
    page.line.next_poll()
    poll_from = page.line.connection().poll_from
    assert poll_from is not None
    now = http_date(page.site.jira("GET", "/serverInfo").headers["Date"])
    assert now is not None
    assert 599 <= (now - poll_from).total_seconds() <= 610


def test_a_bulk_change_over_several_pages_is_a_handful_of_calls_and_one_version(page: OkrPage) -> None:
    stories = [page.site.create_issue("PAY", f"Bulk {number}", parent=page.first) for number in range(250)]
    page.line.next_poll()
    assert page.wrong() == []
    page.site.forget_requests()
    for key in stories:
        page.site.transition(key, "Done")
    page.line.next_poll()
    assert page.wrong() == []
    assert page.our_versions() == 3
    assert len([call for call in page.site.requests(SYNC) if "/rest/" in call["path"]]) <= 40


def test_a_poll_that_breaks_off_starts_again_from_the_same_place(page: OkrPage) -> None:
    page.line.next_poll()
    before = page.line.connection().poll_from
    page.finish()
    page.site.faults({"path": "search/jql", "kind": "truncated", "times": 1})
    page.line.clock.advance(seconds=61)
    page.line.tick()
    page.line.work(until_quiet=False)
    assert page.line.connection().poll_from == before
    page.line.after(minutes=1)
    assert page.wrong() == []


def test_the_full_check_alone_finds_everything(page: OkrPage) -> None:
    """With no event, and with the question what changed not asked again."""
    page.site.faults({"path": "search/jql", "kind": "status", "status": 503, "times": None})
    page.finish()
    page.line.next_poll()
    assert page.our_versions() == 1
    page.site.clear_faults()
    page.site.delete_issue(page.children[page.first][2])
    page.site.edit_issue(page.children[page.second][3], parent=page.first)
    with page.line.on.database.write() as conn:
        conn.execute(delete(work).where(work.c.workspace_id == page.line.workspace_id, work.c.kind == "poll"))
    page.line.mark("full_check", str(page.line.connection().id))
    page.line.clock.advance(minutes=1)
    page.line.work()
    assert page.wrong() == []


def test_within_a_day_everything_is_listed_again_by_itself(page: OkrPage) -> None:
    page.site.delete_issue(page.children[page.first][1])
    page.line.next_poll()
    assert page.wrong()
    page.line.after(hours=24)
    page.line.next_poll()
    assert page.wrong() == []


def test_a_change_of_the_page_is_seen_within_a_round(page: OkrPage) -> None:
    page.type_below("<p>Edited.</p>")
    page.line.next_poll()
    assert page.table.seen_version == 3


def test_two_rounds_do_not_pile_up_questions(page: OkrPage) -> None:
    page.line.clock.advance(hours=1)
    for _ in range(5):
        page.line.tick()
    assert page.line.waiting()["poll"] == 1
    assert page.line.waiting()["pages"] == 1
