"""What is known already is read and merged as if it had been read in full, whatever people made of the page since."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.figures import CycleFigure
from mapping.page_region import NotWellFormed, find_regions
from mapping.region_layout import ANY_COLUMN
from mapping.region_memory import RULES, RegionMemory, around, memory_as_json, memory_from_json
from mapping.region_sight import (
    Known,
    Sight,
    memory_of,
    part_of,
    renewed_in,
    rows_of_ours,
    seen,
    seen_again,
    seen_in_full,
    whole,
)
from mapping.region_splice import UnreadableRegion
from mapping.storage_format import render_region
from mapping.table import build_table
from mapping.table_changes import Fields
from mapping.table_intended import Intended, intended
from mapping.table_merge import Wishes
from mapping.table_parts import Column, TableSpec
from tests.site.storage_rewrite import as_saved_by_editor
from tests.unit.mapping.bodies import bodies
from tests.unit.mapping.editing import EditedTable
from tests.unit.mapping.example import AT, FIGURE, SPEC
from tests.unit.mapping.splicing import changed
from tests.unit.mapping.test_region_properties import edited, figures, specs

ID = SPEC.region_id
NOTHING = Wishes()


def of(figure: CycleFigure = FIGURE, spec: TableSpec = SPEC) -> Intended:
    return intended(build_table(figure, spec, AT))


def renewed_body(sight: Sight, now: Intended, wishes: Wishes = NOTHING) -> tuple[str, AbstractSet[str]]:
    made = renewed_in(sight, ID, lambda aside: render_region(now.table, aside), wishes)
    assert made.part in made.body
    return made.body, made.settled


def saved(body: str) -> str:
    """As Confluence keeps what stands in our place, however little it would keep of the page around it."""
    numbers, data = count(), body.encode()
    region = find_regions(body, ID)[0]
    part = as_saved_by_editor(data[region.start : region.end].decode(), lambda: f"0000-{next(numbers)}")
    without_ids = re.sub(r' (?:ac:)?local-id="\d+"', "", part)
    return (data[: region.start] + without_ids.encode() + data[region.end :]).decode()


def visited(body: str, now: Intended, known: Known | None = None) -> tuple[str, Known]:
    """A visit that writes: the page as it stands then, and what is known of it."""
    sight = seen(body.encode(), ID, ANY_COLUMN, known)
    written, settled = renewed_body(sight, now)
    page = saved(written)
    again = seen_again(page.encode(), ID, sight)
    memory = memory_of(again, rows_of_ours(sight), {key: now.rows[key] for key in settled})
    assert memory is not None
    assert again.reading is not None
    return page, Known(stored(memory), again.reading.fields, now.rows)


def stored(memory: RegionMemory) -> RegionMemory:
    back = memory_from_json(memory_as_json(memory))
    assert back == memory
    return back


def settled_page(before: str = "", after: str = "") -> tuple[str, Known]:
    """After three visits every row is known, and known to need nothing."""
    page, known = visited(f"{before}{render_region(of().table)}{after}", of())
    page, known = visited(page, of(), known)
    assert {row.settled for row in known.memory.rows.values()} == set(known.rows.values())
    return page, known


def assert_same_as_in_full(
    page: str, known: Known, now: Intended, wishes: Wishes = NOTHING, shown: AbstractSet[Column] = ANY_COLUMN
) -> Sight:
    """In what is read, what is written and what is remembered."""
    known = replace(known, rows=now.rows)
    quick, full = seen(page.encode(), ID, shown, known), seen_in_full(page.encode(), ID, shown)
    assert whole(quick).decode() == page
    assert len(quick.regions) == len(full.regions)
    assert as_read(quick) == as_read(full)
    if full.reading is None:
        return quick
    after: list[tuple[str, AbstractSet[str], RegionMemory | None]] = []
    for sight in (quick, full):
        try:
            body, settled = renewed_body(sight, now, wishes)
        except UnreadableRegion:
            assert wishes == NOTHING or quick.reading is not None
            after.append(("", frozenset[str](), None))
            continue
        again, anew = seen_again(saved(body).encode(), ID, sight), seen_in_full(saved(body).encode(), ID)
        assert as_read(again) == as_read(anew)
        rows, found = rows_of_ours(sight), {key: now.rows[key] for key in settled}
        assert memory_of(again, rows, found) == memory_of(anew, rows, found)
        after.append((body, settled, memory_of(again, rows, found)))
    assert after[0] == after[1]
    return quick


def as_read(sight: Sight) -> tuple[object, ...]:
    reading = sight.reading
    if reading is None:
        return ()
    return (
        *(reading.readable, list(reading.fields.items()), reading.summary, reading.columns, reading.keys),
        *(reading.repeated_keys, reading.richer),
    )


PAGE, KNOWN = settled_page("<p>above</p>", "<p>below</p>")
KEYS = sorted(KNOWN.memory.rows)


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(),
    before=bodies(),
    after=bodies(),
    figure=figures(),
    spec=specs(),
    outside=st.sampled_from(["", "", "<p>more</p>", "<ac:link/>"]),
    take=st.tuples(st.booleans(), st.booleans()),
)
def test_what_is_known_is_read_and_merged_as_in_full(
    data: st.DataObject,
    before: str,
    after: str,
    figure: CycleFigure,
    spec: TableSpec,
    outside: str,
    take: tuple[bool, bool],
) -> None:
    page, known = settled_page(before, after)
    sight = seen_in_full(page.encode(), ID)
    region = part_of(sight)
    assert page.count(region) == 1
    start = page.index(region)
    hand = data.draw(edited(region))
    now = of(data.draw(st.sampled_from([FIGURE, changed(), figure])), spec)
    wishes = Wishes(frozenset(hand.typed), frozenset(), *take)
    body = f"{outside}{page[:start]}{hand.table.region()}{page[start + len(region) :]}"
    assert_same_as_in_full(
        body, known, now, wishes, data.draw(st.sampled_from([ANY_COLUMN, frozenset(SPEC.shown_columns)]))
    )


def test_only_what_changed_is_read() -> None:
    quick = assert_same_as_in_full(PAGE, KNOWN, of(changed()))
    assert sorted(quick.rows) == [key for key in KEYS if key != "PAY-KR1"]
    assert b"above" not in quick.data


def test_a_page_with_new_words_beside_the_table_is_searched_and_its_rows_are_still_known() -> None:
    quick = assert_same_as_in_full(f"<p>new</p>{PAGE}", KNOWN, of())
    assert sorted(quick.rows) == KEYS
    assert quick.before.startswith(b"<p>new</p>")


def row_of(key: str) -> str:
    rows: list[str] = re.findall(r"<tr[ >].*?</tr>", PAGE, re.DOTALL)
    return next(row for row in rows if f"/kr/{key}" in row)


def with_row(key: str, change: Callable[[str], str]) -> str:
    return PAGE.replace(row_of(key), change(row_of(key)))


FIRST, SECOND = "PAY-KR1", "PAY-KR2"


@pytest.mark.parametrize(
    "page",
    [
        with_row(FIRST, lambda row: f"<!-- {row} -->"),
        with_row(FIRST, lambda row: f"<tr><td><![CDATA[{row}]]></td></tr>"),
        with_row(FIRST, lambda row: ""),
        with_row(FIRST, lambda row: row + row),
        with_row(FIRST, lambda row: row.replace("</td>", " and more</td>", 1) + row),
        with_row(FIRST, lambda row: f"<tr><td><table><tbody>{row}</tbody></table></td></tr>"),
        with_row(FIRST, lambda row: row.replace("<td", '<td rowspan="2"', 1)),
        with_row(FIRST, lambda row: f'<tr><td rowspan="2"><p>mine</p></td></tr>{row}'),
        with_row(FIRST, lambda row: row.replace("</tr>", "<td><p>wider</p></td></tr>")),
        with_row(FIRST, lambda row: f'<tr okr-row-aside="{SECOND}"/>{row}'),
        with_row(FIRST, lambda row: f'<tr okr-row-aside="{FIRST}"/>'),
        with_row(FIRST, lambda row: f"<div>{row}</div>"),
        PAGE.replace("</tbody></table>", f"</tbody></table><table><tbody>{row_of(FIRST)}</tbody></table>"),
        PAGE.replace("<table", f"<table><tbody>{row_of(FIRST)}</tbody></table><table", 1)
        .replace(row_of(FIRST), "", 2)
        .replace("<table><tbody>", f"<table><tbody>{row_of(FIRST)}", 1),
        PAGE.replace("<p>below</p>", PAGE),
        PAGE.replace("<strong>Now", "<strong>Then"),
        PAGE.replace("<strong>Key result", "<strong>Other"),
        PAGE.replace("<strong>Owner", "<strong>Note"),
        PAGE.replace("<ac:rich-text-body>", '<ac:rich-text-body><p>[quoted <a href="/kr/X-KR1">x</a>]</p>', 1),
        PAGE.replace("</tbody>", "</tbody><tfoot><tr><td><p>foot</p></td></tr></tfoot>", 1),
        PAGE.replace("okr-q4-2026", "another"),
        "<p>nothing</p>",
    ],
)
def test_whatever_becomes_of_a_known_row_it_is_seen(page: str) -> None:
    assert page != PAGE
    for now in (of(), of(changed())):
        assert_same_as_in_full(page, KNOWN, now)


def test_what_is_not_well_formed_is_said_whatever_is_known() -> None:
    around_it = [PAGE.replace("below</p>", "below<p/>"), PAGE.replace("above</p>", "above<p/>"), f"{PAGE}<p>"]
    for page in (*around_it, PAGE.replace("</tbody>", "", 1), with_row(FIRST, lambda row: row[:-5])):
        assert page != PAGE
        with pytest.raises(NotWellFormed):
            seen(page.encode(), ID, ANY_COLUMN, KNOWN)


def test_a_region_that_others_now_reach_into_is_searched_for_in_the_whole_body() -> None:
    """What stands around it is the same to the byte, and means something else."""
    start, end = PAGE.index("<ac:structured-macro"), PAGE.rindex("</ac:structured-macro>")
    region = PAGE[start:end] + "</ac:structured-macro>"
    assert_same_as_in_full(PAGE.replace(region, f"<div>{region}</div>"), KNOWN, of())
    with pytest.raises(NotWellFormed, match="mismatched"):
        seen(PAGE.replace(region, f"</p>{region}<p>").encode(), ID, ANY_COLUMN, KNOWN)


def test_a_parameter_beside_the_region_may_make_the_macro_around_it_ours() -> None:
    macro = '<ac:structured-macro ac:name="details">', "</ac:structured-macro>"
    page, known = settled_page(*macro)
    assert_same_as_in_full(page, known, of())
    ours = seen_in_full(page.encode(), ID).regions[0].start
    named = f'{page[:ours]}<ac:parameter ac:name="id">{ID}</ac:parameter>{page[ours:]}'
    assert len(seen(named.encode(), ID, ANY_COLUMN, known).regions) == 2


def test_texts_that_moved_since_are_read_anew() -> None:
    """What was typed and taken counts as known from then on; if the page is set back, that is news."""
    moved: Fields = {**KNOWN.texts, (FIRST, Column.NOW): "27"}
    quick = assert_same_as_in_full(PAGE, replace(KNOWN, texts=moved), of())
    assert FIRST not in quick.rows


def test_what_stays_only_because_somebody_typed_it_is_not_settled() -> None:
    typed = with_row(FIRST, lambda row: re.sub(r"<p>29</p>", "<p>soon</p>", row, count=1))
    assert typed != PAGE
    sight = seen(typed.encode(), ID, ANY_COLUMN, KNOWN)
    _, settled = renewed_body(sight, of(), Wishes(frozenset({(FIRST, Column.NOW)})))
    assert FIRST not in settled
    assert SECOND in settled


def test_columns_that_move_are_merged_in_full() -> None:
    """A person's order of columns is settled, until the columns are chosen anew."""
    table = EditedTable.of(PAGE)
    for row in table.rows:
        if len(row) == len(SPEC.shown_columns):
            row[2:4] = row[3], row[2]
    page, known = visited(table.region(), of(), KNOWN)
    page, known = visited(page, of(), known)
    quick = assert_same_as_in_full(page, known, of(), Wishes(take_layout=True))
    assert sorted(quick.rows) == KEYS


