"""What somebody was allowed when their form came in is asked again in the transaction that changes something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, text

from connector.store import link_rules, okrs, people
from connector.store.engine import Database
from connector.store.okrs import OkrSet
from connector.store.people import Person
from connector.store.schema import metadata
from mapping.okr import Cycle
from mapping.rules import Rule, RuleKind
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeJira, FakeSites, raw_issue
from tests.unit.web import made_up
from tests.unit.web.forms_sent import KEY_RESULT, LINK, OBJECTIVE
from tests.unit.web.made_up import SITE, issue_id
from tests.unit.web.surroundings import Visitor, resources, visitor_of

RULE = {"wanted": "retry", "serve": "PAY-KR2 supports", "name": "Another", "weight": "1"}
EPIC = f"<jira>:{issue_id('PAY-440')}"
# What an editor of the Payments team may send about what is theirs.
OF_THE_TEAM: list[tuple[str, Mapping[str, str]]] = [
    ("/check-in/PAY-KR1", {"value": "27", "once": "one"}),
    ("/kr/new", KEY_RESULT),
    ("/kr/PAY-KR1/drop", {"reason": "No longer wanted"}),
    ("/cycles/2026-q4/grade", {"why-PAY-O1": "We learned."}),
    ("/cycles/2026-q4/carry-over", {"to": "2027-q1", "objective": "PAY-O1"}),
    ("/mappings/link", {"key_result": "PAY-KR1", "epic": EPIC}),
    (f"{LINK}/unlink", {}),
    ("/mappings/rules/new?kind=label", RULE),
    ("/mappings/rules/1/turn", {"on": "no"}),
    ("/mappings/rules/1/delete", {}),
    ("/tables/1/pause", {}),
    ("/tables/1/write", {}),
    ("/tables/1/remove", {}),
    ("/tables/1/give-up", {"field": "PAY-KR1 now 215"}),
]
# And what belongs to no team yet, or to nobody.
ANY_EDITORS: list[tuple[str, Mapping[str, str]]] = [
    ("/objectives/new", OBJECTIVE),
    ("/mappings/epics/just-do-it", {"epic": f"<jira>:{issue_id('PAY-412')}"}),
    ("/account", {"name": "Rosa K.", "language": "de"}),
]


class Meanwhile(Database):
    """A database in which something happens right before the next ``write()`` begins."""

    events: list[Callable[[], None]]

    @contextmanager
    def write(self) -> Iterator[Connection]:
        while self.events:
            self.events.pop()()
        with super().write() as conn:
            yield conn


class Scene:
    """An editor of one team at work, and what else happens in the same moment."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database, self.made = database, made_up.fill(database, clock.now())
        clock.advance(days=30)  # the cycle ends, so that grades are given
        made_up.type_into(database, self.made, 1, "27")
        self._prepare(clock)
        self.person = self._editor(clock)
        watched = Meanwhile(database.engine)
        self.events = watched.events = []
        jira = FakeJira({"PAY-440": raw_issue("PAY-440", issue_id("PAY-440"))})
        on = replace(resources(watched, clock), sites=FakeSites({SITE: jira}, {}))
        self.visitor: Visitor = visitor_of(on)
        self.visitor.is_let_in(self.person, clock.now())

    def send(self, address: str, form: Mapping[str, str]) -> int:
        jira = str(self.made.jira.id)
        filled = {name: value.replace("<jira>", jira) for name, value in form.items()}
        filled["csrf_token"] = self.visitor.token("/account")
        return self.visitor.client.post(address.replace("<jira>", jira), data=filled).status_code

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        with self.database.read() as conn:
            return {
                table.name: sorted((tuple(row) for row in conn.execute(table.select())), key=repr)
                for table in metadata.sorted_tables
            }

    def run(self, statement: str) -> None:
        with self.database.write() as conn:
            conn.execute(text(statement))

    def _prepare(self, clock: FakeClock) -> None:
        ws, at = self.made.workspace_id, clock.now()
        cycle = Cycle("2027-q1", "Q1", date(2027, 1, 1), date(2027, 3, 31))
        rule = Rule(RuleKind.LABEL, "old", "PAY-KR2")
        with self.database.write() as conn:
            okrs.record_okrs(conn, ws, OkrSet(cycles=[cycle]), at=at, who="Rosa Klein")
            link_rules.add_rule(conn, ws, self.made.jira.id, "Old", rule, at=at, by="Rosa Klein")
        self.run("""UPDATE page_table SET teams = '["Payments"]'""")

    def _editor(self, clock: FakeClock) -> Person:
        made = made_up.add_owner(self.database, clock.now(), role="editor", email="one-team@acme.example")
        with self.database.write() as conn:
            people.record_role(conn, made.workspace_id, made.person_id, "Bo", "editor", ("Payments",))
            found = people.find_person(conn, made.workspace_id, made.person_id)
        assert found is not None
        return found


@pytest.fixture
def scene(sqlite_database: Database, clock: FakeClock) -> Scene:
    return Scene(sqlite_database, clock)


@pytest.mark.parametrize(("address", "form"), [*OF_THE_TEAM, *ANY_EDITORS])
def test_where_nothing_happens_it_is_done(address: str, form: Mapping[str, str], scene: Scene) -> None:
    assert scene.send(address, form) == 303


@pytest.mark.parametrize(("address", "form"), OF_THE_TEAM)
def test_what_moved_to_another_team_is_not_changed(address: str, form: Mapping[str, str], scene: Scene) -> None:
    seen = []

    def move() -> None:
        scene.run("UPDATE objective SET team = 'Platform'")
        scene.run("""UPDATE page_table SET teams = '["Platform"]'""")
        seen.append(scene.everything())

    scene.events.append(move)
    assert scene.send(address, form) == 403
    assert seen == [scene.everything()]


DEMOTED = "UPDATE person SET role = 'reader' WHERE name = 'Bo'"
NOT_THEM_ANY_MORE = [
    """UPDATE person SET teams = '["Platform"]' WHERE name = 'Bo'""",
    "UPDATE person SET password_hash = 'another' WHERE name = 'Bo'",
    "DELETE FROM person WHERE name = 'Bo'",
]


@pytest.mark.parametrize(
    ("change", "address", "form"),
    [
        *((DEMOTED, *each) for each in (*OF_THE_TEAM, *ANY_EDITORS)),
        *((change, *ANY_EDITORS[0]) for change in NOT_THEM_ANY_MORE),
    ],
)
def test_whoever_may_something_else_by_now_changes_nothing(
    change: str, address: str, form: Mapping[str, str], scene: Scene
) -> None:
    seen = []

    def happen() -> None:
        scene.run(change)
        seen.append(scene.everything())

    scene.events.append(happen)
    assert scene.send(address, form) == 403
    assert seen == [scene.everything()]
