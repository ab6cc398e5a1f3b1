"""Webhook signatures: Atlassian's own example, and everything that must not pass for one."""

from __future__ import annotations

import hmac

import pytest

from connector.auth.signature import verify_signature

SECRET = "It's a Secret to Everybody"
BODY = b"Hello World!"
HEX = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
GOOD = f"sha256={HEX}"


def test_atlassians_example() -> None:
    assert verify_signature(SECRET, GOOD, BODY)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        HEX,
        f"sha1={HEX}",
        f"SHA256={HEX}",
        f"sha256={HEX.upper()}",
        f"sha256={HEX[:-1]}",
        f"sha256={HEX}0",
        f" {GOOD}",
        f"{GOOD}\n",
        f"{GOOD},{GOOD}",
        f"sha1=00,{GOOD}",
        f"sha256={'é' * 64}",
        f"sha256={'0' * 64}",
        "none",
    ],
)
def test_what_is_no_signature(header: str) -> None:
    assert not verify_signature(SECRET, header, BODY)


def test_the_body_counts_byte_for_byte() -> None:
    for body in (b"", b"Hello World", b"Hello World!\n", b'{"a":1}'):
        assert not verify_signature(SECRET, GOOD, body)


def test_while_a_secret_is_replaced_both_count() -> None:
    assert verify_signature(["new", SECRET], GOOD, BODY)
    assert verify_signature([SECRET, "new"], GOOD, BODY)
    assert not verify_signature(["new", "newer"], GOOD, BODY)


def test_an_empty_secret_signs_nothing() -> None:
    signed_with_nothing = "sha256=" + hmac.new(b"", BODY, "sha256").hexdigest()
    assert not verify_signature("", signed_with_nothing, BODY)
    assert not verify_signature(["", ""], signed_with_nothing, BODY)
    assert not verify_signature([], GOOD, BODY)
