"""The pages on which epics are linked to key results."""

from __future__ import annotations

import re

import pytest
from werkzeug.datastructures import MultiDict

from connector.errors import Rejected, Unavailable
from connector.store import people, projects
from connector.store.engine import Database
from connector.store.links import load_links
from connector.store.projects import SeenProject
from mapping.issue import FieldChoice
from sync.ports import Resources
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeJira
from tests.unit.web import made_up, mapped
from tests.unit.web.made_up import MadeUp, issue_id
from tests.unit.web.mapped import goes, name_of, rosa_at
from tests.unit.web.reading import words as words_of
from tests.unit.web.surroundings import Visitor, visitor_of

LINK = f"/mappings/links/PAY-KR2/1/{issue_id('PAY-388')}"


@pytest.fixture
def site(sqlite_database: Database, clock: FakeClock, filled: MadeUp) -> tuple[Resources, FakeJira]:
    return mapped.on_site(sqlite_database, clock, filled)


@pytest.fixture
def rosa(site: tuple[Resources, FakeJira], filled: MadeUp) -> Visitor:
    """The admin, where Jira answers."""
    return rosa_at(site[0], filled)


def serving(on: Resources, filled: MadeUp, key: str) -> set[str]:
    with on.database.read() as conn:
        return {link.initiative.issue_id for link in load_links(conn, filled.workspace_id, [key])}


def send(visitor: Visitor, address: str, epics: tuple[str, ...], **fields: str) -> tuple[int, str]:
    form = MultiDict([*fields.items(), *(("epic", each) for each in epics)])
    form["csrf_token"] = visitor.token("/mappings")
    answer = visitor.client.post(address, data=form)
    return answer.status_code, words_of(answer.text)


def test_what_linking_would_do_is_said_before(rosa: Visitor, filled: MadeUp) -> None:
    both = (name_of(filled, "PAY-440"), name_of(filled, "PAY-447"))
    status, text = send(rosa, "/mappings/look", both, q="retry", key_result="PAY-KR2")
    assert status == 200
    assert "would go from 11 of 27 to 13 of 40 done. Its value, 3.6 %, stays." in text
    assert "Link 2 epics" in text
    assert "Retry with a second processor" in text


def test_many_are_linked_and_it_is_said(rosa: Visitor, site: tuple[Resources, FakeJira], filled: MadeUp) -> None:
    both = (name_of(filled, "PAY-440"), name_of(filled, "PAY-447"))
    status, _ = send(rosa, "/mappings/link", both, key_result="PAY-KR2", how="supports")
    assert status == 303
    assert {issue_id("PAY-440"), issue_id("PAY-447")} <= serving(site[0], filled, "PAY-KR2")
    assert "2 epics serve PAY-KR2 now" in rosa.get("/mappings").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"key_result": "PAY-KR2"}, "tick at least one epic"),
        ({"key_result": "NOPE", "epic": "x"}, "no such key result"),
        ({"key_result": "PAY-KR2", "how": "drives", "epic": "x"}, "nothing can drive it"),
        ({"key_result": "PAY-KR2", "how": "<b>", "epic": "x"}, "Choose one of these"),
        ({"key_result": "PLA-KR3", "how": "drives", "weight": "many", "epic": "x"}, "A weight is a number above 0"),
        ({"key_result": "PLA-KR3", "how": "drives", "weight": "-1", "epic": "x"}, "A weight is a number above 0"),
        ({"key_result": "PLA-KR3", "how": "drives", "weight": "9" * 500, "epic": "x"}, "A weight is a number above 0"),
        ({"q": "x" * 1001}, "at most 1,000 are kept"),
        ({"key_result": "PAY-KR2", "epic": "99:1"}, "no longer there"),
    ],
)
def test_bad_input_is_said_and_nothing_is_linked(
    fields: dict[str, str], said: str, rosa: Visitor, site: tuple[Resources, FakeJira], filled: MadeUp
) -> None:
    before = rosa.get("/mappings").text.count("Change the link")
    given = dict(fields)
    status, text = send(rosa, "/mappings/link", (given.pop("epic"),) if "epic" in given else (), **given)
    assert status == 422
    assert said in text
    assert rosa.get("/mappings").text.count("Change the link") == before


