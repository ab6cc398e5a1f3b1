"""What a person typed to find epics, and what a query looks into."""

from __future__ import annotations

import pytest

from mapping.epic_query import asks_about_texts


@pytest.mark.parametrize(
    "jql",
    [
        "summary ~ x", "summary !~ 'x'", '"summary" ~ x', "labels = 'a' AND description ~ b", 'labels = "unended ~',
        'issueFunction in issueFieldMatch("", "summary", "x")', '"ISSUEFUNCTION" in hasSubtasks()',
    ],
)  # fmt: skip
def test_a_query_that_looks_into_texts_is_known(jql: str) -> None:
    assert asks_about_texts(jql)


@pytest.mark.parametrize(
    "jql", ["project = PAY", 'labels = "a~b"', "labels = 'it''s ~'", r'labels = "a\"~" AND status = Done', "id in (1)"]
)
def test_a_query_by_fields_is_none(jql: str) -> None:
    assert not asks_about_texts(jql)
