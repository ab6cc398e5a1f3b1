"""The pages about linking rules, with a Jira in this process."""

from __future__ import annotations

import re

import pytest

from connector.store import people
from connector.store.engine import Database
from mapping.rules import Rule, RuleKind
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp, issue_id
from tests.unit.web.reading import heading, main, row
from tests.unit.web.rules_desk import JQL, NEW, RETRY, WRONG, Desk, at_desk


@pytest.fixture
def desk(filled: MadeUp, sqlite_database: Database, clock: FakeClock) -> Desk:
    return at_desk(sqlite_database, clock, filled)


def test_without_rules_the_page_says_how_to_begin(desk: Desk) -> None:
    page = desk.rosa.get("/mappings/rules").text
    assert heading(page) == "No rule yet: every epic is linked by hand"
    assert "Make the first rule" in main(page)


def test_a_preview_says_what_would_be_linked_and_links_nothing(desk: Desk) -> None:
    before = desk.links()
    answer = desk.rosa.post(f"{NEW}/preview", RETRY, page=NEW)
    assert answer.status_code == 200
    assert "Valid. Matches 2 epics now." in main(answer.text)
    assert row(answer.text, "PAY-440").startswith("+ link PAY-440 matches, undecided so far")
    assert "Save: link 2" in main(answer.text)
    assert desk.links() == before
    assert desk.rules() == ()


def test_before_anybody_chose_what_is_served_the_matches_are_counted(desk: Desk) -> None:
    answer = desk.rosa.post(f"{NEW}/preview", {**RETRY, "serve": ""}, page=NEW)
    assert "Valid. Matches 2 epics now." in main(answer.text)
    assert "+ link" not in main(answer.text)


def test_saving_links_what_was_shown(desk: Desk) -> None:
    assert desk.save(RETRY) == "/mappings/rules/1"
    assert {issue_id("PAY-440"), issue_id("PAY-447")} <= desk.links()
    page = desk.rosa.get("/mappings/rules/1").text
    assert "Saved. 2 epics linked." in main(page)
    assert row(page, "PAY-440").startswith("stays PAY-440 matches, linked by this rule")
    assert heading(desk.rosa.get("/mappings/rules").text) == "One rule links epics by itself"


def test_what_nobody_looked_at_is_not_linked(desk: Desk) -> None:
    answer = desk.rosa.post(NEW, RETRY, page=NEW)
    assert answer.status_code == 422
    assert "Look once more, then save" in main(answer.text)
    assert "Save: link 2" in main(answer.text)
    assert desk.rules() == ()


def test_what_came_meanwhile_is_not_linked_unseen(desk: Desk) -> None:
    shown = desk.shown(NEW, RETRY)
    desk.jira.find("PAY-440", "PAY-447", "PAY-448")
    assert desk.rosa.post(NEW, {**RETRY, "shown": shown}, page=NEW).status_code == 422
    assert desk.rules() == ()


def test_jiras_own_words_stand_beside_a_wrong_query(desk: Desk) -> None:
    typed = {**RETRY, "wanted": "labels = = retry"}
    for address in (f"{NEW}/preview", NEW):
        answer = desk.rosa.post(address, typed, page=NEW)
        assert answer.status_code == 422
        assert WRONG in main(answer.text)
        assert 'value="labels = = retry"' in answer.text
        assert "Save: link" not in main(answer.text)


def test_where_jira_is_away_the_page_says_so_and_the_rule_is_kept(desk: Desk) -> None:
    typed = {**RETRY, "wanted": "slow = 1"}
    answer = desk.rosa.post(f"{NEW}/preview", typed, page=NEW)
    assert "does not answer just now: no usable answer came." in main(answer.text)
    desk.save(typed)
    assert "Jira does not answer just now" in main(desk.rosa.get("/mappings/rules/1").text)
    assert desk.kept().is_on