def test_a_wrong_query_stands_beside_its_field_in_jiras_words(rosa: Visitor, site: tuple[Resources, FakeJira]) -> None:
    site[1].trouble["search"] = Rejected("…", 400, "Field 'stauts' does not exist")
    answer = rosa.client.post("/mappings/look", data={"q": "stauts = x", "csrf_token": rosa.token("/mappings")})
    assert answer.status_code == 422
    assert "Field &#39;stauts&#39; does not exist" in answer.text
    assert 'value="stauts = x"' in answer.text
    assert 'aria-describedby="q-wrong"' in answer.text


def test_a_jira_that_is_away_is_said_at_once(rosa: Visitor, site: tuple[Resources, FakeJira]) -> None:
    site[1].trouble = {"search": Unavailable("slow"), "fetch": Unavailable("slow")}
    text = words_of(rosa.get("/mappings?q=retry").text)
    assert "What follows is what we know of it already" in text
    assert "Retry with a second processor" in text


def test_the_list_is_narrowed(rosa: Visitor) -> None:
    page = rosa.get("/mappings?words=checkout").text
    assert set(re.findall(r"Change the link of (\S+) to", page)) == {"PAY-412", "PAY-431"}
    assert "No link matches that." in rosa.get("/mappings?words=zzz&page=" + "9" * 30).text


def test_titles_stand_only_where_their_project_shows_them(rosa: Visitor, filled: MadeUp) -> None:
    page = rosa.get("/mappings/epics").text
    assert "Retry with a second processor" in page
    assert "On-call rotation" not in page
    assert "PLA show no titles here" in page


@pytest.mark.parametrize(("role", "sees"), [("reader", False), ("editor", False), ("admin", True)])
def test_a_projects_name_stands_only_where_it_shows_titles_or_for_who_decides_that(
    role: str, sees: bool, rosa: Visitor, site: tuple[Resources, FakeJira], filled: MadeUp, clock: FakeClock
) -> None:
    with site[0].database.write() as conn:
        seen = [SeenProject("900", "SEC", "Buying Globex")]
        projects.record_seen(conn, filled.workspace_id, filled.jira.id, seen)
    rosa.is_let_in(made_up.add_owner(site[0].database, clock.now(), role=role, email="x@acme.example"), clock.now())
    page = rosa.get("/mappings/projects").text
    assert "SEC" in page
    assert ("Buying Globex" in page) is sees
    shown = FieldChoice(None, frozenset(), by_points=False, shows_titles=True)
    with site[0].database.write() as conn:
        projects.record_project_choice(
            conn, filled.workspace_id, filled.jira.id, "900", shown, at=clock.now(), by="Rosa Klein"
        )
    assert "Buying Globex" in rosa.get("/mappings/projects").text


def test_an_epic_moves_between_the_piles(rosa: Visitor, filled: MadeUp) -> None:
    name = name_of(filled, "PAY-440")
    for _ in range(2):
        rosa.post("/mappings/epics/just-do-it", {"epic": name}, page="/mappings/epics")
    assert "1 epic waits for a decision" in rosa.get("/mappings/epics").text
    rosa.post("/mappings/epics/undecided", {"epic": name}, page="/mappings/epics")
    assert "2 epics wait for a decision" in rosa.get("/mappings/epics").text


def test_unlinking_says_what_it_does_first(rosa: Visitor, site: tuple[Resources, FakeJira], filled: MadeUp) -> None:
    assert "would go from 11 of 27 to 8 of 13 done" in words_of(rosa.get(LINK).text)
    for _ in range(2):
        assert rosa.post(f"{LINK}/unlink", page="/mappings").status_code == 303
    assert issue_id("PAY-388") not in serving(site[0], filled, "PAY-KR2")


