"""A sign-in that ended mid-form loses nothing, and gives nobody a way to send forms in another's name."""

from __future__ import annotations

import re
from html import unescape
from random import Random
from string import ascii_letters, digits

import pytest
from werkzeug.test import TestResponse

from connector.store import check_ins
from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web.made_up import EMAIL, PASSWORD, MadeUp
from tests.unit.web.reading import heading, main
from tests.unit.web.surroundings import Visitor

HERE = {"Origin": "http://localhost"}
KEPT = re.compile(r'name="kept" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TYPED = {"done_since": "Saved <b>cards</b> & more.", "value": "28.5", "confidence": "7", "next_step": "Go to 100 %."}


def opened_of(page: TestResponse) -> dict[str, str]:
    """The hidden fields of a page."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


def send(visitor: Visitor, address: str, form: dict[str, str], headers: dict[str, str] | None = None) -> TestResponse:
    return visitor.client.post(address, data=form, headers=HERE if headers is None else headers)


def sign_in_behind(visitor: Visitor, page: TestResponse) -> TestResponse:
    """Sign in on the page that holds what was typed."""
    return send(visitor, "/sign-in", {**opened_of(page), "email": EMAIL, "password": PASSWORD})


def opened(visitor: Visitor, address: str) -> dict[str, str]:
    """The hidden fields of a form, as it was opened."""
    return opened_of(visitor.get(address))


def test_what_was_typed_is_sent_after_signing_in_again(
    rosa: Visitor, filled: MadeUp, clock: FakeClock, sqlite_database: Database
) -> None:
    form = opened(rosa, "/check-in/PAY-KR1") | TYPED
    clock.advance(hours=13)
    door = send(rosa, "/check-in/PAY-KR1", form)
    assert (door.status_code, heading(door.text)) == (401, "Sign in to send it")
    back = sign_in_behind(rosa, door)
    assert heading(back.text) == "You are signed in again. Nothing was lost."
    assert "Saved <b>cards</b> & more." in main(back.text) or "Saved cards & more." in main(back.text)
    assert back.text.count("btn primary") == 1
    again = opened_of(back)
    assert send(rosa, "/check-in/PAY-KR1", again).status_code == 303
    with sqlite_database.read() as conn:
        said = check_ins.load_check_ins(conn, filled.workspace_id, ["PAY-KR1"])["PAY-KR1"]
    assert [each.done_since for each in said].count("Saved <b>cards</b> & more.") == 1


def test_a_wrong_password_in_between_loses_nothing_either(rosa: Visitor, clock: FakeClock) -> None:
    form = opened(rosa, "/check-in/PAY-KR1") | TYPED
    clock.advance(hours=13)
    door = send(rosa, "/check-in/PAY-KR1", form)
    fields = opened_of(door)
    wrong = send(rosa, "/sign-in", {**fields, "email": EMAIL, "password": "wrong"})
    assert wrong.status_code == 401
    assert heading(sign_in_behind(rosa, wrong).text) == "You are signed in again. Nothing was lost."


def test_a_form_of_an_earlier_sign_in_is_sent_with_one_click(rosa: Visitor) -> None:
    form = opened(rosa, "/check-in/PAY-KR1") | TYPED
    rosa.sign_in()
    answer = send(rosa, "/check-in/PAY-KR1", form)
    assert (answer.status_code, heading(answer.text)) == (400, "Please send the form once more")
    again = opened_of(answer)
    assert again["done_since"] == TYPED["done_since"]
    assert send(rosa, "/check-in/PAY-KR1", again).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://[oops"},
        {**HERE, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_what_another_site_sends_is_never_kept(headers: dict[str, str], stranger: Visitor, filled: MadeUp) -> None:
    token = stranger.token("/sign-in")
    answer = send(stranger, "/status/pause", {"csrf_token": token, "why": "because"}, headers)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    answer = send(stranger, "/check-in/PAY-KR1", TYPED, headers)
    assert answer.status_code == 400
    assert "because" not in answer.text
    assert KEPT.search(answer.text) is None
    assert "Saved" not in answer.text


def test_another_site_cannot_slip_a_kept_form_into_the_sign_in(stranger: Visitor, filled: MadeUp) -> None:
    token = stranger.token("/sign-in")
    door = send(stranger, "/check-in/PAY-KR1", {**TYPED, "csrf_token": token})
    kept = opened_of(door)["kept"]
    answer = send(stranger, "/sign-in", {"kept": kept, "email": "a@b"}, {"Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert kept not in answer.text


def test_no_password_token_or_code_is_kept(stranger: Visitor, filled: MadeUp) -> None:
    token = stranger.token("/sign-in")
    secrets = {"password": "hush1", "present_password": "hush2", "api_token": "hush3", "code": "hush4"}
    door = send(stranger, "/account/password", {"csrf_token": token, "name": "Rosa", **secrets})
    back = sign_in_behind(stranger, door)
    assert "hush" not in back.text
    assert "Passwords and tokens are never kept" in main(back.text)
    assert set(opened_of(back)) == {"csrf_token", "name"}


@pytest.mark.parametrize("change", ["x", ".", "A" * 20])
def test_what_was_changed_on_the_way_is_not_sent(change: str, stranger: Visitor, filled: MadeUp) -> None:
    token = stranger.token("/sign-in")
    door = send(stranger, "/check-in/PAY-KR1", {**TYPED, "csrf_token": token})
    fields = opened_of(door)
    answer = send(
        stranger, "/sign-in", {**fields, "kept": change + fields["kept"], "email": EMAIL, "password": PASSWORD}
    )
    assert answer.status_code == 303


def test_what_was_kept_for_too_long_is_not_sent(stranger: Visitor, filled: MadeUp) -> None:
    answer = stranger.post("/sign-in", {"email": EMAIL, "password": PASSWORD, "kept": "WyJ4Il0.aAAAAA.c2ln"})
    assert answer.status_code == 303


def test_the_longest_form_that_is_taken_is_kept_as_well(stranger: Visitor, filled: MadeUp, clock: FakeClock) -> None:
    token = stranger.token("/sign-in")
    # What neither a form nor a compression makes shorter or longer.
    noise = "".join(Random(1).choices(ascii_letters + digits + "-._*", k=65_100))
    door = send(stranger, "/check-in/PAY-KR1", {"note": noise, "csrf_token": token})
    assert door.status_code == 401
    back = sign_in_behind(stranger, door)
    assert opened_of(back)["note"] == noise


def test_signing_out_twice_keeps_nothing(stranger: Visitor, filled: MadeUp) -> None:
    token = stranger.token("/sign-in")
    answer = send(stranger, "/sign-out", {"csrf_token": token, "x": "y"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
