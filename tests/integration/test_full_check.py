"""The full check alone is enough: with every event lost and every poll blind, and whatever ends it in between."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest
from sqlalchemy import update

from connector.store import runs
from connector.store.connections import Connection
from connector.store.schema import cycle
from connector.store.tables import set_table
from sync.ports import JiraReader, PageStore, SearchPage
from tests.integration.hooked import Crashed, HookedPages
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage, okr_page
from tests.integration.passed_on import JiraPassedOn, SitesWithJira
from tests.integration.typing import NOW, said, type_in

_IDS = re.compile(r"parent in \(([0-9, ]+)\)")


@dataclass
class Listings:
    """What was listed, query by query; the process ends before the query of number ``crash_at``."""

    crash_at: int = 0
    asked: int = 0
    parents: tuple[str, ...] = ()

    def note(self, jql: str) -> None:
        found = _IDS.search(jql)
        if found is None:
            return
        self.asked += 1
        if self.asked == self.crash_at:
            raise Crashed
        self.parents += tuple(found[1].split(", "))


@dataclass(frozen=True)
class NotedJira(JiraPassedOn):
    """Tells which issues are listed, and finds nothing that changed lately where it ``is_blind``."""

    listings: Listings
    is_blind: bool = False

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        self.listings.note(jql)
        found = JiraPassedOn.search(self, jql, fields, token=token, page_size=page_size, reconcile_ids=reconcile_ids)
        return SearchPage((), None, found.server_time) if self.is_blind and "updated >=" in jql else found


@dataclass
class BlindPages(HookedPages):
    """No page ever seems to have another version than the one that we saw."""

    seen: Callable[[], int] = lambda: 0

    def present_versions(self, page_ids: Sequence[str]) -> dict[str, int]:
        return dict.fromkeys(page_ids, self.seen())


@dataclass(frozen=True)
class BlindSites(SitesWithJira):
    """Whatever is asked for what changed says that nothing did."""

    page: OkrPage = field(kw_only=True)

    def confluence(self, connection: Connection) -> PageStore:
        return BlindPages(self.sites.confluence(connection), seen=lambda: self.page.table.seen_version)


def blind(page: OkrPage) -> BlindSites:
    return BlindSites(page.line.on.sites, partial(NotedJira, listings=Listings(), is_blind=True), page=page)


def a_day_passes(page: OkrPage) -> None:
    """With a round of the timer every half an hour; of what changed nobody hears."""
    sites = blind(page)
    for _ in range(50):
        page.line.after(sites=sites, minutes=30)


def test_whatever_happened_in_jira_is_found_within_a_day(page: OkrPage) -> None:
    first, second = page.children[page.first], page.children[page.second]
    page.site.transition(first[1], "Done")
    page.site.delete_issue(first[2])
    page.site.edit_issue(second[1], parent=page.first)
    page.site.create_issue("PAY", "New", parent=page.second)
    page.site.transition(second[3], "Done")
    page.line.next_poll(sites=blind(page))
    assert len(page.wrong()) == 2
    a_day_passes(page)
    assert page.wrong() == []


def test_what_was_typed_is_found_within_a_day(page: OkrPage) -> None:
    type_in(page, {NOW: "26"})
    page.line.next_poll(sites=blind(page))
    assert said(page) == []
    a_day_passes(page)
    assert [each.value for each in said(page)] == [26]


def test_also_in_a_cycle_that_is_over_and_changes_with_no_day(page: OkrPage) -> None:
    with page.line.on.database.write() as conn:
        ours = cycle.c.workspace_id == page.line.workspace_id
        conn.execute(update(cycle).where(ours).values(state="closed"))
        set_table(conn, page.line.workspace_id, page.table_id, {"must_write": True})
    page.line.mark("table", str(page.table_id))
    page.line.work()
    page.type_below("<p>Later.</p>")
    seen = page.table.seen_version
    a_day_passes(page)
    assert page.table.seen_version == seen + 1


class TestKilled:
    """What was listed before is not listed again; what was in hand is, once its claim has run out."""

    EPICS = 120

    @pytest.fixture
    def many(self, okr_line: Line) -> OkrPage:
        """A key result with so many epics, all of them listed once."""
        page = okr_page(okr_line)
        epics = [okr_line.site.create_issue("PAY", f"Epic {n} of many", "Epic") for n in range(self.EPICS - 2)]
        okr_line.import_text(page.okrs.replace(f"initiatives: [{page.first}]", f"initiatives: {[page.first, *epics]}"))
        okr_line.work()
        okr_line.clock.advance(hours=1)
        return page

    @pytest.mark.parametrize("crash_at", [1, 2, 3])
    def test_it_goes_on_where_it_was(self, many: OkrPage, crash_at: int) -> None:
        line, before, after = many.line, Listings(crash_at), Listings()
        line.mark("full_check", str(line.connection().id))
        with pytest.raises(Crashed):
            line.work(sites=noted(line, before))
        assert len(before.parents) == 50 * (crash_at - 1)
        line.clock.advance(minutes=4)
        line.work(sites=noted(line, after))
        assert len(after.parents) == len(set(after.parents)) == self.EPICS - len(before.parents)
        assert not set(after.parents) & set(before.parents)
        with line.on.database.read() as conn:
            assert runs.open_runs(conn, line.workspace_id) == ()
        assert line.set_aside() == []

    def test_killed_again_and_again_it_still_comes_to_its_end(self, many: OkrPage) -> None:
        line = many.line
        many.site.transition(many.children[many.first][1], "Done")
        line.mark("full_check", str(line.connection().id))
        listed: list[str] = []
        for _ in range(20):
            round_ = Listings(crash_at=2)
            try:
                line.work(sites=noted(line, round_, is_blind=True))
            except Crashed:
                line.clock.advance(minutes=4)
            listed += round_.parents
            if len(set(listed)) == self.EPICS:
                break
        assert len(listed) == len(set(listed)) == self.EPICS
        line.work(sites=noted(line, Listings(), is_blind=True))
        line.after(minutes=40, sites=noted(line, Listings(), is_blind=True))
        assert f"{many.first} 2 of 4 done" in many.words()


def noted(line: Line, listings: Listings, *, is_blind: bool = False) -> SitesWithJira:
    def spoil(inner: JiraReader) -> JiraReader:
        return NotedJira(inner, listings, is_blind)

    return SitesWithJira(line.on.sites, spoil)
