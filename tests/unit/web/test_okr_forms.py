"""Cycles, objectives and key results by form: what is wrong stands beside its field, and what was typed is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html import unescape

import pytest
from sqlalchemy import update

from connector.errors import Rejected, Unavailable
from connector.store import okrs
from connector.store.connections import Connection
from connector.store.engine import Database
from connector.store.okrs import OkrSet
from connector.store.schema import person
from mapping.okr import Bound, Cycle, CycleState, KeyResult, Kind, Objective, Source, Stage
from sync.ports import Resources
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.reading import fields_of, heading, main
from tests.unit.web.surroundings import Visitor, resources, visitor
from web.app import create_app

OBJECTIVE = {"title": "Nobody is charged twice", "cycle_key": "2026-q4", "team": "Payments", "stage": "draft"}
KEY_RESULT = {
    "objective": "PAY-O1", "title": "Double charges", "kind": "metric", "source": "check_ins", "baseline": "9",
    "target": "1", "bound": "below", "ambition": "committed",
}  # fmt: skip
LONG = "x" * 5000


def _key_result(database: Database, filled: MadeUp, key: str) -> KeyResult:
    with database.read() as conn:
        return okrs.load_key_results(conn, filled.workspace_id, [key])[key]


def _objectives(database: Database, filled: MadeUp) -> dict[str, Objective]:
    with database.read() as conn:
        return {each.key: each for each in okrs.load_all_objectives(conn, filled.workspace_id)}


def _beside(page: str, field: str) -> str:
    return page.partition(f'id="{field}-wrong">')[2].partition("</p>")[0]


def test_a_cycle_is_proposed_made_and_changed(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    page = rosa.get("/cycles/new").text
    assert [f'value="{each}"' in page for each in ("2027-q1", "Q1 2027", "2027-01-01", "2027-03-31")] == [True] * 4
    typed = {"key": "2027-q1", "name": "Q1 2027", "starts_on": "2027-01-01", "ends_on": "2027-03-31",
             "state": "planned"}  # fmt: skip
    for _ in range(2):
        assert rosa.post("/cycles/new", typed).location == "/cycles/2027-q1"
    seen = re.search(r'name="seen" value="([^"]+)"', rosa.get("/cycles/2027-q1/edit").text)
    assert seen
    address = "/cycles/2027-q1/edit"
    assert rosa.post(address, {**typed, "state": "open", "seen": seen[1]}).status_code == 303
    stale = rosa.post(address, {**typed, "name": "Winter", "seen": seen[1]})
    assert stale.status_code == 422
    assert "How it stands: now open, you typed planned" in main(stale.text)
    with sqlite_database.read() as conn:
        kept = next(each for each in okrs.load_cycles(conn, filled.workspace_id) if each.key == "2027-q1")
    assert kept == Cycle("2027-q1", "Q1 2027", date(2027, 1, 1), date(2027, 3, 31), CycleState.OPEN)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Give it a name"),
        ("name", LONG, "at most 100"),
        ("key", "New!", "Use lower-case letters"),
        ("key", "new", "Use lower-case letters"),
        ("key", "2026-q4", "There is a cycle 2026-q4 already"),
        ("starts_on", "soon", "Write a day such as"),
        ("starts_on", "0001-01-01", "Write a day such as"),
        ("ends_on", "2026-12-01", "It would end before it starts"),
        ("state", "<b>", "Choose one of these"),
    ],
)
def test_a_wrong_cycle_is_told_beside_its_field(field: str, typed: str, said: str, rosa: Visitor) -> None:
    good = {"key": "x", "name": "X", "starts_on": "2027-01-01", "ends_on": "2027-03-31", "state": "planned"}
    answer = rosa.post("/cycles/new", {**good, field: typed})
    assert answer.status_code == 422
    assert said in _beside(answer.text, field)


def test_an_objective_gets_the_next_key_of_its_team(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    looked = rosa.post("/objectives/new", {**OBJECTIVE, "look": "yes"})
    assert looked.status_code == 200
    assert "Left empty, it becomes PAY-O2." in main(looked.text)
    for _ in range(2):
        assert rosa.post("/objectives/new", OBJECTIVE).location == "/kr/new?objective=PAY-O2"
    objective = _objectives(sqlite_database, filled)["PAY-O2"]
    assert (objective.title, objective.team, objective.stage) == ("Nobody is charged twice", "Payments", Stage.DRAFT)
    assert len(_objectives(sqlite_database, filled)) == 4, "sent twice, written once"
    assert heading(rosa.get("/objectives/PAY-O2").text) == "Nobody is charged twice"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", " ", "Say in one sentence"),
        ("title", "x" * 301, "at most 300"),
        ("why", LONG, "at most 4,000"),
        ("team", "x" * 101, "at most 100"),
        ("key", "pay 1", "Write it like PAY-O1"),
        ("key", "PAY-O1", "There is an objective PAY-O1 already"),
        ("cycle_key", "2031-q1", "There is no cycle 2031-q1"),
        ("parent_keys", "PAY-KR1", "Write keys of objectives"),
        ("parent_keys", "COM-O9", "There is no objective COM-O9"),
        ("weight", "heavy", "Write a plain number"),
        ("weight", "0", "must be a number above 0"),
        ("position", "-1", "Write a whole number"),
        ("position", "9" * 30, "Write a whole number"),
        ("stage", "graded", "Choose one of these"),
    ],
)
def test_a_wrong_objective_is_told_beside_its_field(
    field: str, typed: str, said: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    answer = rosa.post("/objectives/new", {**OBJECTIVE, "why": "<i>kept</i>", field: typed})
    assert answer.status_code == 422
    assert said in _beside(answer.text, field)
    assert "&lt;i&gt;kept" in answer.text or field == "why"
    assert len(_objectives(sqlite_database, filled)) == 3


def test_an_agreed_objective_changes_with_a_reason_that_is_shown(rosa: Visitor) -> None:
    page = rosa.get("/objectives/PAY-O1/edit").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    typed = {**OBJECTIVE, "title": "Paying is fast", "stage": "agreed", "seen": seen[1], "sponsor": "Carla Mendes"}
    asked = rosa.post("/objectives/PAY-O1/edit", typed)
    assert asked.status_code == 422
    assert "Say in one sentence why it changes" in _beside(asked.text, "reason")
    assert "Paying is fast" in asked.text
    assert rosa.post("/objectives/PAY-O1/edit", {**typed, "reason": "Shorter."}).status_code == 303
    shown = main(rosa.get("/objectives/PAY-O1").text)
    assert "title Paying feels instant and safe → Paying is fast" in shown
    assert "Shorter." in shown


def test_a_team_with_many_objectives_is_asked_which_matter(rosa: Visitor) -> None:
    for number in range(2):
        rosa.post("/objectives/new", {**OBJECTIVE, "title": f"Number {number}"})
    looked = rosa.post("/objectives/new", {**OBJECTIVE, "title": "One more", "look": "yes"})
    assert "Payments has 4 objectives. Which 3 matter most?" in main(looked.text)


def test_a_metric_is_written_and_a_coach_asks_beside_it(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    address = "/kr/new?objective=PAY-O1"
    looked = rosa.post(address, {**KEY_RESULT, "title": "Launch the new checkout", "look": "yes"})
    assert looked.status_code == 200
    assert "What will be different for people once this is done?" in main(looked.text)
    assert "Who looks after it?" in main(looked.text)
    for _ in range(2):
        assert rosa.post(address, {**KEY_RESULT, "baseline": "9,5", "unit": "%"}).location == "/kr/PAY-KR4"
    kr = _key_result(sqlite_database, filled, "PAY-KR4")
    assert (kr.title, kr.baseline, kr.target, kr.unit) == ("Double charges", Decimal("9.5"), Decimal(1), "%")
    assert rosa.get("/kr/PAY-KR5").status_code == 404


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"title": ""}, "title", "Say what is measured"),
        ({"title": "x" * 301}, "title", "at most 300"),
        ({"kind": "wish"}, "kind", "Choose one of these"),
        ({"source": "wish"}, "source", "Choose one of these"),
        ({"baseline": ""}, "baseline", "Say where it stands today"),
        ({"baseline": "lots"}, "baseline", "Write a plain number"),
        ({"baseline": "1,234"}, "baseline", "can be read in two ways. Write 1234 or 1.234"),
        ({"baseline": "9" * 20}, "baseline", "up to 1,000,000,000,000,000"),
        ({"target": ""}, "target", "Say where it is to come"),
        ({"target": "9"}, "target", "It starts there already"),
        ({"unit": "x" * 41}, "unit", "at most 40"),
        ({"owner": "x" * 101}, "owner", "at most 100"),
        ({"weight": "-2"}, "weight", "Write a number above 0"),
        ({"position": "first"}, "position", "Write a whole number"),
        ({"key": "PAY-O9"}, "key", "Write it like PAY-KR1"),
        ({"key": "PAY-KR1"}, "key", "There is a key result PAY-KR1 already"),
        ({"phased_on": "2026-11-15", "phased_value": "many"}, "phased_on", "one plain number"),
        ({"phased_on": "someday", "phased_value": "3"}, "phased_on", "Each line needs one day"),
        ({"kind": "threshold", "limit": ""}, "limit", "Say the limit"),
        ({"kind": "threshold", "limit": "3", "bound": "beside"}, "bound", "Choose one of these"),
        ({"kind": "milestone"}, "step_title", "Write at least one step"),
        ({"kind": "milestone", "step_title": "x" * 201}, "step_title", "at most 200"),
        ({"kind": "milestone", "step_title": "One", "step_share": "some"}, "step_title", "Write each share like"),
        ({"kind": "milestone", "step_title": "One", "step_share": "40"}, "step_title", "make 40 % together"),
        ({"kind": "to_measure", "baseline_due_on": "2026-13-01"}, "baseline_due_on", "Write a day"),
    ],
)
def test_a_wrong_key_result_is_told_beside_its_field(
    change: dict[str, str], field: str, said: str, rosa: Visitor
) -> None:
    answer = rosa.post("/kr/new?objective=PAY-O1", {**KEY_RESULT, **change})
    assert answer.status_code == 422
    assert said in _beside(answer.text, field)
    assert "Not saved yet." in answer.text
    assert "Double charges" in answer.text or field == "title"


def test_a_limit_steps_and_what_is_to_be_measured(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    address = "/kr/new?objective=PAY-O1"
    rosa.post(address, {**KEY_RESULT, "kind": "threshold", "limit": "0.5", "bound": "above"})
    limit = _key_result(sqlite_database, filled, "PAY-KR4")
    assert (limit.kind, limit.bound, limit.target) == (Kind.THRESHOLD, Bound.ABOVE, Decimal("0.5"))
    steps = {"step_title": ["One", "Two", ""], "step_share": ["30 %", "70", ""], "step_done": ["1"]}
    token = rosa.token(address)
    data = {**KEY_RESULT, "kind": "milestone", "title": "Steps", **steps, "csrf_token": token}
    assert rosa.client.post(address, data=data).location == "/kr/PAY-KR5"
    milestone = _key_result(sqlite_database, filled, "PAY-KR5")
    assert [(s.title, s.share, s.done) for s in milestone.steps] == [
        ("One", Fraction(3, 10), False),
        ("Two", Fraction(7, 10), True),
    ]
    rosa.post(address, {**KEY_RESULT, "kind": "to_measure", "title": "Later", "baseline_due_on": "2026-11-30"})
    later = _key_result(sqlite_database, filled, "PAY-KR6")
    assert (later.kind, later.baseline_due_on) == (Kind.TO_MEASURE, date(2026, 11, 30))


@pytest.mark.parametrize("key", ["PAY-KR1", "PAY-KR3", "PLA-KR3", "GRO-KR3"])
def test_a_form_that_is_only_looked_at_and_sent_changes_nothing(
    key: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    before = _key_result(sqlite_database, filled, key)
    page = rosa.get(f"/kr/{key}/edit").text
    answer = rosa.post(f"/kr/{key}/edit", fields_of(page))
    assert answer.status_code == 303
    assert "Nothing was changed." in rosa.get(answer.location).text
    assert _key_result(sqlite_database, filled, key) == before


def test_the_second_of_two_sees_both_values(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    opened = fields_of(rosa.get("/kr/PAY-KR1/edit").text)
    rosa.post("/kr/PAY-KR1/edit", {**opened, "owner": "Ben Okri"})
    stale = rosa.post("/kr/PAY-KR1/edit", {**opened, "owner": "Cleo"})
    assert stale.status_code == 422
    assert "Owner: now Ben Okri, you typed Cleo" in main(stale.text)
    assert _key_result(sqlite_database, filled, "PAY-KR1").owner == "Ben Okri"
    assert rosa.post("/kr/PAY-KR1/edit", fields_of(stale.text)).status_code == 303
    assert _key_result(sqlite_database, filled, "PAY-KR1").owner == "Cleo"


def test_dropping_asks_why_and_says_it(rosa: Visitor) -> None:
    assert rosa.post("/kr/PAY-KR1/drop", {"reason": ""}).status_code == 422
    assert rosa.post("/kr/PAY-KR1/drop", {"reason": "x" * 1001}).status_code == 422
    assert rosa.post("/kr/PAY-KR1/drop", {"reason": "The market is closed."}).status_code == 303
    shown = main(rosa.get("/kr/PAY-KR1").text)
    assert "Dropped on 22 Nov; it counts in no figure. The market is closed." in shown
    assert rosa.post("/kr/PAY-KR1/drop", {"reason": "It opened.", "does": "take_up"}).status_code == 303
    assert "Dropped on" not in main(rosa.get("/kr/PAY-KR1").text)


def test_what_is_not_there_or_elsewhere_is_no_page(rosa: Visitor) -> None:
    for address in ("/kr/new", "/kr/new?objective=PAY-O99", "/kr/PAY-KR99/edit", "/kr/PAY-KR99/drop",
                    "/objectives/PAY-O99", "/objectives/PAY-O99/edit", "/cycles/2031-q1/edit",
                    "/cycles/2031-q1/carry-over", "/cycles/2031-q1/grade",
                    "/check-in/PAY-KR1/withdraw/999"):  # fmt: skip
        assert rosa.get(address).status_code == 404, address


def test_an_editor_writes_for_the_own_teams_alone(
    stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    editor = made_up.add_owner(sqlite_database, clock.now(), role="editor", email="ed@acme.example")
    with sqlite_database.write() as conn:
        conn.execute(
            update(person)
            .where(person.c.workspace_id == filled.workspace_id, person.c.id == editor.person_id)
            .values(teams=["Growth"])
        )
    stranger.is_let_in(editor, clock.now())
    for address in ("/objectives/PAY-O1/edit", "/kr/PAY-KR1/edit", "/kr/PAY-KR1/drop", "/kr/new?objective=PAY-O1",
                    "/cycles/new", "/cycles/2026-q4/edit"):  # fmt: skip
        assert stranger.get(address).status_code == 403, address
    assert stranger.get("/kr/GRO-KR1/edit").status_code == 200
    elsewhere = stranger.post("/objectives/new", OBJECTIVE)
    assert "You may write for these teams: Growth." in _beside(elsewhere.text, "team")
    assert stranger.post("/check-in/PAY-KR1", {"value": "3"}, page="/objectives/new").status_code == 403
    refused = stranger.get("/check-in/PAY-KR1")
    assert refused.status_code == 403, "nobody types what is refused afterwards"
    assert "You may write for these teams: Growth." in refused.text
    assert "Your role does not allow that" in stranger.get("/people").text


PAGES_WITH_ACTS = (
    "/", "/check-ins", "/kr/PAY-KR1", "/kr/GRO-KR1", "/objectives/PAY-O1", "/objectives/GRO-O1", "/tables", "/tables/1"
)  # fmt: skip


def test_what_an_editor_of_one_team_may_not_do_is_not_offered(
    stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    editor = made_up.add_owner(sqlite_database, clock.now(), role="editor", email="ed@acme.example")
    with sqlite_database.write() as conn:
        conn.execute(update(person).where(person.c.id == editor.person_id).values(teams=["Growth"]))
    stranger.is_let_in(editor, clock.now())
    offered: set[str] = set()
    for page in PAGES_WITH_ACTS:
        offered |= set(re.findall(r'href="(/[^"#]*)"', stranger.get(page).text.partition("<main")[2]))
    assert {"/check-in/GRO-KR1", "/kr/GRO-KR1/edit"} <= offered
    assert [address for address in sorted(offered) if stranger.get(unescape(address)).status_code == 403] == []


class _Jira:
    """Counts what it is asked for; answers, or refuses."""

    def __init__(self, answer: int | Exception) -> None:
        self.answer, self.asked = answer, 0

    def jira(self, _connection: Connection) -> _Jira:
        return self

    def count(self, _jql: str) -> int:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _with_jira(database: Database, clock: FakeClock, filled: MadeUp, jira: _Jira) -> Visitor:
    on: Resources = replace(resources(database, clock), sites=jira)  # type: ignore[arg-type]
    browser = visitor(database, clock)
    browser.client = create_app(on).test_client()
    browser.client.environ_base.update({"wsgi.url_scheme": "http", "HTTP_HOST": "127.0.0.1:8400"})
    browser.is_let_in(filled.person, clock.now())
    return browser


QUERY = {**KEY_RESULT, "source": "jql", "jql": "type = Bug", "aggregate": "count"}


def test_a_query_is_tried_while_it_is_typed_and_not_asked_twice(
    filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    jira = _Jira(12)
    rosa = _with_jira(sqlite_database, clock, filled, jira)
    looked = rosa.post("/kr/new?objective=PAY-O1", {**QUERY, "look": "yes"})
    assert "12 issues are found in https://acme.atlassian.net just now." in main(looked.text)
    again = {**QUERY, "look": "yes", "asked": "type = Bug", "asked_found": "12", "asked_site": "acme"}
    assert "12 issues" in main(rosa.post("/kr/new?objective=PAY-O1", again).text)
    assert jira.asked == 1
    assert rosa.post("/kr/new?objective=PAY-O1", QUERY).status_code == 303
    kr = _key_result(sqlite_database, filled, "PAY-KR4")
    assert (kr.source, kr.jql and kr.jql.jql) == (Source.JQL, "type = Bug")


def test_a_query_that_jira_refuses_is_not_saved_and_says_its_words(
    filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    rosa = _with_jira(sqlite_database, clock, filled, _Jira(Rejected("400", 400, "Field 'tpye' does not exist.")))
    answer = rosa.post("/kr/new?objective=PAY-O1", QUERY)
    assert answer.status_code == 422
    assert "Jira does not understand it: Field 'tpye' does not exist." in main(answer.text)


def test_a_jira_that_is_away_keeps_nobody_from_saving(
    filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    rosa = _with_jira(sqlite_database, clock, filled, _Jira(Unavailable("It does not answer.")))
    looked = rosa.post("/kr/new?objective=PAY-O1", {**QUERY, "look": "yes"})
    assert "Jira does not answer just now" in main(looked.text)
    assert rosa.post("/kr/new?objective=PAY-O1", QUERY).status_code == 303


def test_what_is_unfinished_goes_on_and_what_ends_is_graded(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    later = Cycle("2027-q1", "Q1 2027", date(2027, 1, 1), date(2027, 3, 31), CycleState.PLANNED)
    with sqlite_database.write() as conn:
        okrs.record_okrs(conn, filled.workspace_id, OkrSet(cycles=[later]), at=clock.now(), who="Rosa Klein")
    nothing = rosa.post("/cycles/2026-q4/carry-over", {"to": "2027-q1"})
    assert "Tick at least one objective." in nothing.text
    wrong = rosa.post("/cycles/2026-q4/carry-over", {"to": "2031-q1", "objective": "PAY-O1"})
    assert "There is no other cycle 2031-q1" in _beside(wrong.text, "to")
    done = rosa.post("/cycles/2026-q4/carry-over", {"to": "2027-q1", "objective": "PAY-O1"})
    assert "1 objective is there now as a draft." in rosa.get(done.location).text
    assert heading(rosa.get("/cycles/2026-q4/grade").text) == "Q4 2026 still runs"
    clock.advance(days=38)
    rosa.is_let_in(filled.person, clock.now())
    assert rosa.post("/cycles/2026-q4/grade", {"why-PAY-O1": " "}).status_code == 422
    assert rosa.post("/cycles/2026-q4/grade", {"why-PAY-O1": "x" * 301}).status_code == 422
    graded = rosa.post("/cycles/2026-q4/grade", {"why-PAY-O1": "Saved cards helped most."})
    board = main(rosa.get(graded.location).text)
    assert "1 objective is graded." in board
    assert "37 %: Saved cards helped most." in board
