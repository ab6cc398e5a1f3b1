"""Long answers are compressed for those who understand it, and say the same."""

from __future__ import annotations

import gzip

import pytest
from werkzeug.test import TestResponse

from tests.unit.web.surroundings import Visitor

PAGES = ["/", "/status", "/static/style.css", "/static/refresh.js"]


def _get(visitor: Visitor, address: str, understood: str, **more: str) -> TestResponse:
    return visitor.client.get(address, headers={"Accept-Encoding": understood, **more}, buffered=True)


@pytest.mark.parametrize("address", PAGES)
def test_a_compressed_answer_says_the_same(address: str, rosa: Visitor) -> None:
    plain, packed = _get(rosa, address, "identity"), _get(rosa, address, "gzip, deflate, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    told, same = gzip.decompress(packed.data).decode(), plain.text
    # The token of its forms differs from one answer to the next.
    assert told.split("csrf_token")[0] == same.split("csrf_token")[0]
    assert abs(len(told) - len(same)) < 10


@pytest.mark.parametrize("understood", ["", "br", "identity", "gzip;q=0", "*;q=0"])
def test_who_does_not_understand_it_is_sent_the_page_as_it_is(understood: str, rosa: Visitor) -> None:
    answer = _get(rosa, "/status", understood)
    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize("understood", ["gzip", "identity"])
@pytest.mark.parametrize("address", PAGES)
def test_what_lies_between_keeps_both_apart(address: str, understood: str, rosa: Visitor) -> None:
    assert "Accept-Encoding" in _get(rosa, address, understood).headers["Vary"]


def test_a_file_that_was_not_changed_is_not_sent_again(rosa: Visitor) -> None:
    first = _get(rosa, "/static/style.css", "gzip")
    assert first.headers["ETag"].startswith('W/"')
    again = _get(rosa, "/static/style.css", "gzip", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_is_short_or_no_text_stays_as_it_is(rosa: Visitor) -> None:
    assert "Content-Encoding" not in _get(rosa, "/static/mark.svg", "gzip").headers
    assert "Content-Encoding" not in _get(rosa, "/healthz", "gzip").headers
    assert "Content-Encoding" not in _get(rosa, "/metrics", "gzip").headers
    part = _get(rosa, "/static/style.css", "gzip", Range="bytes=0-2047")
    assert (part.status_code, len(part.data), part.headers.get("Content-Encoding")) == (206, 2048, None)


def test_only_the_headers_may_be_asked_for(rosa: Visitor) -> None:
    answer = rosa.client.head("/status", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.data) == (200, b"")


def test_a_form_that_was_refused_is_compressed_too(rosa: Visitor) -> None:
    token = rosa.token("/check-in/PAY-KR1")
    answer = rosa.client.post(
        "/check-in/PAY-KR1", data={"csrf_token": token, "confidence": "99"}, headers={"Accept-Encoding": "gzip"}
    )
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (422, "gzip")
