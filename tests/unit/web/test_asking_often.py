"""How often one person may have Jira and Confluence asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeConfluence, FakeJira, FakeSites
from tests.unit.web import made_up
from tests.unit.web.made_up import SITE, MadeUp
from tests.unit.web.surroundings import Visitor, resources, visitor_of
from web.looks import MOST_FORMS, MOST_PREVIEWS, MOST_WHOLE


@pytest.fixture
def jira() -> FakeJira:
    return FakeJira()


@pytest.fixture
def rosa(jira: FakeJira, filled: MadeUp, sqlite_database: Database, clock: FakeClock) -> Visitor:
    sites = FakeSites({SITE: jira}, {SITE: FakeConfluence()})
    visitor = visitor_of(replace(resources(sqlite_database, clock), sites=sites))
    visitor.is_let_in(filled.person, clock.now())
    return visitor


@pytest.mark.parametrize("address", ["/mappings?q=retry", "/mappings/rules/new?kind=labels", "/set-up/epic?text=retry"])
def test_a_page_that_asks_jira_is_not_asked_for_without_end(
    address: str, rosa: Visitor, jira: FakeJira, clock: FakeClock
) -> None:
    assert {rosa.get(address).status_code for _ in range(MOST_PREVIEWS)} == {200}
    asked = len(jira.calls)
    refused = rosa.get(address)
    assert (refused.status_code, refused.headers["Retry-After"], len(jira.calls)) == (429, "60", asked)
    assert "Wait a moment" in refused.text
    assert rosa.get("/mappings").status_code == 200, "what asks nobody outside stays open"
    clock.advance(seconds=61)
    assert rosa.get(address).status_code == 200


def test_previews_in_a_loop_end_and_leave_room_for_saving(rosa: Visitor, jira: FakeJira) -> None:
    form = {"wanted": "labels = a", "serve": "PAY-KR2 supports", "csrf_token": rosa.token("/account")}
    codes = [rosa.client.post("/mappings/rules/new/preview", data=form).status_code for _ in range(MOST_PREVIEWS + 1)]
    assert (codes.count(200), codes[-1]) == (MOST_PREVIEWS, 429)
    asked = len(jira.calls)
    query = {**form, "look": "yes", "jql": "project = PAY", "source": "jql", "kind": "metric"}
    assert rosa.client.post("/kr/PAY-KR1/edit", data=query).status_code == 429
    assert len(jira.calls) == asked
    assert rosa.client.post("/mappings/rules/new", data=form).status_code == 303


def test_forms_in_a_loop_end_and_others_go_on(rosa: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    form = {"csrf_token": rosa.token("/account"), "epic": "1:1", "key_result": "PAY-KR1"}
    codes = [rosa.client.post("/mappings/link", data=form).status_code for _ in range(MOST_FORMS + 1)]
    assert (codes.count(422), codes[-1]) == (MOST_FORMS, 429)
    ben = Visitor(rosa.client.application.test_client(), rosa.bell)
    ben.client.environ_base.update(rosa.client.environ_base)
    ben.is_let_in(made_up.add_owner(sqlite_database, clock.now(), email="ben@acme.example"), clock.now())
    assert ben.post("/mappings/link", form, page="/account").status_code == 422


@pytest.mark.parametrize("address", ["/mappings/epics/look-again", "/mappings/projects/look-again"])
def test_all_of_jira_is_read_a_few_times_a_minute_at_most(address: str, rosa: Visitor, jira: FakeJira) -> None:
    form = {"csrf_token": rosa.token("/account")}
    codes = [rosa.client.post(address, data=form).status_code for _ in range(MOST_WHOLE + 1)]
    assert codes == [303] * MOST_WHOLE + [429]
