"""Inline comments: open while their marker stands in the body, dangling when it is gone."""

import re

import pytest

from tests.site import roster
from tests.unit.site.confluence_world import SampleWiki


@pytest.fixture
def wiki() -> SampleWiki:
    return SampleWiki()


def _comment(wiki: SampleWiki, words: str) -> dict[str, object]:
    body = {"representation": "storage", "value": "<p>why?</p>"}
    properties = {"textSelection": words, "textSelectionMatchCount": 1, "textSelectionMatchIndex": 0}
    sent = {"pageId": wiki.page_id(), "body": body, "inlineCommentProperties": properties}
    answer = wiki.call("POST", "/inline-comments", roster.PEOPLE[1], json=sent)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.get_json()
    return made


def _statuses(wiki: SampleWiki, **query: str) -> list[str]:
    listed = wiki.call("GET", f"/pages/{wiki.page_id()}/inline-comments", query_string=query).get_json()
    return [each["resolutionStatus"] for each in listed["results"]]


def test_a_comment_dangles_without_its_marker_and_is_open_again_with_it(wiki: SampleWiki) -> None:
    made = _comment(wiki, "sponsors are welcome")
    assert made["properties"]["inlineOriginalSelection"] == "sponsors are welcome"  # type: ignore[index]
    body = wiki.page(wiki.page_id())["body"]["storage"]["value"]
    ref = made["properties"]["inlineMarkerRef"]  # type: ignore[index]
    marker = f'<ac:inline-comment-marker ac:ref="{ref}">sponsors are welcome</ac:inline-comment-marker>'
    assert marker in body
    assert _statuses(wiki) == ["open"]
    wiki.put(wiki.page_id(), body.replace(marker, "sponsors are welcome"), 4)
    assert _statuses(wiki) == ["dangling"]
    refused = wiki.call("PUT", f"/inline-comments/{made['id']}", json={"version": {"number": 2}, "resolved": True})
    assert refused.status_code == 400
    wiki.put(wiki.page_id(), body, 5)
    assert _statuses(wiki) == ["open"]


def test_a_comment_is_resolved_and_listed_by_its_status(wiki: SampleWiki) -> None:
    made = _comment(wiki, "no slides")
    changed = wiki.call("PUT", f"/inline-comments/{made['id']}", json={"version": {"number": 2}, "resolved": True})
    assert changed.get_json()["resolutionStatus"] == "resolved"
    assert _statuses(wiki, **{"resolution-status": "open"}) == []
    assert _statuses(wiki, **{"resolution-status": "resolved"}) == ["resolved"]
    one = wiki.call("GET", f"/inline-comments/{made['id']}?body-format=storage").get_json()
    assert one["body"]["storage"]["value"] == "<p>why?</p>"
    assert wiki.call("GET", "/inline-comments/1").status_code == 404


def test_words_that_do_not_stand_there_cannot_be_commented_on(wiki: SampleWiki) -> None:
    sent = {
        "pageId": wiki.page_id(),
        "body": {"representation": "storage", "value": "<p>x</p>"},
        "inlineCommentProperties": {"textSelection": "nowhere at all"},
    }
    assert wiki.call("POST", "/inline-comments", json=sent).status_code == 400
    assert wiki.call("POST", "/inline-comments", json={**sent, "pageId": "1"}).status_code == 404
    assert not re.search("nowhere", wiki.page(wiki.page_id())["body"]["storage"]["value"])