@pytest.mark.parametrize(
    ("kind", "changed", "field", "text"),
    [
        ("jql", {"wanted": "  "}, "wanted", "Write a query"),
        ("jql", {"wanted": "x" * 4001}, "wanted", "at most 4,000"),
        ("label", {"wanted": "two words"}, "wanted", "one word without spaces"),
        ("labels", {"wanted": ""}, "wanted", "one word without spaces"),
        ("project", {"wanted": "<b>pay</b>"}, "wanted", "in capitals"),
        ("property", {"wanted": "okr"}, "wanted", "key, a dot, the path"),
        ("jql", {"serve": ""}, "serve", "Choose what the epics serve"),
        ("jql", {"serve": "ELSE-KR1 supports"}, "serve", "of a cycle that is not closed"),
        ("jql", {"serve": "PAY-KR2 drives"}, "serve", "none can drive it"),
        ("jql", {"serve": "PAY-KR2 step"}, "serve", "Choose what the epics serve"),
        ("jql", {"serve": "PLA-KR3 drives", "weight": "much"}, "weight", "number above 0"),
        ("jql", {"serve": "PLA-KR3 drives", "weight": "0"}, "weight", "number above 0"),
        ("jql", {"serve": "PLA-KR3 drives", "weight": "9" * 31}, "weight", "number above 0"),
        ("jql", {"name": "n" * 81}, "name", "at most 80"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    desk: Desk, kind: str, changed: dict[str, str], field: str, text: str
) -> None:
    typed = RETRY | changed
    answer = desk.rosa.post(NEW, {**typed, "kind": kind, "shown": desk.shown(NEW, RETRY)}, page=NEW)
    assert answer.status_code == 422
    beside = re.search(rf'id="{field}-(?:wrong|said)".*?</p>', answer.text, re.DOTALL)
    assert beside is not None
    assert text in beside[0]
    assert desk.rules() == ()


def test_the_label_says_what_is_served(desk: Desk) -> None:
    desk.jira.find("PAY-440", labels=["kr-pay-kr1", "other"])
    desk.save({"wanted": "kr-", "kind": "labels"})
    assert issue_id("PAY-440") in desk.links("PAY-KR1")
    assert '"kr-PAY-KR1"' in desk.jira.asked[-1]


def test_only_a_ticked_link_is_taken_away_and_the_log_says_by_whom(desk: Desk) -> None:
    rule_id = desk.rule(JQL)
    for key in ("PAY-388", "PAY-395"):
        desk.linked_by(rule_id, key)
    page = desk.rosa.get(f"/mappings/rules/{rule_id}").text
    assert "unlink" in row(page, "PAY-395")
    assert "Save: link 2" in main(page)
    address = f"/mappings/rules/{rule_id}"
    desk.save({**RETRY, "seen": desk.kept().fingerprint, "unlink": f"{issue_id('PAY-395')} PAY-KR2"}, address)
    assert issue_id("PAY-395") not in desk.links()
    assert issue_id("PAY-388") in desk.links()
    desk.jira.find("PAY-395")
    page = desk.rosa.get(address).text
    assert row(page, "PAY-395") == "not linked PAY-395 matches, but Rosa Klein took the link away on 22 Nov"


def test_a_link_to_another_teams_key_result_is_taken_away_by_its_editors_only(desk: Desk) -> None:
    """The rule served that key result once; who changed it since need not be an editor of both teams."""
    rule_id = desk.rule(JQL)
    desk.linked_by(rule_id, "PLA-64", "PLA-KR1")
    database, made = desk.on.database, desk.made
    eva = made_up.add_owner(database, desk.on.clock.now(), role="editor", email="eva@acme.example")
    with database.write() as conn:
        people.record_role(conn, made.workspace_id, eva.person_id, eva.name, "editor", ("Payments",))
    address = f"/mappings/rules/{rule_id}"
    typed = {**RETRY, "seen": desk.kept().fingerprint, "shown": desk.shown(address, RETRY)}
    desk.rosa.is_let_in(eva, desk.on.clock.now())
    unlink = {"unlink": f"{issue_id('PLA-64')} PLA-KR1"}
    assert desk.rosa.post(address, {**typed, **unlink}, page=NEW).status_code == 403
    assert issue_id("PLA-64") in desk.links("PLA-KR1")
    assert desk.rosa.post(address, typed, page=NEW).status_code == 303


def test_the_second_of_two_sees_what_changed_and_overwrites_only_knowingly(desk: Desk) -> None:
    rule_id = desk.rule(JQL)
    address, seen = f"/mappings/rules/{rule_id}", desk.kept().fingerprint
    desk.save({**RETRY, "name": "Toms", "seen": seen}, address)
    mine = {**RETRY, "wanted": "labels = mine", "seen": seen}
    answer = desk.rosa.post(address, {**mine, "shown": desk.shown(address, mine)}, page=NEW)
    assert answer.status_code == 422
    assert "Somebody changed this rule since you opened it" in main(answer.text)
    assert row(answer.text, "<td>Toms</td>") == "Name Toms Retry work"
    assert 'value="labels = mine"' in answer.text
    assert desk.kept().name == "Toms"
    desk.save({**mine, "seen": desk.kept().fingerprint}, address)
    assert desk.kept().rule.wanted == "labels = mine"


def test_more_than_twenty_are_asked_about_on_a_page_of_their_own(desk: Desk) -> None:
    desk.jira.find(*(f"PAY-{number}" for number in range(600, 621)))
    before = desk.links()
    assert desk.save(RETRY) == "/mappings/rules/1/waiting"
    assert desk.links() == before
    page = desk.rosa.get("/mappings/rules/1/waiting").text
    assert heading(page) == "Link 21 epics?"
    assert heading(desk.rosa.get("/mappings/rules").text) == "21 epics wait for your decision"
    shown = re.search(r'name="shown" value="([^"]+)"', page)
    assert shown is not None
    desk.jira.find(*(f"PAY-{number}" for number in range(600, 622)))
    refused = desk.rosa.post("/mappings/rules/1/waiting", {"shown": shown[1]})
    assert refused.status_code == 422
    assert heading(refused.text) == "Link 22 epics?"
    desk.jira.find(*(f"PAY-{number}" for number in range(600, 621)))
    for _ in range(2):
        desk.rosa.post("/mappings/rules/1/waiting", {"shown": shown[1]})
    assert len(desk.links() - before) == 21
    assert heading(desk.rosa.get("/mappings/rules/1/waiting").text) == "Nothing waits any more"
    assert desk.kept().waiting == ()


def test_off_links_nothing_and_on_again_looks_at_once(desk: Desk) -> None:
    rule_id = desk.rule(JQL)
    before = desk.links()
    desk.rosa.post(f"/mappings/rules/{rule_id}/turn", {"on": "no"}, page=NEW)
    page = desk.rosa.get(f"/mappings/rules/{rule_id}").text
    assert heading(page) == "Rule “Retry work” is off"
    desk.rosa.post(f"/mappings/rules/{rule_id}", {**RETRY, "seen": desk.kept().fingerprint}, page=NEW)
    assert desk.links() == before
    desk.rosa.post(f"/mappings/rules/{rule_id}/turn", {"on": "yes"}, page=NEW)
    assert desk.kept().is_on


def test_a_deleted_rule_leaves_its_links(desk: Desk) -> None:
    rule_id = desk.rule(JQL)
    desk.linked_by(rule_id, "PAY-388")
    page = desk.rosa.get(f"/mappings/rules/{rule_id}/delete").text
    assert "The link that it made stays." in main(page)
    desk.rosa.post(f"/mappings/rules/{rule_id}/delete", page=NEW)
    assert desk.rules() == ()
    assert issue_id("PAY-388") in desk.links()


def test_a_rule_belongs_to_the_team_of_its_key_result(desk: Desk, sqlite_database: Database, clock: FakeClock) -> None:
    rule_id = desk.rule(JQL)
    everybody = desk.rule(Rule(RuleKind.LABELS, "kr-"), "Labels")
    tom = made_up.add_owner(sqlite_database, clock.now(), role="editor", email="tom@acme.example")
    with sqlite_database.write() as conn:
        conn.exec_driver_sql("UPDATE person SET teams = '[\"Platform\"]' WHERE email = 'tom@acme.example'")
    desk.rosa.is_let_in(tom, clock.now())
    shown = desk.shown(NEW, RETRY)
    assert desk.rosa.post(NEW, {**RETRY, "shown": shown}, page=NEW).status_code == 403
    assert desk.rosa.post(f"/mappings/rules/{rule_id}", RETRY, page=NEW).status_code == 403
    for act in ("turn", "delete", "waiting"):
        for number in (rule_id, everybody):
            assert desk.rosa.post(f"/mappings/rules/{number}/{act}", page=NEW).status_code == 403
    own = {**RETRY, "serve": "PLA-KR1 supports", "name": "Platform"}
    assert desk.rosa.post(NEW, {**own, "shown": desk.shown(NEW, own)}, page=NEW).status_code == 303


@pytest.mark.parametrize("act", ["", "/waiting", "/delete"])
def test_a_rule_of_nobody_is_not_there(desk: Desk, act: str) -> None:
    assert desk.rosa.get(f"/mappings/rules/77{act}").status_code == 404
    assert desk.rosa.get(f"/mappings/rules/{2**70}{act}").status_code == 404
    assert desk.rosa.get(f"{NEW}?kind=magic").status_code == 404


def test_a_title_stands_only_where_its_project_shows_titles(desk: Desk) -> None:
    desk.jira.find("PAY-440", summary="A secret plan")
    assert "A secret plan" not in desk.rosa.post(f"{NEW}/preview", RETRY, page=NEW).text


def test_a_query_into_texts_is_for_admins(desk: Desk, sqlite_database: Database, clock: FakeClock) -> None:
    desk.jira.find("PAY-412")
    into_texts = RETRY | {"wanted": "summary ~ acquisition"}
    assert "PAY-412" in main(desk.rosa.post(f"{NEW}/preview?kind=jql", into_texts, page=NEW).text)
    editor = made_up.add_owner(sqlite_database, clock.now(), role="editor", email="editor@acme.example")
    desk.rosa.is_let_in(editor, clock.now())
    for address in (f"{NEW}/preview?kind=jql", f"{NEW}?kind=jql"):
        asked = len(desk.jira.asked)
        answer = desk.rosa.post(address, into_texts, page=NEW)
        assert (answer.status_code, len(desk.jira.asked)) == (422, asked)
        assert "only an admin may use it" in answer.text
