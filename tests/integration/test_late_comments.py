"""An inline comment added between our read and our write raises no version: it is looked for, and put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from connector.errors import Gone
from connector.store import page_visits
from connector.store.activity import recent_activity
from connector.store.connections import Connection
from connector.store.tables import TableState
from mapping.comment_markers import comment_refs
from sync.ports import Page, PageStore
from sync.work import LEASE_SECONDS
from tests.integration.hooked import Crashed, HookedPages, HookedSites, crash, once
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage, written
from tests.integration.stopping import StoppingSites
from tests.site.confluence_person import WikiPerson
from tests.site.roster import PEOPLE

BODY = "<p>Three teams, one quarter.</p>"
STEP = "Raise to 100 %."


@pytest.fixture
def page(okr_line: Line) -> OkrPage:
    return written(okr_line, BODY)


def commenting(page: OkrPage, *words: str) -> Callable[[], None]:
    """Rosa comments on these words, once, at the worst moment."""
    rosa = WikiPerson(page.site.url, PEOPLE[0])

    def comment() -> None:
        for each in words:
            rosa.comment(page.page_id, each)

    return once(comment)


def log(page: OkrPage) -> list[str]:
    with page.line.on.database.read() as conn:
        told = recent_activity(conn, page.line.workspace_id)
    return [each.text for each in told if "comment" in each.text]


@pytest.mark.parametrize("words", ["one quarter", STEP, "Ana Duarte"])
def test_a_comment_between_our_read_and_our_write_is_put_back(page: OkrPage, words: str) -> None:
    page.finish()
    page.line.next_poll(sites=HookedSites(page.line.on.sites, before_write=commenting(page, words)))
    assert len(comment_refs(page.body())) == 1
    assert page.wrong() == []
    assert page.table.written_version == page.versions()[-1]["number"]
    assert page.versions()[-1]["message"] == "comment put back in its place"
    page.line.next_poll()
    assert page.our_versions() == 3


def test_several_are_put_back_in_one_version_and_only_once(page: OkrPage) -> None:
    page.finish()
    page.line.next_poll(sites=HookedSites(page.line.on.sites, before_write=commenting(page, "one quarter", STEP)))
    assert len(comment_refs(page.body())) == 2
    page.finish(2)
    page.line.next_poll()
    assert (len(comment_refs(page.body())), page.our_versions()) == (2, 4)


def test_a_comment_that_we_had_read_makes_no_second_version(page: OkrPage) -> None:
    commenting(page, "one quarter")()
    page.finish()
    page.line.next_poll()
    assert (len(comment_refs(page.body())), page.our_versions()) == (1, 2)


def test_it_is_put_back_after_a_crash_right_behind_the_write(page: OkrPage) -> None:
    page.finish()
    sites = HookedSites(page.line.on.sites, before_write=commenting(page, "one quarter"), after_write=crash)
    with pytest.raises(Crashed):
        page.line.next_poll(sites=sites)
    page.line.after(seconds=LEASE_SECONDS + 1)
    page.line.work()
    assert len(comment_refs(page.body())) == 1
    assert (page.wrong(), page.our_versions(), page.table.sending_version) == ([], 3, None)


@pytest.mark.parametrize("after_it", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at_call", range(1, 10))
def test_it_is_put_back_whenever_the_next_process_ends(page: OkrPage, at_call: int, *, after_it: bool) -> None:
    """The one that finds out that the version is ours, and about the comment."""
    page.finish()
    hooked = HookedSites(page.line.on.sites, before_write=commenting(page, "one quarter"), after_write=crash)
    with pytest.raises(Crashed):
        page.line.next_poll(sites=hooked)
    page.line.clock.advance(seconds=LEASE_SECONDS + 1)
    with suppress(Crashed):
        page.line.work(sites=StoppingSites(page.line.on.sites, at_call, after_it))
    page.line.after(seconds=LEASE_SECONDS + 1)
    page.line.work()
    assert len(comment_refs(page.body())) == 1
    assert (page.wrong(), page.our_versions(), page.table.sending_version) == ([], 3, None)
    with page.line.on.database.read() as conn:
        known = [each.version for each in page_visits.our_versions(conn, page.line.workspace_id, page.table_id)]
    assert sorted(known) == [each["number"] for each in page.versions()][-3:]


def test_where_somebody_published_since_it_is_said_and_nothing_is_forced(page: OkrPage) -> None:
    page.finish()
    sites = HookedSites(
        page.line.on.sites,
        before_write=commenting(page, "one quarter"),
        after_write=once(lambda: page.type_below("<p>Mine.</p>")),
    )
    page.line.next_poll(sites=sites)
    assert page.body().endswith("<p>Mine.</p>")
    assert page.wrong() == []
    assert len(log(page)) == 1


class Forgetful(HookedPages):
    """Keeps no version but the last."""

    def read_version(self, page_id: str, number: int) -> Page:
        raise Gone("there is no such version")


class ForgetfulSites(HookedSites):
    def confluence(self, connection: Connection) -> PageStore:
        return Forgetful(super().confluence(connection))


def test_a_version_that_is_kept_no_longer_says_nothing_of_the_page(page: OkrPage) -> None:
    page.finish()
    page.line.next_poll(sites=ForgetfulSites(page.line.on.sites))
    assert (page.state(), page.wrong(), page.our_versions()) == (TableState.CURRENT, [], 2)
    assert page.table.written_version == page.versions()[-1]["number"]
