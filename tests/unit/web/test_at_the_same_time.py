"""The same form sent several times at the same moment has the effect of one, on both kinds of database."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import text

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeConfluence, FakeJira, FakeSites
from tests.unit.web import made_up
from tests.unit.web.forms_sent import KEY_RESULT, LINK, OBJECTIVE
from tests.unit.web.made_up import SITE, MadeUp
from tests.unit.web.surroundings import Visitor, resources, visitor_of

AT_ONCE = 4
TABLES = ("cycle", "objective", "key_result", "check_in", "initiative", "link_rule", "person", "okr_change")
CYCLE = {"key": "2027-q1", "name": "Q1", "starts_on": "2027-01-01", "ends_on": "2027-03-31", "state": "planned"}
RULE = {"wanted": "retry", "serve": "PAY-KR2 supports", "name": "Retry", "weight": "1"}


@pytest.fixture
def full(database: Database, clock: FakeClock) -> MadeUp:
    made = made_up.fill(database, clock.now())
    clock.advance(days=30)  # the cycle ends, so that grades are given
    return made


def _send_at_once(
    database: Database, clock: FakeClock, made: MadeUp, address: str, form: Mapping[str, str]
) -> list[int]:
    sites = FakeSites({SITE: FakeJira()}, {SITE: FakeConfluence()})
    first = visitor_of(replace(resources(database, clock), sites=sites))
    visitors = []
    for _ in range(AT_ONCE):
        each = Visitor(first.client.application.test_client(), first.bell)
        each.client.environ_base.update(first.client.environ_base)
        each.is_let_in(made.person, clock.now())
        visitors.append((each, {**form, "csrf_token": each.token("/account")}))
    together = Barrier(AT_ONCE)

    def send(visitor: Visitor, filled_in: Mapping[str, str]) -> int:
        together.wait()
        return visitor.client.post(address, data=filled_in).status_code

    with ThreadPoolExecutor(AT_ONCE) as hands:
        return list(hands.map(lambda each: send(*each), visitors))


def _numbers(database: Database, made: MadeUp) -> dict[str, int]:
    with database.read() as conn:
        return {
            name: conn.execute(
                text(f"SELECT count(*) FROM {name} WHERE workspace_id = :here"), {"here": made.workspace_id}
            ).scalar_one()
            for name in TABLES
        }


@pytest.mark.parametrize(
    ("address", "form", "news"),
    [
        ("/cycles/new", CYCLE, {"cycle": 1}),
        ("/objectives/new", OBJECTIVE, {"objective": 1}),
        ("/kr/new", KEY_RESULT, {"key_result": 1}),
        ("/check-in/PAY-KR1", {"value": "27", "once": "one"}, {"check_in": 1}),
        ("/cycles/2026-q4/grade", {"why-PAY-O1": "We learned."}, {"okr_change": 1}),
        ("/kr/PAY-KR3/drop", {"reason": "No longer wanted"}, {"okr_change": 1}),
        ("/mappings/rules/new?kind=label", RULE, {"link_rule": 1}),
        ("/people/new", {"name": "Bo", "email": "bo@acme.example", "role": "editor"}, {"person": 1}),
        (f"{LINK}/unlink", {}, {"initiative": -1}),
    ],
)
def test_it_is_done_once(
    address: str, form: Mapping[str, str], news: Mapping[str, int], database: Database, clock: FakeClock, full: MadeUp
) -> None:
    before = _numbers(database, full)
    codes = _send_at_once(database, clock, full, address.replace("<jira>", str(full.jira.id)), form)
    after = _numbers(database, full)
    assert {name: after[name] - before[name] for name in TABLES if after[name] != before[name]} == news
    assert max(codes) < 500


def test_an_objective_is_carried_over_once(database: Database, clock: FakeClock, full: MadeUp) -> None:
    assert 303 in _send_at_once(database, clock, full, "/cycles/new", CYCLE)
    before = _numbers(database, full)
    form = {"to": "2027-q1", "objective": "PAY-O1"}
    assert set(_send_at_once(database, clock, full, "/cycles/2026-q4/carry-over", form)) == {303}
    assert _numbers(database, full)["objective"] - before["objective"] == 1
