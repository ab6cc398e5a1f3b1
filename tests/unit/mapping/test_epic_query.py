"""What a person typed to find epics, and what a query looks into."""

from __future__ import annotations

import pytest

from mapping.epic_query import asks_about_texts


@pytest.mark.parametrize(
    "jql",
    [
        "summary ~ x", "summary !~ 'x'", '"summary" ~ x', "labels = 'a' AND description ~ b", 'labels = "unended ~',
        'issueFunction in issueFieldMatch("", "summary", "x")', '"ISSUEFUNCTION" in hasSubtasks()',
        r'labels = a\'b AND summary ~ x AND labels = "c\'"', r"issue\u0046unction in hasSubtasks()",
        "filter = 10001", "project = PAY and FILTER not  in (1, 2)", '"filter" = "my own"', "' savedFilter ' != 3",
        r"f\u0069lter = 1", "request in(7)", "searchrequest=8", r'labels = "a\u0022" AND filter = 1 AND labels = "b"',
        "project = SECRET ORDER BY summary", 'id in (1, 2) order  by created, "Summary" DESC',
        'project = A ORDER BY "Epic Name"',
    ],
)  # fmt: skip
def test_a_query_that_looks_into_texts_is_known(jql: str) -> None:
    assert asks_about_texts(jql)


@pytest.mark.parametrize(
    "jql",
    [
        "project = PAY", 'labels = "a~b"', "labels = 'it''s ~'", r'labels = "a\"~" AND status = Done', "id in (1)",
        'status = "Change request in progress"', "labels = filter", r"labels = a\'b ORDER BY created",
        'labels = "filter = 5"', "labels in (summary, description)",
    ],
)  # fmt: skip
def test_a_query_by_fields_is_none(jql: str) -> None:
    assert not asks_about_texts(jql)


@pytest.mark.parametrize("piece", ["order by ", "filter ", "' ", '"', "\\", "\\u0041", "issuefunction"])
def test_a_long_query_is_read_once_from_end_to_end(piece: str) -> None:
    """With the square of its length it would take minutes, and the time-out of the whole suite would tell."""
    asks_about_texts(piece * 60_000)
