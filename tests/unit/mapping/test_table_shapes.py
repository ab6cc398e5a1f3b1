"""Every shape is found again in a page, spliced without a change, and made of text alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.okr import CycleState
from mapping.page_region import find_regions
from mapping.region_layout import RowKind
from mapping.region_reading import Readable, read_region
from mapping.storage_format import render_region
from mapping.summary_lines import is_closing_line, is_final_line, is_summary_line
from mapping.table import build_table
from mapping.table_changes import fingerprint, input_cells, intended_fields
from mapping.table_look import same_layout
from mapping.table_notices import NotCurrent, Notices, NotTaken, WhyNotTaken
from mapping.table_parts import (
    Column,
    Design,
    InvalidTable,
    ObjectiveRow,
    Shape,
    Width,
    choosable_columns,
    default_columns,
)
from mapping.words import LANGUAGES
from tests.unit.mapping.editing import as_tokens
from tests.unit.mapping.example import AT, CYCLE, FIGURE, OBJECTIVES, PAY, SPEC
from tests.unit.mapping.sayings import text_of, with_key_results
from tests.unit.mapping.shapes import (
    NOTICES,
    fields,
    figure_for,
    keys,
    spec_of,
    table_of,
)
from tests.unit.mapping.splicing import fields as page_fields
from tests.unit.mapping.splicing import own_columns, own_rows, spliced
from tests.unit.mapping.test_storage_format import HOSTILE, saying, shape

EVERY = list(product(Shape, LANGUAGES, Width, Design))


@pytest.mark.parametrize(("shape", "language", "width", "design"), EVERY)
def test_a_shape_is_found_again_and_a_second_splice_changes_nothing(
    shape: Shape, language: str, width: Width, design: Design
) -> None:
    spec = spec_of(shape, language=language, width=width, design=design)
    table = build_table(figure_for(shape), spec, AT, NOTICES)
    region = render_region(table)
    reading = read_region(region, find_regions(region, SPEC.region_id)[0])
    assert reading.readable is Readable.YES
    assert reading.columns == default_columns(shape)
    assert reading.fields == intended_fields(table)
    assert not own_columns(reading)
    assert not own_rows(reading)
    assert reading.layout.table is not None
    kinds = [row.kind for row in reading.layout.table.rows]
    assert kinds.count(RowKind.OBJECTIVE) == sum(isinstance(row, ObjectiveRow) for row in table.rows)
    assert spliced(region, region) == region


@pytest.mark.parametrize("shape", Shape)
def test_a_shape_is_found_again_when_the_editor_saved_its_colours(shape: Shape) -> None:
    region = render_region(table_of(shape))
    saved = as_tokens(region)
    assert row_kinds(saved) == row_kinds(region)
    assert spliced(saved, region) == saved


def row_kinds(region: str) -> list[RowKind]:
    table = read_region(region, find_regions(region, SPEC.region_id)[0]).layout.table
    return [] if table is None else [row.kind for row in table.rows]


@pytest.mark.parametrize(("one", "other"), list(product(Shape, Shape)))
def test_a_shape_chosen_anew_leaves_nothing_of_the_one_before(one: Shape, other: Shape) -> None:
    before, after = (render_region(table_of(each)) for each in (one, other))
    retired = set(keys(table_of(one))) - set(keys(table_of(other)))
    region = spliced(before, after, take_layout=True, take_order=True, retired=retired)
    again = read_region(region, find_regions(region, SPEC.region_id)[0])
    assert again.fields == fields(other)
    assert not own_rows(again)
    assert region.count("<p><strong>") + region.count("info") == after.count("<p><strong>") + after.count("info")


@pytest.mark.parametrize("shape", Shape)
def test_every_line_around_a_shape_is_known_again(shape: Shape) -> None:
    for language, state in product(LANGUAGES, CycleState):
        told = replace(figure_for(shape), cycle=replace(CYCLE, state=state))
        none = replace(told, needing_attention=0, objectives=OBJECTIVES[1:2])
        empty = replace(none, key_results=0)
        for shown in (
            told,
            none,
            empty,
            replace(none, needing_attention=1),
            replace(none, objectives=(), key_results=0),
        ):
            for notices in (NOTICES, Notices(NotCurrent(AT, "not reachable"))):
                table = build_table(shown, spec_of(shape, language=language), AT, notices)
                is_ours = [is_final_line if table.in_panel and not n else is_summary_line for n in range(3)]
                assert all(known(text_of(line)) for known, line in zip(is_ours, table.summary, strict=False))
                assert not table.closing or is_closing_line(text_of(table.closing))


def test_shape_and_columns_are_the_layout() -> None:
    columns = default_columns(Shape.HEALTH)
    marks = {fingerprint(table_of(shape, FIGURE, width=Width.NARROW)).partition(":")[0] for shape in Shape}
    assert len(marks) == len(Shape)
    one, other = (table_of(shape, FIGURE, columns=columns) for shape in (Shape.TABLE, Shape.MEETING))
    assert not same_layout(fingerprint(one), fingerprint(other))
    assert not same_layout(fingerprint(one), fingerprint(replace(one, shape=Shape.OBJECTIVE)))


def test_a_closing_row_comes_and_goes() -> None:
    row = PAY[1].key_result
    many = with_key_results(*(replace(PAY[1], key_result=replace(row, key=f"PAY-KR{n}")) for n in range(1, 24)))
    calm, busy, full = (
        render_region(table_of(Shape.ATTENTION, each))
        for each in (replace(FIGURE, objectives=(), needing_attention=0), FIGURE, many)
    )
    assert ("Nothing asks" in calm, "Nothing asks" in busy, "and 3 more" in full) == (True, False, True)
    for before, after in product((calm, busy, full), repeat=2):
        keys_before = {key for key, _ in page_fields(before)}
        region = spliced(before, after, retired=keys_before - {key for key, _ in page_fields(after)}, take_order=True)
        assert page_fields(region) == page_fields(after)
        assert region.count("<tr>") == after.count("<tr>")
        assert ("Nothing asks" in region, "and 3 more" in region) == ("Nothing asks" in after, "and 3 more" in after)


@pytest.mark.parametrize("shape", Shape)
def test_input_cells_are_the_same_in_every_shape(shape: Shape) -> None:
    """So that a check-in is understood wherever it was typed."""
    table = table_of(shape)
    typed = {(key, column) for key, column in input_cells(table) if column in default_columns(Shape.TABLE)}
    in_table = input_cells(table_of(Shape.TABLE))
    assert typed <= in_table
    if shape in {Shape.ATTENTION, Shape.SNAPSHOT}:
        assert not input_cells(table)
        assert not any("✎" in cell.text for cell in table.header)
    whole, here = intended_fields(table_of(Shape.TABLE)), intended_fields(table)
    assert all(here[field] == whole[field] for field in typed)


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("width", Width)
def test_widths_fill_the_table(shape: Shape, width: Width) -> None:
    table = table_of(shape, width=width)
    assert sum(cell.width for cell in table.header) == table.width.pixels
    broad = {Shape.TABLE, Shape.MEETING}
    assert table.width is (width if shape in broad else Width.NARROW)


@pytest.mark.parametrize("shape", [Shape.ATTENTION, Shape.SNAPSHOT])
def test_what_says_one_thing_only_has_columns_of_its_own(shape: Shape) -> None:
    with pytest.raises(InvalidTable):
        spec_of(shape, columns=(Column.KEY_RESULT, Column.NOW))
    assert spec_of(shape, columns=()).shown_columns == default_columns(shape)


def test_columns_of_other_shapes_are_not_chosen() -> None:
    with pytest.raises(InvalidTable):
        spec_of(Shape.TABLE, columns=(Column.KEY_RESULT, Column.SCORE))
    chosen = (Column.KEY_RESULT, Column.BLOCKERS, Column.NOTE)
    assert spec_of(Shape.OBJECTIVE, columns=chosen).shown_columns == chosen


@pytest.mark.parametrize("shape", [shape for shape in Shape if shape is not Shape.MEETING])
def test_only_a_meeting_counts_what_was_done_since(shape: Shape) -> None:
    """Nobody counts it for other shapes: it would stay unknown there for ever."""
    chosen = (Column.KEY_RESULT, Column.DONE_SINCE)
    assert spec_of(Shape.MEETING, columns=chosen).shown_columns == chosen
    with pytest.raises(InvalidTable):
        spec_of(shape, columns=chosen)


def test_the_columns_of_the_plain_table_can_be_chosen_for_a_meeting() -> None:
    table = default_columns(Shape.TABLE)
    assert spec_of(Shape.MEETING, columns=table).shown_columns == table


@pytest.mark.parametrize("shape", Shape)
def test_what_may_be_chosen(shape: Shape) -> None:
    may = choosable_columns(shape)
    for column in set(Column) - {Column.KEY_RESULT}:
        chosen = (Column.KEY_RESULT, column)
        if column in may:
            assert spec_of(shape, columns=chosen).shown_columns == chosen
        else:
            with pytest.raises(InvalidTable):
                spec_of(shape, columns=chosen)


@pytest.mark.parametrize(("shape_", "text"), list(product(Shape, HOSTILE)))
def test_data_is_text_in_every_shape(shape_: Shape, text: str) -> None:
    assert _elements(shape_, text) == _elements(shape_, "x")


@settings(max_examples=150, deadline=None)
@given(shape_=st.sampled_from(Shape), text=st.text(st.characters(exclude_categories=()), max_size=400))
def test_any_text_is_text_in_every_shape(shape_: Shape, text: str) -> None:
    render_region(table_of(shape_, figure_for(shape_, saying(text)))).encode()
    assert _elements(shape_, text) == _elements(shape_, "x")


def _elements(shape_: Shape, text: str) -> Counter[tuple[str, str]]:
    """Lines of a person's text and an address that is none decide about breaks and links; nothing else does."""
    spec = spec_of(shape_, check_in_by="owner")
    taken = tuple(NotTaken("PAY-KR1", Column.NOW, text, why, text) for why in WhyNotTaken)
    region = render_region(build_table(figure_for(shape_, saying(text)), spec, AT, Notices(not_taken=taken)))
    counted = shape(region)
    del counted["br", ""]
    del counted["a", ""]
    return counted


def test_a_persons_column_with_a_header_of_another_shape_stays() -> None:
    """Nobody told us to show a note: it is a person's own column, whatever its header."""
    region = render_region(table_of(Shape.TABLE))
    own = region.replace("</tr>", "<th><p>Note</p></th></tr>", 1).replace(
        "Raise to 100\u00a0% on Tue 24\u00a0Nov.</p></td>",
        "Raise to 100\u00a0% on Tue 24\u00a0Nov.</p></td><td>mine</td>",
    )
    assert "<td>mine</td>" in spliced(own, region)
    assert own.count("Note") == spliced(own, region).count("Note")
