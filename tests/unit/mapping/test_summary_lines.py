"""Our own lines above a table are known again by their words; a person's lines never are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import process_time

import pytest

from mapping.figures import CycleFigure
from mapping.okr import CycleState
from mapping.summary_lines import is_summary_line
from mapping.table_notices import NotCurrent, Notices, NotTaken, WhyNotTaken
from mapping.table_parts import Column
from mapping.words import LANGUAGES, Language
from tests.unit.mapping.example import AT, CYCLE, FIGURE, PAY, SPEC
from tests.unit.mapping.sayings import summary, with_key_results

_OLDER = replace(PAY[0], initiatives=tuple(replace(each, completion=None) for each in PAY[0].initiatives))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "figure",
    [
        FIGURE,
        replace(FIGURE, needing_attention=0),
        replace(FIGURE, needing_attention=1, expected=None),
        replace(FIGURE, progress=None, expected=None),
        replace(FIGURE, objectives=(), key_results=0, progress=None),
        replace(FIGURE, cycle=replace(CYCLE, state=CycleState.CLOSED)),
        replace(FIGURE, cycle=replace(CYCLE, starts_on=date(2026, 12, 1))),
        replace(FIGURE, cycle=replace(CYCLE, name="(.*) [x", starts_on=date(2026, 12, 1)), key_results=0),
        with_key_results(replace(_OLDER, older_since=AT, older_why="no permission")),
    ],
)
def test_every_line_that_we_write_is_known_again(figure: CycleFigure, language: Language) -> None:
    spec = replace(SPEC, language=language)
    typed = tuple(NotTaken("PAY-KR1", each, "a “?” (b") for each in (Column.NOW, Column.CONFIDENCE, Column.NOTE))
    plain = summary(figure, Notices(not_taken=typed), spec)
    broken = summary(figure, Notices(NotCurrent(AT, "not reachable")), spec)
    assert len(plain) == 4
    assert all(map(is_summary_line, [*plain, *broken]))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "as of 22 Nov 2026, 09:40 UTC",
        "Figures as of 22 Nov 2026, 09:40 UTC are wrong",
        "4 of 9 key results need attention, says Ana",
        "We said that 4 of 9 key results need attention · 56 % of the way · as of 22 Nov 2026, 09:40 UTC",
        "Planned for January",
        "Not understood",
        "Closed Q3",
    ],
)
def test_a_persons_line_is_not_ours(line: str) -> None:
    assert not is_summary_line(line)


@pytest.mark.parametrize("again", ["Not taken | of  says “”.", "Nicht gezählt | von : „“."])
def test_a_line_made_to_be_sought_in_without_end_is_read_at_once(again: str) -> None:
    """Somebody's paragraph that repeats what stands between our data; it took seconds, and a page holds thousands."""
    first, _, more = again.partition("|")
    began = process_time()
    assert not is_summary_line(first + more * 300)
    assert process_time() - began < 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text", [" of  says “", "”. It stays as typed.", " von : „“. Das bleibt so stehen.", "as of 1"]
)
def test_our_line_is_known_whatever_somebody_typed(text: str, language: Language) -> None:
    typed = tuple(
        NotTaken("PAY-KR1", Column.NOTE, text, why, who=text)
        for why in (WhyNotTaken.NOT_UNDERSTOOD, WhyNotTaken.NOT_ALLOWED)
    )
    assert all(map(is_summary_line, summary(FIGURE, Notices(not_taken=typed), replace(SPEC, language=language))))