def test_a_row_that_somebody_reaches_into_is_not_known() -> None:
    """It may be another row as soon as they do not."""
    taller = f'<tr>{"<td><p>x</p></td>" * 6}<td rowspan="2"><p>mine</p></td></tr>'
    page = with_row(FIRST, lambda row: f"{taller}{row.rpartition('<td')[0]}</tr>")
    assert FIRST not in rows_of_ours(seen_in_full(page.encode(), ID))
    assert SECOND in rows_of_ours(seen_in_full(page.encode(), ID))


def test_what_confluence_changed_in_a_settled_row_settles_it_no_more() -> None:
    sight = seen_in_full(PAGE.encode(), ID)
    rows = {**rows_of_ours(sight), FIRST: b"<tr>as it was</tr>"}
    memory = memory_of(sight, rows, {FIRST: "a", SECOND: "b"})
    assert memory is not None
    assert (memory.rows[FIRST].settled, memory.rows[SECOND].settled) == ("", "b")


def test_a_body_that_is_shorter_than_what_stood_around_is_not_the_same() -> None:
    memory = RegionMemory(4, 4, around(b"aaaaxaaaa", 4, 5), (), {})
    assert memory.stands_between(b"aaaayyaaaa") == (4, 6)
    assert memory.stands_between(b"aaaaaa") is None


