"""What people type inside the table: it counts where they may type, and is replaced and noted where they may not."""

from __future__ import annotations

import re

import pytest

from connector.store.page_visits import TypedText
from connector.store.tables import TableState
from tests.integration.okr_page import OkrPage
from tests.site.confluence_person import WikiPerson
from tests.site.roster import PEOPLE
from tests.typed_texts import load_typed_texts

ANA = PEOPLE[1]
STEP = "Raise to 100 %."


def type_over(page: OkrPage, old: str, new: str) -> None:
    """Ana types something else where ``old`` stands in the table."""
    assert old in page.body()
    page.site.edit_page(page.page_id, lambda body: body.replace(old, new, 1), by=ANA)


def typed(page: OkrPage) -> list[TypedText]:
    """Oldest first."""
    with page.line.on.database.read() as conn:
        return list(reversed(load_typed_texts(conn, page.line.workspace_id, page.table_id)))


def test_what_is_typed_stays_over_our_writes(page: OkrPage) -> None:
    type_over(page, STEP, "Ask the bank first.")
    for number in (1, 2):
        page.finish(number)
        page.line.next_poll()
        assert page.wrong() == []
        assert "Ask the bank first." in page.words()
    assert page.our_versions() == 3
    assert page.table.findings == ()


def test_what_was_typed_is_noted_once_with_its_author(page: OkrPage) -> None:
    type_over(page, STEP, "Ask the bank first.")
    for number in (1, 2):
        page.finish(number)
        page.line.next_poll()
    assert [(each.text, each.author_id, each.author_name, each.outcome) for each in typed(page)] == [
        ("Ask the bank first.", ANA.account_id, ANA.display_name, "taken")
    ]


def test_typing_over_a_computed_cell_is_replaced_at_the_next_write_and_noted(page: OkrPage) -> None:
    type_over(page, "Ana Duarte", "Somebody else")
    page.line.next_poll()
    assert page.our_versions() == 1
    page.finish()
    page.line.next_poll()
    assert "Somebody else" not in page.words()
    assert "Ana Duarte" in page.words()
    noted = [(each.key_result_key, each.column, each.outcome, each.author_id) for each in typed(page)]
    assert noted == [("T-KR1", "owner", "replaced", ANA.account_id)]
    assert typed(page)[0].text.startswith("Somebody else")


def test_the_same_value_written_differently_is_nothing_typed(page: OkrPage) -> None:
    body = re.sub(r"(<td[^>]*>(?:<p[^>]*>)?)29(</)", r"\g<1>29.0\2", page.body(), count=1)
    assert body != page.body()
    page.site.edit_page(page.page_id, lambda _: body, by=ANA)
    page.finish()
    page.line.next_poll()
    assert typed(page) == []


def test_an_emptied_cell_says_nothing_and_is_filled_again(page: OkrPage) -> None:
    type_over(page, STEP, "")
    page.finish()
    page.line.next_poll()
    assert "Raise to 100 %." in page.words()
    assert typed(page) == []


OWN_ROW = "<tr><td><p>Our party</p></td><td colspan='6'><p>Friday</p></td></tr></tbody></table>"


def test_rows_of_their_own_stay(page: OkrPage) -> None:
    type_over(page, "</tbody></table>", OWN_ROW)
    page.finish()
    page.line.next_poll()
    assert page.wrong() == []
    assert "Our party Friday" in page.words()


def test_columns_of_their_own_stay(page: OkrPage) -> None:
    def add_column(body: str) -> str:
        rows = body.split("</tr>")
        return (
            "</tr>".join(
                [rows[0] + "<th><p>Mood</p></th>"]
                + [f"{row}<td><p>good {n}</p></td>" for n, row in enumerate(rows[1:-1])]
            )
            + "</tr>"
            + rows[-1]
        )

    page.site.edit_page(page.page_id, add_column, by=ANA)
    page.finish()
    page.line.next_poll()
    assert page.wrong() == []
    assert "Mood" in page.words()
    assert "good 1" in page.words()


def test_a_row_of_ours_that_stands_twice_is_reported(page: OkrPage) -> None:
    row = re.search(r"<tr(?:(?!<tr).)*?/kr/T-KR1.*?</tr>", page.body(), re.DOTALL)
    assert row
    page.site.edit_page(page.page_id, lambda body: body.replace(row[0], row[0] * 2), by=ANA)
    page.finish()
    page.line.next_poll()
    assert page.wrong() == []
    assert {"what": "repeated", "key": "T-KR1", "column": "", "text": ""} in page.table.findings


@pytest.mark.parametrize("header", ["Key result", "Now"])
def test_without_its_header_row_the_table_is_left_alone_until_it_is_back(page: OkrPage, header: str) -> None:
    head = re.search(r"<tr[^>]*>\s*<th.*?</tr>", page.body(), re.DOTALL)
    assert head
    page.site.edit_page(page.page_id, lambda body: body.replace(head[0], "", 1), by=ANA)
    page.finish()
    page.line.next_poll()
    assert page.state() is TableState.NOT_READABLE
    assert page.our_versions() == 1
    WikiPerson(page.site.url, ANA).act(page.page_id, "restore-version", number="2")
    page.line.next_poll()
    assert page.state() is TableState.CURRENT
    assert page.wrong() == []


def test_one_visit_takes_what_was_typed_and_writes_what_follows(page: OkrPage) -> None:
    type_over(page, ">29<", ">24<")
    page.line.mark("table", str(page.table_id))
    assert page.line.work(until_quiet=False) == 1
    assert "78 %" in page.words().replace("\u00a0", " ")
    assert page.our_versions() == 2
