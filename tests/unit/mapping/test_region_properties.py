"""Random pages, random edits by people, random new figures: nothing of theirs is lost, nothing of ours is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.figures import CycleFigure, KeyResultFigure, ObjectiveFigure
from mapping.page_region import find_regions
from mapping.region_reading import read_region
from mapping.region_splice import splice
from mapping.table import build_table
from mapping.table_changes import input_cells, intended_fields
from mapping.table_parts import Column, Shape, TableSpec, choosable_columns
from tests.site.storage_rewrite import as_saved_by_editor
from tests.unit.mapping.bodies import bodies
from tests.unit.mapping.editing import EditedTable
from tests.unit.mapping.example import AT, FIGURE, OBJECTIVES, PAY, SPEC
from tests.unit.mapping.splicing import region_of

_REF = re.compile(r'ac:ref="(ref-\d+)"')
_OWN = re.compile(r"own-\d+-")
_TYPED = {2: Column.NOW, 3: Column.CONFIDENCE, 6: Column.NEXT_STEP}


@dataclass
class Hand:
    """A person at the table; every word and comment of theirs has a number of its own."""

    table: EditedTable
    draw: Callable[[st.SearchStrategy[int]], int]
    words: set[str]
    refs: set[str]
    typed: set[tuple[str, Column]]
    columns_added: int = 0

    def place(self, first: int = 0, behind: int = 0) -> int:
        return self.draw(st.integers(first, len(self.table.rows) - 1 + behind))

    def own(self) -> str:
        self.words.add(f"own-{len(self.words)}-")
        return f"own-{len(self.words) - 1}-"

    def add_row(self) -> None:
        self.table.add_row(self.place(behind=1), self.own())

    def add_spanning_row(self) -> None:
        self.table.add_spanning_row(self.place(behind=1), f"<strong>{self.own()}</strong> · {self.own()}")

    def add_column(self) -> None:
        at = self.draw(st.integers(0, 7 + self.columns_added))
        header = next(index for index, row in enumerate(self.table.rows) if "<th" in row[0])
        self.table.rows.insert(0, self.table.rows.pop(header))
        self.table.add_column(at, self.own(), self.own())
        self.columns_added += 1

    def swap(self) -> None:
        self.table.swap(self.place(1), self.place(1))

    def take_row_away(self) -> None:
        row = self.table.rows[self.place(1)]
        if "<th" not in row[0] and not _OWN.search("".join(row)) and not _REF.search("".join(row)):
            self.table.rows.remove(row)

    def copy_row(self) -> None:
        row = self.table.rows[self.place(1)]
        self.table.rows.append([re.sub(r"own-|(?<=\")ref-", "copy-", cell) for cell in row])

    def type(self) -> None:
        if not self.columns_added and self.table.keys_in_order:
            key = self.table.keys_in_order[self.draw(st.integers(0, len(self.table.keys_in_order) - 1))]
            column = self.draw(st.sampled_from(sorted(_TYPED)))
            if _OWN.search(self.table.row_of(key)[column]) is None and not _REF.search(self.table.row_of(key)[column]):
                self.table.type(key, column, f"<em>{self.own()}</em> &amp; more&nbsp;")
                self.typed.add((key, _TYPED[column]))

    def comment(self) -> None:
        """Not in a second legend or objective: such copies of our own rows are taken away."""
        row = self.place()
        if _words(self.table.rows[row]) in map(_words, self.table.rows[:row]):
            return
        column = self.draw(st.integers(0, len(self.table.rows[row]) - 1))
        if self.table.comment(row, column, f"ref-{len(self.refs)}"):
            self.refs.add(f"ref-{len(self.refs)}")

    def write_around(self) -> None:
        self.table.write_around(f"<p>{self.own()}</p>", f"<p>{self.own()}<br/>as of 2026</p>loose {self.own()}")

    def save(self) -> None:
        self.table.with_local_ids()


def _words(row: list[str]) -> str:
    return re.sub(r"<[^>]*>", "", "".join(row))


_ACTS = (
    Hand.add_row, Hand.add_spanning_row, Hand.add_column, Hand.swap, Hand.take_row_away, Hand.copy_row, Hand.type,
    Hand.comment, Hand.comment, Hand.write_around, Hand.save,
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn, region: str | None = None) -> Hand:
    """A region, or the example's, after a person was at it."""
    hand = Hand(EditedTable.of(region_of() if region is None else region), draw, set(), set(), set())
    for act in draw(st.lists(st.sampled_from(_ACTS), max_size=7)):
        act(hand)
    return hand


@st.composite
def figures(draw: st.DrawFn) -> CycleFigure:
    """The example with some other values, and some key results or objectives gone, new, or in another order."""
    objectives = tuple(_objective(draw, each) for each in draw(st.permutations(OBJECTIVES)))
    kept = objectives[: draw(st.integers(1, len(objectives)))]
    return replace(FIGURE, objectives=kept, needing_attention=draw(st.integers(0, 9)))


