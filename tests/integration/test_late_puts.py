"""A write that arrives long after its sender stopped waiting for it: it is ours all the same, and nobody typed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from connector.errors import Unavailable
from connector.store.connections import Connection
from sync.ports import Page, PageStore
from sync.work import LEASE_SECONDS
from tests.integration.hooked import HookedPages, HookedSites, once
from tests.integration.line import POLL_SECONDS
from tests.integration.okr_page import OkrPage
from tests.integration.typing import ANA, NOW, findings, outcomes, type_in


@dataclass
class LatePages(HookedPages):
    """The first PUT times out, and stays on its way until ``arrive`` is called."""

    waiting: list[Callable[[], int]] = field(default_factory=list)
    is_late: bool = True

    def write(self, page: Page, body: str, message: str) -> int:
        if not self.is_late:
            return super().write(page, body, message)
        self.is_late = False
        self.waiting.append(lambda: self.inner.write(page, body, message))
        raise Unavailable("no answer within 30 seconds")

    def arrive(self) -> None:
        self.waiting.pop()()


class LateSites(HookedSites):
    """``pages`` is there after the first call."""

    late: LatePages

    def confluence(self, connection: Connection) -> PageStore:
        if self.pages is None:
            self.pages = self.late = LatePages(self._sites.confluence(connection), *self._acts)
        return self.pages


def after_the_time_out(page: OkrPage, before_draft: Callable[[LatePages], None]) -> None:
    """The write of a change in Jira times out; ``before_draft`` happens when the next visit has looked at the page."""
    first = LateSites(page.line.on.sites)
    page.finish()
    page.line.clock.advance(seconds=POLL_SECONDS)
    page.line.tick()
    page.line.work(sites=first, until_quiet=False)
    late = first.late
    assert late.waiting
    page.line.after(minutes=2, sites=HookedSites(page.line.on.sites, before_draft=once(lambda: before_draft(late))))
    assert not late.waiting
    page.line.work()


def test_a_write_that_arrives_late_is_known_as_ours(page: OkrPage) -> None:
    after_the_time_out(page, LatePages.arrive)
    assert (page.wrong(), page.our_versions(), outcomes(page)) == ([], 2, [])
    assert (page.table.written_version, page.table.sending_version) == (3, None)


def test_what_is_typed_over_a_write_that_arrives_late_is_a_check_in(page: OkrPage) -> None:
    def arrives_and_somebody_types(late: LatePages) -> None:
        late.arrive()
        type_in(page, {NOW: "27"})

    after_the_time_out(page, arrives_and_somebody_types)
    page.line.next_poll()
    assert (outcomes(page), findings(page)) == ([("27", "taken", ANA.display_name)], [])
    assert page.wrong() == []


def test_a_write_that_never_arrives_is_made_once(page: OkrPage) -> None:
    after_the_time_out(page, lambda late: late.waiting.clear())
    assert (page.wrong(), page.our_versions(), outcomes(page)) == ([], 2, [])
    assert (page.table.written_version, page.table.sending_version) == (3, None)


def test_a_worker_that_stood_still_before_its_write_does_not_make_it_a_persons(page: OkrPage) -> None:
    """Its claim runs out, another worker looks and finds nothing written yet; then the first one goes on."""
    line = page.line

    def others_look() -> None:
        line.clock.advance(seconds=LEASE_SECONDS + 1)
        line.work(sites=HookedSites(line.on.sites, before_write=once(stop)), until_quiet=False)

    stopped: list[bool] = []

    def stop() -> None:
        stopped.append(True)
        raise Unavailable("this one does not get through")

    page.finish()
    line.next_poll(sites=HookedSites(line.on.sites, before_write=once(others_look)))
    line.after(minutes=2)
    assert stopped
    assert (page.wrong(), page.our_versions(), outcomes(page), findings(page)) == ([], 2, [], [])
    assert (page.table.written_version, page.table.sending_version) == (3, None)
