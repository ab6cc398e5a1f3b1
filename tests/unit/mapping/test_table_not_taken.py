"""What stands beside the table about texts that are no check-in yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mapping.summary_lines import is_summary_line
from mapping.table_not_taken import not_taken_lines
from mapping.table_notices import NotTaken, WhyNotTaken
from mapping.table_parts import Column, TableSpec
from mapping.table_pieces import Colour, Line, Link
from mapping.words import LANGUAGES
from tests.unit.mapping.example import SERVICE, SPEC
from tests.unit.mapping.sayings import lozenges, text_of

UNREADABLE = NotTaken("PAY-KR1", Column.CONFIDENCE, "quite ok?", who="Rosa Klein")
NOT_ALLOWED = NotTaken("PAY-KR1", Column.NOW, "4", WhyNotTaken.NOT_ALLOWED, "Rosa Klein")
TO_CONFIRM = NotTaken("PAY-KR1", Column.NOW, "4", WhyNotTaken.TO_CONFIRM, "Rosa Klein")
OWNER = replace(SPEC, check_in_by="owner", table_id=7)


def said(*not_taken: NotTaken, spec: TableSpec = OWNER) -> list[str]:
    return [text_of(line) for line in not_taken_lines(not_taken, spec)]


def link(line: Line) -> str:
    (found,) = [piece.url for piece in line if isinstance(piece, Link)]
    return found


def test_what_nobody_can_read_says_what_is_needed() -> None:
    assert said(UNREADABLE) == [
        "Not understood Confidence of PAY-KR1 says “quite ok?”. It stays as typed; a number from 0 to 10 is needed. "
        "Check in by form, or give it up"
    ]
    assert "; a number is needed." in said(replace(UNREADABLE, column=Column.NOW))[0]
    assert "; plain words are needed." in said(replace(UNREADABLE, column=Column.NOTE))[0]
    (line,) = not_taken_lines((UNREADABLE,), OWNER)
    assert (lozenges([line]), link(line)) == ([("Not understood", Colour.YELLOW)], f"{SERVICE}/check-in/PAY-KR1")


@pytest.mark.parametrize(
    ("check_in_by", "who_may"),
    [("owner", " Its owner checks in here."), ("team", " Its team checks in here."), ("editors", "")],
)
def test_who_may_not_check_in_learns_who_may(check_in_by: str, who_may: str) -> None:
    spec = replace(SPEC, check_in_by=check_in_by)
    assert said(NOT_ALLOWED, spec=spec) == [
        f"Not taken Now of PAY-KR1 says “4”, typed by Rosa Klein.{who_may} It stays as typed. "
        "Check in by form, or give it up"
    ]
    assert "“4”. Its owner" in said(replace(NOT_ALLOWED, who=""))[0]


def test_what_waits_to_be_confirmed_is_one_line_for_all() -> None:
    (line,) = not_taken_lines((TO_CONFIRM,) * 6, OWNER)
    assert text_of(line) == (
        "Please confirm 6 cells were changed at once, or by an old version of the page. They become check-ins when "
        "somebody confirms. Look and confirm"
    )
    assert (lozenges([line]), link(line)) == ([("Please confirm", Colour.BLUE)], f"{SERVICE}/tables/7")
    assert said(TO_CONFIRM)[0].startswith("Please confirm 1 cell was changed by an app, or by an old version")
    (anywhere,) = not_taken_lines((TO_CONFIRM,), SPEC)
    assert link(anywhere) == f"{SERVICE}/tables"


def test_three_lines_are_enough() -> None:
    assert len(said(*[UNREADABLE] * 3)) == 3
    lines = said(*[UNREADABLE] * 3, NOT_ALLOWED, *[TO_CONFIRM] * 9)
    assert [line[:14] for line in lines] == ["Please confirm", "Not understood", "Not understood", "2 more typed t"]
    assert lines[-1] == "2 more typed texts are waiting here for somebody to look at them: look at all of them"


def test_a_long_text_is_quoted_in_part() -> None:
    long = replace(UNREADABLE, text="x" * 500, who="y" * 500)
    assert len(said(long)[0]) < 250
    assert len(said(replace(long, why=WhyNotTaken.NOT_ALLOWED))[0]) < 300


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("check_in_by", ["owner", "team", "editors"])
@pytest.mark.parametrize("text", ["quite ok?", "a “?” (b", "x" * 500, "„“; ."])
def test_each_line_is_known_again(language: str, check_in_by: str, text: str) -> None:
    spec = replace(SPEC, language=language, check_in_by=check_in_by)  # type: ignore[arg-type]
    some = [replace(each, text=text, who=text) for each in (UNREADABLE, NOT_ALLOWED, TO_CONFIRM)]
    lines = [*said(*some, spec=spec), *said(*some * 3, spec=spec)]
    assert len(lines) == 3 + 4
    assert all(map(is_summary_line, lines))