def _objective(draw: st.DrawFn, objective: ObjectiveFigure) -> ObjectiveFigure:
    key_results = draw(st.permutations(objective.key_results))[: draw(st.integers(1, 3))]
    if draw(st.booleans()):
        key = objective.objective.key.replace("-O1", "-KR9")
        key_results.append(replace(PAY[0], key_result=replace(PAY[0].key_result, key=key)))
    return replace(objective, key_results=tuple(_key_result(draw, each) for each in key_results))


def _key_result(draw: st.DrawFn, figure: KeyResultFigure) -> KeyResultFigure:
    value = draw(st.sampled_from(["same", "other", "none"]))
    if value == "same":
        return figure
    now = Decimal(draw(st.integers(0, 99))) if value == "other" else None
    return replace(figure, now=now, next_step=draw(st.sampled_from(["", "a < b & c", "two\nlines", "]]>"])))


def specs() -> st.SearchStrategy[TableSpec]:
    return st.builds(replace, st.just(SPEC), language=st.sampled_from(["en", "de"]))


def _splice(body: str, new_region: str, keep: set[tuple[str, Column]]) -> str:
    (region, *_) = find_regions(body, SPEC.region_id)
    return splice(body, region, new_region, read_region(body, region), keep)


@settings(max_examples=50, deadline=None)
@given(hand=edited(), figure=figures(), spec=specs(), before=bodies(), after=bodies())
def test_nothing_of_theirs_is_lost_and_everything_of_ours_is_right(
    hand: Hand, figure: CycleFigure, spec: TableSpec, before: str, after: str
) -> None:
    table = build_table(figure, spec, AT)
    body = f"{before}{hand.table.region()}{after}"
    once = _splice(body, region_of(figure, spec), hand.typed)

    assert once.startswith(before)
    assert once.endswith(after)
    assert _splice(once, region_of(figure, spec), hand.typed) == once
    assert sorted(_OWN.findall(once)) == sorted(_OWN.findall(body))
    (region,) = find_regions(once, SPEC.region_id)
    reading = read_region(once, region)
    for (key, column), text in intended_fields(table).items():
        if (key, column) not in hand.typed:
            assert reading.fields[key, column] == text
    assert set(reading.columns) == set(spec.shown_columns)
    assert input_cells(table) - hand.typed <= set(reading.fields)


@settings(max_examples=40, deadline=None)
@given(hand=edited(), figure=figures())
def test_every_comment_lives_as_long_as_its_cell(hand: Hand, figure: CycleFigure) -> None:
    body = hand.table.region()
    once = _splice(body, region_of(figure), hand.typed)
    gone = _titles(FIGURE) - _titles(figure)
    stays = [row for row in hand.table.rows if not any(title in "".join(row) for title in gone)]
    refs = set(_REF.findall("".join("".join(row) for row in stays)))
    assert refs <= set(_REF.findall(once)) <= hand.refs


def _titles(figure: CycleFigure) -> set[str]:
    return {objective.objective.title for objective in figure.objectives}


@settings(max_examples=25, deadline=None)
@given(hand=edited(), figure=figures())
def test_what_confluence_makes_of_a_page_changes_nothing_that_is_read(hand: Hand, figure: CycleFigure) -> None:
    once = _splice(hand.table.region(), region_of(figure), hand.typed)
    numbers = count()
    saved = as_saved_by_editor(once, lambda: f"0000-{next(numbers)}")
    before, after = (read_region(body, find_regions(body, SPEC.region_id)[0]) for body in (once, saved))
    assert after.fields == before.fields
    assert _splice(saved, region_of(figure), hand.typed) == saved


@settings(max_examples=30, deadline=None)
@given(hand=edited(), spec=specs(), columns=st.permutations(choosable_columns(Shape.TABLE)), size=st.integers(1, 7))
def test_columns_chosen_anew_lose_no_words(hand: Hand, spec: TableSpec, columns: list[Column], size: int) -> None:
    others = [column for column in columns if column is not Column.KEY_RESULT][:size]
    chosen = replace(spec, columns=(Column.KEY_RESULT, *others))
    body = hand.table.region()
    (region,) = find_regions(body, SPEC.region_id)
    once = splice(body, region, region_of(FIGURE, chosen), read_region(body, region), hand.typed, take_layout=True)
    (region,) = find_regions(once, SPEC.region_id)
    reading = read_region(once, region)
    again = splice(once, region, region_of(FIGURE, chosen), reading, hand.typed, take_layout=True)
    assert sorted(_OWN.findall(once)) == sorted(_OWN.findall(body))
    assert set(reading.columns) >= set(chosen.columns)
    assert sorted(_OWN.findall(again)) == sorted(_OWN.findall(once))