def test_two_at_one_link_the_second_sees_what_changed(rosa: Visitor, filled: MadeUp) -> None:
    address = f"/mappings/links/PLA-KR3/1/{issue_id('PLA-70')}"
    seen = re.search(r'name="seen" value="(\w+)"', rosa.get(address).text)
    assert seen is not None
    assert rosa.post(address, {"how": "drives", "weight": "3", "seen": seen[1]}).status_code == 303
    second = rosa.post(address, {"how": "drives", "weight": "2", "seen": seen[1]})
    assert second.status_code == 409
    assert "It is now: drives × 3. You chose: drives × 2." in words_of(second.text)
    again = re.search(r'name="seen" value="(\w+)"', second.text)
    assert again is not None
    assert rosa.post(address, {"how": "drives", "weight": "2", "seen": again[1]}).status_code == 303


@pytest.mark.parametrize(
    "address",
    ["/mappings/links/PAY-KR2/1/77", "/mappings/links/NOPE/1/1", f"/mappings/links/PAY-KR2/{2**63 - 1}/1",
     "/mappings/projects/1/77", "/mappings/projects/2/1"],
)  # fmt: skip
def test_what_is_not_ours_is_not_there(address: str, rosa: Visitor) -> None:
    assert rosa.get(address).status_code == 404


def test_what_is_gone_is_said_with_what_to_do(rosa: Visitor, site: tuple[Resources, FakeJira], filled: MadeUp) -> None:
    assert "Every linked epic is there" in rosa.get("/mappings/gone").text
    goes(site[0], filled, "PLA-70", hidden=True)
    goes(site[0], filled, "GRO-149")
    text = words_of(rosa.get("/mappings/gone").text)
    assert "2 links lead to nothing we can see" in text
    assert "Its project is closed to our account." in text
    rosa.post("/mappings/gone/look-again", page="/mappings/gone")
    assert "2 epics are looked for again now" in rosa.get("/mappings/gone").text


def test_what_confirming_changes_is_said_before(rosa: Visitor, filled: MadeUp) -> None:
    address = f"/mappings/projects/1/{sum(map(ord, 'PAY'))}"
    assert "No figure. It is only confirmed." in rosa.get(address).text
    wanted = {"estimate": "customfield_7", "wont_do": "2", "count": "estimates"}
    text = words_of(rosa.post(f"{address}/look", wanted, page=address).text)
    assert "would be counted otherwise" in text
    assert "Titles would be deleted here at once" in text
    wrong = rosa.post(address, {"estimate": "nope", "wont_do": "<b>", "count": "estimates"})
    assert wrong.status_code == 422
    assert "Jira has no such field" in wrong.text
    assert "Jira has no such resolution" in wrong.text


def test_an_editor_of_another_team_may_look_and_not_link(
    site: tuple[Resources, FakeJira], clock: FakeClock, filled: MadeUp
) -> None:
    on, _ = site
    growth = made_up.add_owner(on.database, clock.now(), role="editor", email="elif@acme.example")
    with on.database.write() as conn:
        people.record_role(conn, filled.workspace_id, growth.person_id, "Elif Kaya", "editor", ("Growth",))
    visitor = visitor_of(on)
    visitor.sign_in("elif@acme.example")
    page = visitor.get("/mappings").text
    assert "Change the link of GRO-160" in page
    assert "Change the link of PAY-412" not in page
    assert 'value="PAY-KR2"' not in page
    assert visitor.get(LINK).status_code == 403
    status, text = send(visitor, "/mappings/link", (name_of(filled, "PAY-440"),), key_result="PAY-KR2")
    assert (status, "no such key result" in text) == (422, True)


def test_a_reader_sees_the_links_and_no_buttons(site: tuple[Resources, FakeJira], clock: FakeClock) -> None:
    made_up.add_owner(site[0].database, clock.now(), role="reader", email="reader@acme.example")
    visitor = visitor_of(site[0])
    visitor.sign_in("reader@acme.example")
    for address in ("/mappings", "/mappings/epics", "/mappings/gone", "/mappings/projects"):
        page = visitor.get(address)
        assert page.status_code == 200
        assert "Find epics" not in page.text
        assert "Look in Jira again" not in page.text


def test_everything_is_exported_as_one_file(rosa: Visitor) -> None:
    answer = rosa.get("/mappings/export")
    assert answer.content_type.startswith("application/yaml")
    assert "PAY-412" in answer.text
