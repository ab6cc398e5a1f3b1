"""What one read of a page shows, and the body that would be written: no calls, no rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connector.store.tables import PageTable
from mapping.languages import words_of
from mapping.page_region import NotWellFormed
from mapping.storage_format import render_region
from mapping.table_changes import fingerprint, intended_fields
from mapping.table_intended import intended
from mapping.table_parts import Cell, Column, Container, HeaderCell, KeyResultRow, Table, Width
from mapping.table_pieces import Expand, Link, Text
from sync.page_look import (
    Look,
    fields_from_json,
    fields_to_json,
    kept_fields,
    look_at,
    put_in,
    read_back,
    shows_emptied,
)
from sync.ports import Page

COLUMNS = (Column.KEY_RESULT, Column.NOW, Column.OWNER)
LEGEND = Expand(words_of("en").legend.title, ((Text("Read it."),),))
HEADERS = {Column.KEY_RESULT: "Key result", Column.NOW: "Now ✎", Column.OWNER: "Owner"}


def a_row(key: str, now: str, owner: str = "Ana") -> KeyResultRow:
    link = Link(key, f"https://okr.example/kr/{key}")
    return KeyResultRow(
        key,
        (
            Cell(Column.KEY_RESULT, ((link,),)),
            Cell(Column.NOW, ((Text(now),),), typed=True),
            Cell(Column.OWNER, ((Text(owner),),)),
        ),
    )


def a_table(*rows: KeyResultRow) -> Table:
    header = tuple(HeaderCell(column, HEADERS[column], 320) for column in COLUMNS)
    return Table("okr-now", Container.DETAILS, Width.WIDE, "en", ((Text("1 of 1"),),), header, rows, LEGEND)


AT = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)


def a_page(body: str) -> Page:
    return Page("1", "2", "OKRs", "current", 3, "account", body, "", "https://acme.example/wiki/1", AT, "")


BEFORE = a_table(a_row("T-KR1", "29"))
EMPTY = PageTable(1, "1", "okr-now", "now")
WRITTEN = replace(
    EMPTY,
    written_version=2,
    intended=fingerprint(BEFORE),
    intended_fields=fields_to_json(intended_fields(BEFORE)),
    read_back=fields_to_json(intended_fields(BEFORE)),
)
BODY = f"<p>Above</p>{render_region(BEFORE)}<p>Below</p>"


def seen(body: str = BODY, now: Table = BEFORE) -> Look:
    return look_at(a_page(body), WRITTEN, intended(now))


def test_a_page_without_our_table_shows_nothing() -> None:
    assert seen("<p>Only words</p>") == Look(None)


def test_an_untouched_table_has_nothing_typed() -> None:
    look = seen()
    assert look.sight is not None
    assert (look.typed, look.replaced, look.copies, look.unreadable) == ((), (), 0, "")


def test_typed_text_is_told_apart_by_whether_people_may_type_there() -> None:
    look = seen(BODY.replace("29", "27").replace("Ana", "Ben"))
    assert [(each.column, each.old, each.new) for each in look.typed] == [(Column.NOW, "29", "27")]
    assert [(each.column, each.old, each.new) for each in look.replaced] == [(Column.OWNER, "Ana", "Ben")]


def with_own_note(said: str) -> str:
    """A person added a column under a header that a table of ours may have."""
    body = BODY.replace("</th></tr>", "</th><th><p>Note</p></th></tr>", 1)
    return body.replace("Ana</p></td></tr>", f"Ana</p></td><td><p>{said}</p></td></tr>", 1)


def test_a_persons_column_is_theirs_whatever_its_header() -> None:
    read = {**WRITTEN.read_back, **fields_to_json({("T-KR1", Column.NOTE): "mine"})}
    look = look_at(a_page(with_own_note("mine, too")), replace(WRITTEN, read_back=read), intended(BEFORE))
    assert (look.typed, look.replaced) == ((), ())
    assert look.reading is not None
    assert look.reading.columns == COLUMNS


def test_a_persons_column_stays_when_columns_are_chosen_anew() -> None:
    body = with_own_note("mine")
    look = seen(body)
    fewer = replace(BEFORE, header=BEFORE.header[:2], rows=(KeyResultRow("T-KR1", a_row("T-KR1", "29").cells[:2]),))
    after = put_in(a_page(body), look, intended(fewer), WRITTEN).body
    assert ("Owner" in after, "Note" in after, "mine" in after) == (False, True, True)


def test_an_emptied_cell_is_told_from_one_that_says_something() -> None:
    assert ">29<" in BODY
    assert shows_emptied(seen(BODY.replace(">29<", "><")), intended(BEFORE))
    assert not shows_emptied(seen(BODY.replace(">29<", ">31<")), intended(BEFORE))
    assert not shows_emptied(seen(), intended(BEFORE))
    assert not shows_emptied(seen("<p>Only words</p>"), intended(BEFORE))


def test_copies_are_counted_and_the_first_is_taken() -> None:
    look = seen(BODY + render_region(BEFORE))
    assert look.copies == 1
    assert look.sight is not None
    assert look.sight.regions[0].start == len("<p>Above</p>")


def test_a_table_without_its_header_is_said_to_be_unreadable() -> None:
    body = BODY.replace("Key result", "One").replace("Now", "Two").replace("Owner", "Three")
    assert "header row" in seen(body).unreadable


def test_a_body_that_is_not_well_formed_is_refused() -> None:
    with pytest.raises(NotWellFormed):
        seen("<p>never closed")


def test_the_first_table_goes_below_what_is_there() -> None:
    body = put_in(a_page("<p>Above</p>"), Look(None), intended(BEFORE), EMPTY).body
    assert body == "<p>Above</p>" + render_region(BEFORE)


def test_what_was_typed_stays_and_the_rest_is_new() -> None:
    now = a_table(a_row("T-KR1", "25", "Ben"))
    page = a_page(BODY.replace("29", "27"))
    body = put_in(page, seen(page.body, now), intended(now), WRITTEN).body
    assert "27" in body
    assert "25" not in body
    assert "Ben" in body
    assert body.startswith("<p>Above</p>")
    assert body.endswith("<p>Below</p>")


def test_what_was_typed_is_remembered_as_we_would_have_written_it() -> None:
    """So that the next visit still finds it typed."""
    now = intended(a_table(a_row("T-KR1", "28")))
    page = a_page(BODY.replace("29", "27"))
    assert (read_back(page.body, WRITTEN).fields | kept_fields(seen(page.body), now))["T-KR1", Column.NOW] == "28"


def test_a_row_of_ours_that_is_no_more_goes_and_a_row_of_theirs_stays() -> None:
    both = a_table(a_row("T-KR1", "29"), a_row("T-KR2", "5"))
    page = a_page(render_region(both))
    known = replace(WRITTEN, intended_fields=fields_to_json(intended_fields(both)), intended=fingerprint(both))
    now = a_table(a_row("T-KR1", "29"))
    assert "T-KR2" not in put_in(page, look_at(page, known, intended(now)), intended(now), known).body
    assert "T-KR2" in put_in(page, look_at(page, WRITTEN, intended(now)), intended(now), WRITTEN).body


def test_fields_come_back_as_they_were_kept() -> None:
    fields = {("A|B-KR1", Column.NOW): "x", ("T-KR1", Column.OWNER): ""}
    assert fields_from_json(fields_to_json(fields)) == fields
    assert fields_from_json({"T-KR1|a_column_of_later": "x"}) == {}


def test_a_new_order_of_ours_is_taken_and_a_persons_order_stays_otherwise() -> None:
    two = a_table(a_row("T-KR1", "29"), a_row("T-KR2", "5"))
    fields = fields_to_json(intended_fields(two))
    written = replace(WRITTEN, intended=fingerprint(two), intended_fields=fields, read_back=fields)
    swapped = a_table(a_row("T-KR2", "5"), a_row("T-KR1", "29"))
    page = a_page(f"<p>Above</p>{render_region(two)}")
    ours = put_in(page, look_at(page, written, intended(swapped)), intended(swapped), written).body
    assert ours.index("/kr/T-KR2") < ours.index("/kr/T-KR1")
    theirs = a_page(f"<p>Above</p>{render_region(swapped)}")
    kept = put_in(theirs, look_at(theirs, written, intended(two)), intended(two), written).body
    assert kept.index("/kr/T-KR2") < kept.index("/kr/T-KR1")
