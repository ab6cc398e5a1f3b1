"""Trouble that is over soon costs seconds; a query that cannot be answered says so instead of standing still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pytest

from connector.errors import Unavailable
from connector.store.connections import Health
from connector.store.errors import StoreUnavailable
from connector.store.work import Claim
from sync.ports import Resources, SearchPage, Sites
from sync.stages import STAGES
from sync.work import do_what_is_due
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage
from tests.integration.passed_on import JiraPassedOn, SitesWithJira
from tests.integration.test_work_loop import import_query, value, with_stage


def test_what_was_in_hand_when_the_database_stumbled_is_done_seconds_later(page: OkrPage) -> None:
    line = page.line
    tries: list[int] = []

    def stumble(on: Resources, claims: Sequence[Claim]) -> None:
        tries.append(len(claims))
        if len(tries) == 1:
            raise StoreUnavailable("deadlock detected")
        STAGES["issue"].run(on, claims)

    page.finish()
    line.mark("issue", page.target(page.first))
    stages = with_stage("issue", stumble)
    with pytest.raises(StoreUnavailable):
        do_what_is_due(line.on, stages, stopping=lambda: False)
    line.clock.advance(seconds=3)
    do_what_is_due(line.on, stages, stopping=lambda: False)
    assert tries == [1, 1]


@dataclass(frozen=True)
class NoAnswerTo(JiraPassedOn):
    """A query that begins so gets no whole answer."""

    jql: str

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        token: str | None = None,
        page_size: int = 100,
        reconcile_ids: Sequence[str] = (),
    ) -> SearchPage:
        if jql.startswith(self.jql):
            raise Unavailable("an answer that is not whole")
        return JiraPassedOn.search(self, jql, fields, token=token, page_size=page_size, reconcile_ids=reconcile_ids)


def no_answer_to(sites: Sites, jql: str) -> Sites:
    return SitesWithJira(sites, partial(NoAnswerTo, jql=jql))


def test_a_query_that_never_gets_a_whole_answer_is_told_of_and_asked_on(okr_line: Line) -> None:
    okr_line.connect()
    epic = okr_line.site.create_issue("PAY", "The rest", "Epic")
    okr_line.site.create_issue("PAY", "A bug", parent=epic)
    import_query(okr_line, f"parent = {epic}", epic)
    okr_line.work()
    assert value(okr_line).value == 1
    broken = no_answer_to(okr_line.on.sites, f"parent = {epic}")
    for _ in range(40):
        okr_line.after(minutes=1, sites=broken)
    assert okr_line.set_aside() == []
    assert value(okr_line).value == 1
    assert value(okr_line).unreadable_why == "an answer that is not whole"
    okr_line.after(minutes=11)
    assert value(okr_line).unreadable_since is None


def test_a_site_that_does_not_answer_the_probe_is_not_well_because_other_work_went_through(page: OkrPage) -> None:
    line = page.line
    line.next_poll(sites=no_answer_to(line.on.sites, "updated >="))
    assert line.connection().health is Health.UNREACHABLE
    line.mark("issue", page.target(page.first))
    line.work(sites=no_answer_to(line.on.sites, "updated >="))
    assert line.connection().health is Health.UNREACHABLE
    line.after(minutes=2)
    assert line.connection().health is Health.CURRENT
