"""Whatever ends a visit, and whoever publishes in the middle of it: each typed text becomes exactly one check-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import event

from connector.store.connections import Connection
from connector.store.work import claim_work
from sync.commands import give_up_typed, take_typed, write_table
from sync.ports import Page, PageStore
from sync.work import LEASE_SECONDS
from tests.integration.hooked import Crashed, HookedPages, HookedSites, crash, once
from tests.integration.okr_page import OkrPage
from tests.integration.stopping import StoppingSites
from tests.integration.typing import ANA, CONFIDENCE, NEXT_STEP, NOW, ROSA, findings, outcomes, said, type_in
from tests.site.roster import TIDY_BOT


@contextmanager
def stopping_before(page: OkrPage, statement: str) -> Iterator[None]:
    """The process ends before the first such statement is sent to the database."""

    def stop(_conn: object, _cursor: object, sent: str, *_rest: object) -> None:
        if sent.lstrip().startswith(statement):
            raise Crashed

    engine = page.line.on.database.engine
    event.listen(engine, "before_cursor_execute", stop)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", stop)


def two_people_type(page: OkrPage) -> None:
    type_in(page, {NOW: "27", CONFIDENCE: "8"}, by=ROSA)
    type_in(page, {NEXT_STEP: "Ask the bank."})


def is_right(page: OkrPage) -> None:
    """Both said their own, once, and the page says so in one version of ours more."""
    assert [(each.author, each.value, each.confidence, each.next_step) for each in said(page)] == [
        (ROSA.display_name, Decimal(27), 8, ""),
        (ANA.display_name, None, None, "Ask the bank."),
    ]
    assert [(text, outcome) for text, outcome, _ in outcomes(page)] == [
        ("27", "taken"),
        ("8", "taken"),
        ("Ask the bank.", "taken"),
    ]
    assert (page.our_versions(), page.wrong(), page.table.must_write) == (2, [], False)
    assert ">27<" in page.body()


def goes_on(page: OkrPage) -> None:
    """Another process takes over when the claim of the one that ended has run out."""
    page.line.after(seconds=LEASE_SECONDS + 1)
    page.line.work()


# A visit to a page in which two people typed makes 10 calls: read, versions, an older version, who they are; read,
# draft, read, write, read, the version before ours.
CALLS = range(1, 11)


@pytest.mark.parametrize("after_it", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at_call", CALLS)
def test_a_visit_that_ends_at_any_call_to_confluence(page: OkrPage, at_call: int, *, after_it: bool) -> None:
    two_people_type(page)
    sites = StoppingSites(page.line.on.sites, at_call, after_it)
    with pytest.raises(Crashed):
        page.line.next_poll(sites=sites)
    goes_on(page)
    is_right(page)


def test_there_are_no_more_calls_than_these(page: OkrPage) -> None:
    two_people_type(page)
    sites = StoppingSites(page.line.on.sites, CALLS[-1] + 1, after_it=False)
    page.line.next_poll(sites=sites)
    assert sites.pages is not None
    assert sites.pages.made == CALLS[-1]
    is_right(page)


@pytest.mark.parametrize(
    "statement", ["INSERT INTO typed_text", "INSERT INTO check_in", "INSERT INTO site_account", "UPDATE page_table"]
)
def test_a_visit_that_ends_in_the_middle_of_a_transaction(page: OkrPage, statement: str) -> None:
    two_people_type(page)
    with pytest.raises(Crashed), stopping_before(page, statement):
        page.line.next_poll()
    goes_on(page)
    is_right(page)


def test_somebody_who_types_between_our_read_and_our_write(page: OkrPage) -> None:
    """Their text is taken too, and the write is built on it."""
    type_in(page, {NOW: "27", CONFIDENCE: "8"}, by=ROSA)
    act = once(lambda: type_in(page, {NEXT_STEP: "Ask the bank."}))
    page.line.next_poll(sites=HookedSites(page.line.on.sites, before_write=act))
    is_right(page)


def test_somebody_who_types_while_we_look_for_a_draft(page: OkrPage) -> None:
    """It looks like a draft then, and is seen for what it is a minute later."""
    type_in(page, {NOW: "27", CONFIDENCE: "8"}, by=ROSA)
    act = once(lambda: type_in(page, {NEXT_STEP: "Ask the bank."}))
    page.line.next_poll(sites=HookedSites(page.line.on.sites, before_draft=act))
    page.line.next_poll()
    is_right(page)


def test_whoever_lost_the_page_to_another_worker_takes_nothing(page: OkrPage) -> None:
    line = page.line
    type_in(page, {NOW: "27"})

    class Slow(HookedSites):
        def confluence(self, connection: Connection) -> PageStore:
            later = line.clock.advance(seconds=LEASE_SECONDS + 1)
            assert claim_work(line.on.database, now=later, lease_seconds=600, kinds=["table"])
            return super().confluence(connection)

    line.mark("table", str(page.table_id))
    line.work(sites=Slow(line.on.sites))
    assert (said(page), outcomes(page)) == ([], [])


def test_words_that_we_had_shown_are_nobodys_when_a_text_that_was_taken_is_typed_over(page: OkrPage) -> None:
    """Rosa published before Ana typed, and wrote beside the table only."""
    page.site.edit_page(page.page_id, lambda body: body + "<p>beside it</p>", by=ROSA)
    type_in(page, {NOW: "27"})
    act = once(lambda: type_in(page, {NOW: "28"}))
    page.line.next_poll(sites=HookedSites(page.line.on.sites, before_write=act))
    page.line.next_poll()
    assert [(text, outcome, who) for text, outcome, who in outcomes(page)] == [
        ("27", "taken", ANA.display_name),
        ("28", "taken", ANA.display_name),
    ]


@pytest.mark.parametrize("kind", ["lost", "drop"])
def test_a_write_whose_answer_is_lost_repeats_no_check_in(page: OkrPage, kind: str) -> None:
    two_people_type(page)
    page.site.faults({"path": f"/pages/{page.page_id}$", "method": "PUT", "kind": kind})
    page.line.next_poll()
    page.line.after(seconds=10)
    is_right(page)


def test_what_is_given_up_while_we_write_is_filled_by_the_next_write(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    line = page.line
    page.finish()
    act = once(lambda: give_up_typed(line.on, line.workspace_id, page.table_id, None, who="Petra"))
    line.next_poll(sites=HookedSites(line.on.sites, before_write=act))
    assert ">29<" in page.body()
    assert "about 30" not in page.body()
    assert (page.table.must_write, findings(page)) == (False, [])


def test_what_is_confirmed_while_we_write_is_one_check_in(page: OkrPage) -> None:
    type_in(page, {NOW: "27"}, by=TIDY_BOT)
    page.line.next_poll()
    line = page.line
    page.finish()
    act = once(lambda: take_typed(line.on, line.workspace_id, page.table_id, None, who="Petra"))
    line.next_poll(sites=HookedSites(line.on.sites, before_write=act))
    assert [each.value for each in said(page)] == [Decimal(27)]
    assert ">27<" in page.body()
    assert (page.table.must_write, findings(page)) == (False, [])


def test_a_write_that_is_asked_for_while_we_write_is_done(page: OkrPage) -> None:
    line = page.line
    page.finish()
    act = once(lambda: write_table(line.on, line.workspace_id, page.table_id, who="Petra"))
    line.next_poll(sites=HookedSites(line.on.sites, before_write=act))
    assert (page.our_versions(), page.table.must_write) == (3, False)


class EndsAtSecondRead(HookedPages):
    """The process ends when it looks at the page again, because somebody had typed; Jira has news by then."""

    def __init__(self, inner: PageStore, page: OkrPage) -> None:
        super().__init__(inner)
        self._page, self._reads = page, 0

    def read(self, page_id: str) -> Page:
        self._reads += 1
        if self._reads == 2:
            self._page.line.mark("table", str(self._page.table_id), urgency=5)
            raise Crashed
        return super().read(page_id)


class EndsAtSecondReadSites(HookedSites):
    def __init__(self, page: OkrPage) -> None:
        super().__init__(page.line.on.sites)
        self._page = page

    def confluence(self, connection: Connection) -> PageStore:
        if self.pages is None:
            self.pages = EndsAtSecondRead(self._sites.confluence(connection), self._page)
        return self.pages


def test_what_the_page_says_already_is_not_written_whoever_asks_next(page: OkrPage) -> None:
    """A text is taken, the process ends, and the mark that stands by then is one of a change in Jira."""
    type_in(page, {NEXT_STEP: "Ask the bank."})
    with pytest.raises(Crashed):
        page.line.next_poll(sites=EndsAtSecondReadSites(page))
    goes_on(page)
    assert [each.next_step for each in said(page)] == ["Ask the bank."]
    assert (page.our_versions(), page.wrong()) == (1, [])


def lose_the_answer(page: OkrPage, meanwhile: Callable[[], object]) -> None:
    """A write that keeps what waits is applied, its answer is lost, and a person decides before we find out."""
    page.finish()
    with pytest.raises(Crashed):
        page.line.next_poll(sites=HookedSites(page.line.on.sites, after_write=crash))
    assert page.table.sending
    meanwhile()
    goes_on(page)


def test_what_is_given_up_while_the_answer_is_lost_is_filled_by_the_next_write(page: OkrPage) -> None:
    type_in(page, {NOW: "about 30"})
    page.line.next_poll()
    line = page.line
    lose_the_answer(page, lambda: give_up_typed(line.on, line.workspace_id, page.table_id, None, who="Petra"))
    assert ">29<" in page.body()
    assert "about 30" not in page.body()
    assert (page.table.must_write, findings(page), page.wrong()) == (False, [], [])


def test_a_write_that_is_asked_for_while_the_answer_is_lost_is_done(page: OkrPage) -> None:
    line = page.line
    lose_the_answer(page, lambda: write_table(line.on, line.workspace_id, page.table_id, who="Petra"))
    assert (page.our_versions(), page.table.must_write) == (3, False)


def test_a_write_that_was_asked_for_is_done_once_though_its_answer_is_lost(page: OkrPage) -> None:
    line = page.line
    write_table(line.on, line.workspace_id, page.table_id, who="Petra")
    page.site.faults({"path": f"/pages/{page.page_id}$", "method": "PUT", "kind": "lost"})
    line.work(until_quiet=False)
    line.after(seconds=10)
    assert (page.our_versions(), page.table.must_write) == (2, False)
