"""Nothing is written when nothing changed; and what a version message says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from mapping.figures import CycleFigure, KeyResultFigure, Mark
from mapping.table import build_table
from mapping.table_changes import (
    Difference,
    daily_message,
    difference,
    fingerprint,
    intended_fields,
    same_order,
    what_changed,
)
from mapping.table_look import same_layout
from mapping.table_notices import NotCurrent, Notices
from mapping.table_parts import Column, Design, Table, TableSpec, Width
from mapping.words import Language
from tests.unit.mapping.example import AT, CYCLE, FIGURE, OBJECTIVES, PAY, SPEC, initiative

COLUMNS = (Column.KEY_RESULT, Column.NOW)


def table(figure: CycleFigure = FIGURE, spec: TableSpec = SPEC, at: datetime = AT) -> Table:
    return build_table(figure, spec, at)


def with_first(key_result: KeyResultFigure, figure: CycleFigure = FIGURE) -> CycleFigure:
    first = replace(OBJECTIVES[0], key_results=(key_result, *PAY[1:]))
    return replace(figure, objectives=(first, *OBJECTIVES[1:]))


def moved(done: int) -> KeyResultFigure:
    return replace(PAY[0], initiatives=(initiative("PAY-412", done, 12, 3), *PAY[0].initiatives[1:]))


def test_as_of_alone_is_no_difference() -> None:
    later = table(at=AT + timedelta(days=3))
    assert fingerprint(later) == fingerprint(table())
    assert difference(*map(fingerprint, (table(), table(), later))) is Difference.NONE


@pytest.mark.parametrize(
    "changed",
    [
        with_first(moved(8)),
        with_first(replace(PAY[0], next_step="raise to 100\u00a0% on Tue 24\u00a0Nov.")),
        with_first(replace(PAY[0], key_result=replace(PAY[0].key_result, title="median checkout time"))),
        replace(FIGURE, needing_attention=5),
        replace(FIGURE, progress=Fraction(57, 100)),
        replace(FIGURE, cycle=replace(CYCLE, starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1))),
    ],
)
def test_everything_that_is_intended_counts(changed: CycleFigure) -> None:
    assert fingerprint(table(changed)) != fingerprint(table())


def test_notices_and_choices_count() -> None:
    first = fingerprint(table())
    assert fingerprint(build_table(FIGURE, SPEC, AT, Notices(NotCurrent(AT, "not reachable")))) != first
    assert fingerprint(table(spec=replace(SPEC, language="de"))) != first
    assert fingerprint(table(spec=replace(SPEC, service_url="https://other.example"))) != first


def test_a_fingerprint_fits_its_column_whatever_the_data() -> None:
    strange = replace(PAY[0], next_step="\ud800\x00\u202e" * 100)
    assert len(fingerprint(table(with_first(strange)))) <= 80


def test_what_only_time_changes_is_told_from_facts() -> None:
    """Yesterday two days less had passed since the check-in; today the same facts look staler."""
    yesterday = table()
    today = table(with_first(replace(PAY[0], marks=(Mark.STALE,), days_since_check_in=15)))
    assert difference(*map(fingerprint, (yesterday, yesterday, today))) is Difference.TIME
    facts_then, facts_now = table(with_first(moved(8))), table(with_first(replace(moved(8), marks=(Mark.STALE,))))
    assert difference(*map(fingerprint, (yesterday, facts_then, facts_now))) is Difference.FACTS


def test_layout_is_columns_and_widths_alone() -> None:
    first = fingerprint(table())
    assert same_layout(first, fingerprint(table(with_first(moved(8)), replace(SPEC, language="de"))))
    assert same_layout(first, fingerprint(table(replace(FIGURE, objectives=OBJECTIVES[:1]))))
    assert not same_layout(first, fingerprint(table(spec=replace(SPEC, width=Width.NARROW))))
    assert not same_layout(first, fingerprint(table(spec=replace(SPEC, columns=SPEC.shown_columns[:-1]))))


def test_order_is_that_of_the_key_results_in_both() -> None:
    first = intended_fields(table())
    turned = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=PAY[::-1]), *OBJECTIVES[1:]))
    fewer = replace(FIGURE, objectives=OBJECTIVES[1:])
    assert same_order(first, first)
    assert same_order(first, intended_fields(table(fewer)))
    assert not same_order(first, intended_fields(table(turned)))


def message(before: CycleFigure, after: CycleFigure) -> str:
    return said_of(table(before), table(after))


def said_of(before: Table, after: Table, language: Language = "en") -> str:
    """What the version message says where the page had one of them and gets the other."""
    fields = intended_fields(before), intended_fields(after)
    return what_changed(*fields, language, last=fingerprint(before), now=fingerprint(after))


def test_one_initiative_is_named_with_what_is_done() -> None:
    assert message(with_first(moved(6)), with_first(moved(7))) == "PAY-412 7 of 12 done Scope +3"


def test_one_initiative_of_two_key_results_is_named_once() -> None:
    def both(done: int) -> CycleFigure:
        one = initiative("PAY-412", done, 12)
        rows = tuple(replace(each, initiatives=(one,)) for each in PAY)
        return replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=rows),))

    assert message(both(6), both(7)) == "PAY-412 7 of 12 done"


def test_a_check_in_is_named_by_its_figures() -> None:
    after = replace(PAY[0], now=Decimal(28), confidence=7, next_step="Ship")
    assert message(FIGURE, with_first(after)) == "PAY-KR1 Now 28, Confidence 7"
    assert message(FIGURE, with_first(replace(PAY[0], next_step="Ship"))) == "PAY-KR1 Next step changed"


def test_a_check_in_is_named_before_what_moved_in_jira() -> None:
    both = replace(moved(8), now=Decimal(28))
    assert message(FIGURE, with_first(both)) == "PAY-KR1 Now 28; PAY-412 8 of 12 done Scope +3"
    three = replace(both, initiatives=tuple(initiative(f"PAY-{number}", 1, 2) for number in (1, 2, 3)))
    assert message(FIGURE, with_first(three)) == "PAY-KR1 Now 28; 3 initiatives changed"


def test_what_only_follows_from_a_check_in_is_not_named() -> None:
    """The day under the owner and the mark at the percentage change with it."""
    on = replace(PAY[0].last_check_in, at=AT) if PAY[0].last_check_in else None
    after = replace(PAY[0], now=Decimal(28), last_check_in=on, marks=())
    assert message(FIGURE, with_first(after)) == "PAY-KR1 Now 28"
    assert message(FIGURE, with_first(replace(PAY[0], last_check_in=on))) == "PAY-KR1 updated"
    title = replace(PAY[0].key_result, title="Time to pay")
    assert message(FIGURE, with_first(replace(PAY[0], key_result=title))) == "PAY-KR1 reworded"


def test_many_changes_are_counted() -> None:
    rows = tuple(replace(each, next_step="Ship") for each in PAY)
    changed = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=rows), *OBJECTIVES[1:]))
    assert message(FIGURE, changed) == "3 key results changed"


def test_rows_that_come_and_go_are_named() -> None:
    fewer = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=PAY[1:]), *OBJECTIVES[1:]))
    assert message(FIGURE, fewer) == "PAY-KR1 taken out"
    assert message(fewer, FIGURE) == "PAY-KR1 added"


def test_a_message_is_never_empty_nor_too_long() -> None:
    assert message(FIGURE, FIGURE) == "summary refreshed"
    assert what_changed({}, intended_fields(table()), "en", last="", now="a:b:en-n-w") == "OKR table written"
    long = replace(PAY[0], initiatives=(replace(PAY[0].initiatives[0], issue_key="P" * 300 + "-1"),))
    assert len(message(FIGURE, with_first(long))) <= 200
    none = replace(FIGURE, objectives=())
    assert len(message(replace(FIGURE, objectives=OBJECTIVES * 9), none)) <= 200
    assert daily_message("de") != daily_message("en")


@pytest.mark.parametrize(
    "spec",
    [
        replace(SPEC, columns=SPEC.shown_columns[:-1]),
        replace(SPEC, columns=(*SPEC.shown_columns, Column.NOTE)),
        replace(SPEC, design=Design.SHORT),
        replace(SPEC, language="de"),
        replace(SPEC, width=Width.NARROW),
    ],
)
@pytest.mark.parametrize("number", [1, 3])
def test_another_look_is_no_news_of_a_key_result(spec: TableSpec, number: int) -> None:
    figure = replace(FIGURE, objectives=(replace(OBJECTIVES[0], key_results=PAY[:number]),))
    before, after = table(figure), table(figure, spec)
    assert said_of(before, after) == "look changed"
    assert said_of(after, before, "de") == "Aussehen geändert"


def test_what_is_said_beside_other_columns_is_news_still() -> None:
    fewer = table(with_first(replace(PAY[0], now=Decimal(28))), replace(SPEC, columns=COLUMNS))
    assert said_of(table(), fewer) == "look changed; PAY-KR1 Now 28"


@pytest.mark.parametrize("spec", [replace(SPEC, design=Design.SHORT), replace(SPEC, language="de")])
def test_in_other_words_no_figure_is_named_however_it_reads(spec: TableSpec) -> None:
    moved_on = with_first(replace(PAY[0], now=Decimal(28)))
    assert said_of(table(), table(moved_on, spec)) == "look changed"


def test_a_fingerprint_from_before_the_look_was_kept_is_of_the_same_look() -> None:
    before, after = (fingerprint(table(each)) for each in (FIGURE, with_first(moved(8))))
    old = before.rpartition(":")[0]
    assert difference(old, before, before) is Difference.NONE
    fields = intended_fields(table()), intended_fields(table(with_first(moved(8))))
    assert what_changed(*fields, "en", last=old, now=after) == "PAY-412 8 of 12 done Scope +3"


def test_the_look_alone_is_no_reason_to_write() -> None:
    nothing = replace(FIGURE, objectives=())
    normal, short = (fingerprint(table(nothing, each)) for each in (SPEC, replace(SPEC, design=Design.SHORT)))
    assert normal != short
    assert difference(normal, short, short) is Difference.NONE


def test_messages_speak_german_too() -> None:
    german = replace(SPEC, language="de")
    before, after = (table(each, german) for each in (FIGURE, with_first(moved(8))))
    assert said_of(before, after, "de") == "PAY-412 8 von 12 erledigt Umfang +3"
