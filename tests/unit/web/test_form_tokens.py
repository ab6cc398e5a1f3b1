"""The token of forms: other letters in each answer, and the same token under them."""

from __future__ import annotations

import pytest

from tests.unit.web.surroundings import TOKEN, Visitor
from web.form_tokens import masked, unmasked


def test_the_same_token_stands_in_no_two_answers_in_the_same_letters(rosa: Visitor) -> None:
    one, other = rosa.token("/account"), rosa.token("/account")
    assert one != other
    assert len(set(TOKEN.findall(rosa.get("/account").text))) == 1, "within an answer it is one, and packs well"
    under = unmasked(one)
    assert under is not None
    assert under.partition(".")[0] == (unmasked(other) or "").partition(".")[0]
    assert under.partition(".")[0] not in rosa.get("/account").text


def test_both_are_taken_and_what_is_under_the_mask_is_not(rosa: Visitor) -> None:
    tokens = [rosa.token("/account"), rosa.token("/account")]
    codes = [rosa.client.post("/account", data={"name": "Rosa", "csrf_token": each}).status_code for each in tokens]
    bare = rosa.client.post("/account", data={"name": "Rosa", "csrf_token": unmasked(tokens[0])})
    assert (codes, bare.status_code) == ([303, 303], 400)


@pytest.mark.parametrize("sent", ["", "a", "abc", "AAAA", "ü", "====", "x" * 1001, "_" * 400, "/w==", "gA=="])
def test_what_is_no_token_is_refused(sent: str, rosa: Visitor) -> None:
    assert rosa.client.post("/account", data={"name": "Rosa", "csrf_token": sent}).status_code == 400


def test_a_token_comes_back() -> None:
    assert unmasked(masked("IjAwIg.aaaa.bbbb")) == "IjAwIg.aaaa.bbbb"
