"""One write: sent once, recognised when its answer is lost, redone when somebody was faster, finished after a crash."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from connector.errors import Conflict
from connector.store.sendings import record_sending
from connector.store.tables import TableState
from connector.store.work import claim_work
from sync.work import LEASE_SECONDS
from tests.integration.hooked import Crashed, HookedSites, crash, once
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage, expected, okr_page
from tests.integration.test_typed_text import typed
from tests.site.running import Json


def puts(page: OkrPage) -> list[Json]:
    path = f"/wiki/api/v2/pages/{page.page_id}"
    return [call for call in page.site.requests() if (call["method"], call["path"]) == ("PUT", path)]


@pytest.mark.parametrize(
    "edit",
    [lambda body: f"{body}<p>More.</p>", lambda body: re.sub(' data-highlight-colour="[^"]*"', "", body)],
    ids=["below the table", "the colours of its cells"],
)
def test_what_says_nothing_new_is_answered_by_no_version_of_ours(page: OkrPage, edit: Callable[[str], str]) -> None:
    before = page.body()
    page.site.edit_page(page.page_id, edit)
    assert page.body() != before
    page.line.next_poll()
    assert (page.table.seen_version, page.our_versions()) == (3, 1)


def test_what_comes_back_to_where_it_was_is_not_written(page: OkrPage) -> None:
    key = page.finish()
    page.site.transition(key, "To Do")
    page.line.next_poll()
    page.line.mark("table", str(page.table_id), urgency=1)
    page.line.work()
    assert puts(page) == []


@pytest.mark.parametrize("kind", ["lost", "drop"])
def test_a_write_whose_answer_is_lost_makes_one_version_whatever_became_of_it(page: OkrPage, kind: str) -> None:
    page.site.faults({"path": f"/pages/{page.page_id}$", "method": "PUT", "kind": kind})
    page.finish()
    page.line.next_poll()
    page.line.after(seconds=10)
    assert page.wrong() == []
    assert page.our_versions() == 2
    assert (page.table.written_version, page.table.sending_version) == (3, None)
    assert typed(page) == []


def test_a_lost_write_is_not_taken_for_that_of_another_table_in_the_same_page(page: OkrPage) -> None:
    """Both say the same about the same initiative, so their versions have the same message."""
    page.line.add_table(page.page_id, "now", region_id="second")
    page.line.work()
    page.site.faults({"path": f"/pages/{page.page_id}$", "method": "PUT", "kind": "drop"})
    page.finish()
    page.line.next_poll()
    page.line.after(seconds=10)
    assert page.words().count(expected(page.site, page.first)) == 2
    assert page.our_versions() == 4


def test_a_write_whose_answer_is_lost_takes_from_the_budget_as_any_other(page: OkrPage) -> None:
    page.site.faults({"path": f"/pages/{page.page_id}$", "method": "PUT", "kind": "lost"})
    page.finish()
    page.line.next_poll()
    page.line.after(seconds=10)
    assert page.table.tokens == 3


def test_a_refusal_of_what_was_applied_makes_no_second_version(page: OkrPage) -> None:
    """A gateway repeats a PUT whose answer it lost, and gets a 409 for it."""
    page.finish()

    def applied_but_refused() -> None:
        raise Conflict("Version must be incremented")

    sites = HookedSites(page.line.on.sites, after_write=applied_but_refused)
    page.line.next_poll(sites=sites)
    assert page.our_versions() == 2
    assert page.table.written_version == 3
    assert typed(page) == []


def test_409_after_409_ends_and_is_taken_up_later(page: OkrPage) -> None:
    page.site.faults({"path": f"/pages/{page.page_id}$", "method": "PUT", "kind": "status", "status": 409, "times": 7})
    page.finish()
    page.line.next_poll()
    page.line.work()
    assert len(puts(page)) <= 8
    page.line.after(minutes=1)
    assert (page.wrong(), page.our_versions(), len(puts(page))) == ([], 2, 8)


@pytest.mark.parametrize("moment", ["before_write", "after_write"])
def test_a_crash_around_the_write_leaves_one_version(page: OkrPage, moment: str) -> None:
    page.finish()
    sites = HookedSites(page.line.on.sites, **{moment: crash})
    with pytest.raises(Crashed):
        page.line.next_poll(sites=sites)
    page.line.after(seconds=LEASE_SECONDS + 1)
    page.line.work()
    assert page.wrong() == []
    assert page.our_versions() == 2
    assert page.table.sending_version is None
    assert typed(page) == []


def test_what_an_older_release_kept_of_a_write_is_forgotten(page: OkrPage) -> None:
    line, number = page.line, page.table.written_version
    with line.on.database.write() as conn:
        record_sending(conn, line.workspace_id, page.table_id, number, {"message": "OKR table added"})
    line.mark("table", str(page.table_id))
    line.work()
    assert page.table.sending_version is None
    assert (page.state(), page.wrong(), puts(page)) == (TableState.CURRENT, [], [])


def test_a_crash_before_the_very_first_write_is_no_table_that_somebody_took_out(okr_line: Line) -> None:
    page = okr_page(okr_line)
    with pytest.raises(Crashed):
        page.line.work(sites=HookedSites(page.line.on.sites, before_write=crash))
    page.line.after(seconds=LEASE_SECONDS + 1)
    assert (page.state(), page.wrong()) == (TableState.CURRENT, [])


def test_whoever_lost_the_page_to_another_worker_writes_nothing(page: OkrPage) -> None:
    """We are slow: while we look at the page our claim runs out, and somebody else takes it in hand."""
    line = page.line

    def somebody_else() -> None:
        later = line.clock.advance(seconds=LEASE_SECONDS + 1)
        assert claim_work(line.on.database, now=later, lease_seconds=600, kinds=["table"])

    page.finish()
    line.next_poll(sites=HookedSites(line.on.sites, before_draft=once(somebody_else)))
    assert puts(page) == []
    assert page.table.sending_version is None


def test_nothing_is_written_before_every_figure_is_complete(okr_line: Line) -> None:
    """And until then the page is not even asked for."""
    page = okr_page(okr_line)
    page.site.forget_requests()
    path = f"/wiki/api/v2/pages/{page.page_id}"
    page.site.faults({"path": "search/jql", "kind": "status", "status": 503, "times": None})
    page.line.work()
    page.line.after(minutes=5)
    assert [call for call in page.site.requests() if call["path"] == path] == []
    assert page.state() is TableState.WAITING
    page.site.clear_faults()
    page.line.after(minutes=11)
    assert (page.state(), page.wrong(), page.our_versions()) == (TableState.CURRENT, [], 1)