def test_what_was_more_than_words_is_still_so_after_the_write() -> None:
    page = with_row(FIRST, lambda row: row.replace("<p>29</p>", '<p><a href="https://x.example">29</a></p>', 1))
    quick = assert_same_as_in_full(page, KNOWN, of(), Wishes(frozenset({(FIRST, Column.NOW)})))
    assert quick.reading is not None
    assert quick.reading.richer == {(FIRST, Column.NOW)}
    again = seen_again(page.encode(), ID, quick)
    assert sorted(again.rows) == KEYS
    assert as_read(again) == as_read(quick)


def test_other_rules_leave_nothing_to_be_known() -> None:
    kept = memory_as_json(KNOWN.memory)
    assert memory_from_json({**kept, "rules": RULES + 1}) is None
    assert memory_from_json({}) is None
    assert memory_as_json(None) == {}


def test_a_table_in_which_the_same_row_stands_twice_leaves_nothing_to_be_known() -> None:
    sight = seen_in_full(with_row(FIRST, lambda row: row + row).encode(), ID)
    assert memory_of(sight, {}, {}) is None
    assert memory_of(seen_in_full(PAGE.replace("<p>below</p>", PAGE).encode(), ID), {}, {}) is None
    assert memory_of(seen_in_full(b"<p>nothing</p>", ID), {}, {}) is None


def test_a_row_with_more_than_words_in_an_input_cell_is_read_each_time() -> None:
    page = with_row(FIRST, lambda row: row.replace("<p>29</p>", '<p><a href="https://x.example">29</a></p>', 1))
    sight = seen_in_full(page.encode(), ID)
    memory = memory_of(sight, {}, {})
    assert memory is not None
    assert sorted(memory.rows) == [key for key in KEYS if key != FIRST]
