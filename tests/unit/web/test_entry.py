"""The ways in and out."""

from __future__ import annotations

import pytest

from connector.store import people
from connector.store.engine import Database
from sync.commands.people import make_sign_in_code
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import EMAIL, PASSWORD, MadeUp
from tests.unit.web.surroundings import Visitor, resources

NEWCOMER = {"name": "Rosa Klein", "email": EMAIL, "password": "a long sentence"}

ELSEWHERE = [
    "//evil.example", "/\\evil.example", "https://evil.example", "https:evil.example", "javascript:alert(1)",
    "/a\r\nX: y", "/\tevil", "\\\\evil.example", "evil", "",
]  # fmt: skip


@pytest.fixture
def code(sqlite_database: Database, clock: FakeClock) -> str:
    """The one-time code as the console shows it."""
    return make_sign_in_code(resources(sqlite_database, clock))


def test_the_first_visitor_is_led_to_the_first_visit(stranger: Visitor) -> None:
    assert stranger.get("/").location == "/sign-in"
    assert stranger.get("/sign-in").location == "/first-visit"
    assert "One-time code" in stranger.get("/first-visit").text


def test_the_code_makes_it_yours_and_is_used_up(code: str, stranger: Visitor) -> None:
    answer = stranger.post("/first-visit", {**NEWCOMER, "code": code})
    assert (answer.status_code, answer.location) == (303, "/set-up"), "nothing is connected yet"
    assert "No objectives yet" in stranger.get("/").text
    assert stranger.get("/first-visit").location == "/sign-in"
    second = stranger.post("/first-visit", {**NEWCOMER, "email": "x@y.example", "code": code}, page="/status")
    assert second.status_code == 422


def test_a_wrong_code_keeps_what_was_typed_but_no_password(code: str, stranger: Visitor) -> None:
    answer = stranger.post("/first-visit", {**NEWCOMER, "code": "AAAA-BBBB"})
    assert answer.status_code == 422
    assert "okr sign-in-code" in answer.text
    assert 'value="Rosa Klein"' in answer.text
    assert NEWCOMER["password"] not in answer.text


def test_a_new_code_leads_back_in_who_lost_the_password(
    stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    assert stranger.get("/first-visit").location == "/sign-in"
    fresh = make_sign_in_code(resources(sqlite_database, clock))
    assert "new password" in stranger.get("/first-visit").text
    answer = stranger.post("/first-visit", {**NEWCOMER, "code": fresh})
    assert (answer.status_code, answer.location) == (303, "/")
    assert stranger.get("/first-visit").location == "/sign-in"
    assert stranger.sign_in(password=PASSWORD).status_code == 401
    assert stranger.sign_in(password=NEWCOMER["password"]).status_code == 303


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("code", " ", "Enter the code"),
        ("name", "", "Enter the name"),
        ("name", "x" * 201, "at most 200"),
        ("email", "", "Enter the e-mail"),
        ("email", "@", "not an e-mail address"),
        ("email", "rosa", "not an e-mail address"),
        ("password", "123456789", "at least 10"),
        ("password", "x" * 1001, "at least 10"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(field: str, typed: str, said: str, code: str, stranger: Visitor) -> None:
    answer = stranger.post("/first-visit", {**NEWCOMER, "code": code, field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="{field}-wrong"' in answer.text
    assert stranger.get("/sign-in").location == "/first-visit", "nobody was made"


def test_wrong_codes_are_taken_slowly(code: str, stranger: Visitor, clock: FakeClock) -> None:
    for _ in range(5):
        stranger.post("/first-visit", {**NEWCOMER, "code": "WRONG"})
    assert "Wait half a minute" in stranger.post("/first-visit", {**NEWCOMER, "code": code}).text
    clock.advance(seconds=31)
    assert stranger.post("/first-visit", {**NEWCOMER, "code": code}).status_code == 303


def test_signing_in_leads_to_where_one_wanted_to_go(stranger: Visitor, filled: MadeUp) -> None:
    door = stranger.get("/kr/PAY-KR1").location
    assert door == "/sign-in?next=/kr/PAY-KR1"
    answer = stranger.post(door, {"email": EMAIL.upper(), "password": PASSWORD, "next": "/kr/PAY-KR1"})
    assert (answer.status_code, answer.location) == (303, "/kr/PAY-KR1")


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(wanted: str, stranger: Visitor, filled: MadeUp) -> None:
    answer = stranger.post("/sign-in", {"email": EMAIL, "password": PASSWORD, "next": wanted})
    assert answer.location == "/"


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(stranger: Visitor, filled: MadeUp) -> None:
    wrong = stranger.sign_in(password="wrong")
    unknown = stranger.sign_in(email="nobody@acme.example")
    assert wrong.status_code == unknown.status_code == 401
    notes = [answer.text.partition('role="alert">')[2].partition("</p>")[0] for answer in (wrong, unknown)]
    assert notes[0] == notes[1] != ""


def test_guessing_a_password_is_slowed_down(stranger: Visitor, filled: MadeUp, clock: FakeClock) -> None:
    for _ in range(6):
        stranger.sign_in(password="wrong")
    assert stranger.sign_in().status_code == 401, "the right one as well, for now"
    clock.advance(minutes=20)
    assert stranger.sign_in().status_code == 303


def test_signing_in_begins_a_new_session(stranger: Visitor, filled: MadeUp) -> None:
    token = stranger.token("/sign-in")
    with stranger.client.session_transaction() as before:
        before["planted"] = "by somebody else"
    stranger.sign_in()
    with stranger.client.session_transaction() as after:
        assert "planted" not in after
    assert stranger.client.post("/status/pause", data={"csrf_token": token}).status_code == 400, "the old token is void"


def test_signing_out_ends_it(rosa: Visitor) -> None:
    assert rosa.post("/sign-out", page="/").location == "/sign-in"
    assert rosa.get("/").status_code == 302


def test_a_sign_in_ends_after_a_long_rest(rosa: Visitor, clock: FakeClock) -> None:
    clock.advance(hours=11)
    assert rosa.get("/").status_code == 200
    clock.advance(hours=11)
    assert rosa.get("/").status_code == 200, "a visit counts"
    clock.advance(hours=13)
    assert rosa.get("/").status_code == 302


def test_a_page_that_refreshes_itself_is_no_visit(rosa: Visitor, clock: FakeClock) -> None:
    for _ in range(3):
        clock.advance(hours=5)
        answer = rosa.client.get("/status", headers={"X-OKR-Refresh": "1"})
    assert answer.status_code == 302


def test_a_sign_in_ends_after_a_week_in_any_case(rosa: Visitor, clock: FakeClock) -> None:
    for _ in range(15):
        clock.advance(hours=11)
        answer = rosa.get("/")
    assert answer.status_code == 200
    clock.advance(hours=11)
    assert rosa.get("/").status_code == 302


def test_a_new_password_ends_other_sign_ins(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    with sqlite_database.write() as conn:
        people.record_password(conn, filled.workspace_id, filled.person.person_id, made_up.CHEAP.hash("another one"))
    assert rosa.get("/").status_code == 302


def test_a_cookie_that_was_tampered_with_is_nobody(rosa: Visitor) -> None:
    cookie = rosa.client.get_cookie("okr_session")
    assert cookie is not None
    rosa.client.set_cookie("okr_session", cookie.value[:-4] + "AAAA")
    assert rosa.get("/").status_code == 302
