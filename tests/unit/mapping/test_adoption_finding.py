"""Which tables of a page are taken for OKRs made by hand."""

from __future__ import annotations

import pytest

from mapping.adoption import belonging_together, find_tables
from tests.unit.mapping.adopting import NAMES
from tests.unit.mapping.hand_made import row, table


@pytest.mark.parametrize(
    "body",
    [
        "<p>No table</p>",
        "<table />",
        "<table><tbody><tr /></tbody></table>",
        table(row("Date", "Topic"), row("1 Oct", "Start")),
        table(row("Key result", "Owner")),
        table(row("Key result", "Owner"), *[row("More merchants", "Ana")] * 500),
        table(
            row("Key result", "Now"),
            '<tr><td><a href="https://okr.example/kr/PAY-KR1">PAY-KR1</a></td><td>29</td></tr>',
        ),
    ],
)
def test_other_tables_and_our_own_are_not_taken_for_one(body: str) -> None:
    assert find_tables(body, NAMES) == ()
    assert belonging_together(()) == ()


def test_tables_are_found_wherever_they_stand_and_numbered_among_all() -> None:
    inner = table(row("Key result", "Owner"), row("More merchants", "Ana"))
    other = table(row("Date", "Topic"), row("1 Oct", "Start"))
    expand = (
        '<ac:structured-macro ac:name="expand"><ac:rich-text-body>'
        + inner
        + "</ac:rich-text-body></ac:structured-macro>"
    )
    body = other + expand + f"<ul><li>{inner}</li></ul><table><tbody><tr><td>{inner}</td></tr></tbody></table>{inner}"
    assert [(each.number, each.place.is_free) for each in find_tables(body, NAMES)] == [
        (2, False),
        (3, False),
        (5, False),
        (6, True),
    ]
