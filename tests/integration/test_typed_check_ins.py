"""What people type becomes check-ins: of the right author, once, and the newest of two counts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from connector.store.tables import TableState
from mapping.okr import CheckInOrigin
from sync.commands import pause_writing, record_check_in, resume_writing
from tests.integration.okr_page import OkrPage
from tests.integration.typing import (
    ANA,
    CONFIDENCE,
    NEXT_STEP,
    NOW,
    ROSA,
    calls,
    choose,
    findings,
    outcomes,
    said,
    told,
    type_in,
    typed,
)
from tests.site.confluence_person import WikiPerson
from tests.site.roster import SYNC


def by_form(page: OkrPage, value: int, next_step: str = "") -> None:
    record_check_in(
        page.line.on, page.line.workspace_id, key="T-KR1", value=Decimal(value), confidence=None, done_since="",
        note="", blockers="", next_step=next_step, author="Rosa", origin=CheckInOrigin.WEB,
        idempotency_key=f"form {value}",
    )  # fmt: skip


def test_the_cells_of_a_row_are_one_check_in_and_the_figures_follow(page: OkrPage) -> None:
    type_in(page, {NOW: "24.5 s", CONFIDENCE: "8/10", NEXT_STEP: "Ask  the\u00a0bank."})
    page.line.next_poll()
    (check_in,) = said(page)
    assert (check_in.value, check_in.confidence, check_in.next_step) == (Decimal("24.5"), 8, "Ask the bank.")
    assert (check_in.author, check_in.origin) == (ANA.display_name, CheckInOrigin.CONFLUENCE)
    assert page.line.clock.now() - timedelta(minutes=5) < check_in.at <= page.line.clock.now()
    assert "75 %" in page.words().replace("\u00a0", " ")
    assert (page.our_versions(), findings(page)) == (2, [])
    assert any(line.startswith("Ana Duarte checked in on T-KR1") for line in told(page))


@pytest.mark.parametrize(
    ("text", "value"),
    [("42", "42"), ("42 %", None), ("1,234.5", "1234.5"), ("1.234,5", "1234.5"), ("12\u00a0000", "12000")],
)
def test_numbers_as_people_write_them(page: OkrPage, text: str, value: str | None) -> None:
    """The unit of this key result is seconds, so that per cent are no value of it."""
    type_in(page, {NOW: text})
    page.line.next_poll()
    assert [each.value for each in said(page)] == ([Decimal(value)] if value else [])
    assert findings(page) == ([] if value else [("not_understood", text)])


def test_a_table_of_another_language_is_read_in_it(page: OkrPage) -> None:
    choose(page, language="de")
    page.line.mark("table", str(page.table_id), urgency=1)
    page.line.work()
    type_in(page, {NOW: "1.234", CONFIDENCE: "auf Kurs"})
    page.line.next_poll()
    assert [(each.value, each.confidence) for each in said(page)] == [(Decimal(1234), 8)]


def test_several_people_between_two_looks_each_said_their_own(page: OkrPage) -> None:
    type_in(page, {NOW: "27"}, by=ROSA)
    type_in(page, {NEXT_STEP: "Ask the bank."})
    page.type_below("<p>Elsewhere.</p>")
    page.line.next_poll()
    assert [(each.author, each.value, each.next_step) for each in said(page)] == [
        (ROSA.display_name, Decimal(27), ""),
        (ANA.display_name, None, "Ask the bank."),
    ]
    assert [each.version for each in typed(page)] == [3, 4]


def test_of_one_cell_typed_twice_the_newer_text_counts(page: OkrPage) -> None:
    type_in(page, {NOW: "27"}, by=ROSA)
    type_in(page, {NOW: "26"})
    page.line.next_poll()
    assert [(each.author, each.value) for each in said(page)] == [(ANA.display_name, Decimal(26))]


def test_between_our_own_versions_the_author_is_found(page: OkrPage) -> None:
    """Another table in the same page is written between the typing and our look at this one."""
    other = page.line.add_table(page.page_id, "now", region_id="other")
    page.line.work()
    type_in(page, {NOW: "27"})
    page.finish()
    page.line.mark("issue", page.target(page.first))
    page.line.mark("table", str(other), urgency=1)
    page.line.next_poll()
    assert [(each.author, each.value) for each in said(page)] == [(ANA.display_name, Decimal(27))]


def test_our_own_account_used_by_a_person_is_a_person(page: OkrPage) -> None:
    type_in(page, {NOW: "27"}, by=SYNC)
    page.line.next_poll()
    assert [(each.author, each.value) for each in said(page)] == [(SYNC.display_name, Decimal(27))]


def test_where_nothing_was_typed_nothing_more_is_asked(page: OkrPage) -> None:
    page.type_below("<p>Elsewhere.</p>")
    page.line.next_poll()
    assert calls(page) == ["GET ?body-format=storage"]


def test_one_version_of_one_person_needs_no_look_at_older_ones(page: OkrPage) -> None:
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    assert [call for call in calls(page) if "versions" in call] == []
    # The one before ours is looked at for comments that were added while we wrote.
    assert [call for call in calls(page) if "version=" in call] == ["GET ?body-format=storage&version=3"]


def test_a_name_is_asked_for_once_a_week(page: OkrPage) -> None:
    for text in ("One.", "Two."):
        type_in(page, {NEXT_STEP: text})
        page.line.next_poll()
    assert len([call for call in calls(page) if "users-bulk" in call]) == 1
    page.line.after(days=8)
    type_in(page, {NEXT_STEP: "Three."})
    page.line.next_poll()
    assert len([call for call in calls(page) if "users-bulk" in call]) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_an_account_that_cannot_be_looked_up_holds_nothing_up(page: OkrPage, status: int) -> None:
    page.site.faults({"path": "users-bulk", "kind": "status", "status": status, "times": None})
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    page.line.after(seconds=15)  # the last wait of three is spread up to 10.4 seconds
    assert [each.author for each in said(page)] == ["an account that Confluence does not name"]
    assert page.line.connection("confluence").health == "current"


def test_a_passing_fault_costs_nobody_the_name(page: OkrPage) -> None:
    page.site.faults({"path": "users-bulk", "kind": "status", "status": 500, "times": 1})
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    assert [each.author for each in said(page)] == [ANA.display_name]


def test_a_newer_check_in_by_form_counts_and_both_stand_in_the_history(page: OkrPage) -> None:
    pause_writing(page.line.on, page.line.workspace_id, "test")
    type_in(page, {NOW: "27"})
    page.line.clock.advance(seconds=20)
    by_form(page, 25)
    page.line.next_poll()
    resume_writing(page.line.on, page.line.workspace_id, "test")
    page.line.work()
    assert [each.value for each in said(page)] == [Decimal(27), Decimal(25)]
    assert ">25<" in page.body()
    assert ">27<" not in page.body()


def test_a_persons_newer_text_counts_over_an_older_check_in_by_form(page: OkrPage) -> None:
    by_form(page, 25)
    page.line.work()
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    assert [each.value for each in said(page)] == [Decimal(25), Decimal(27)]
    assert ">27<" in page.body()


def test_while_all_writing_is_paused_what_is_typed_is_taken(page: OkrPage) -> None:
    pause_writing(page.line.on, page.line.workspace_id, "test")
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    assert ([each.value for each in said(page)], page.state()) == ([Decimal(27)], TableState.PAUSED)
    assert page.our_versions() == 1
    resume_writing(page.line.on, page.line.workspace_id, "test")
    page.line.work()
    assert (page.state(), page.our_versions(), len(said(page))) == (TableState.CURRENT, 2, 1)
    assert not [line for line in told(page) if "All writing is paused" in line]


def test_while_a_draft_is_open_what_is_typed_is_taken(page: OkrPage) -> None:
    rosa = WikiPerson(page.site.url, ROSA)
    type_in(page, {NOW: "27"})
    rosa.keep_draft(page.page_id, lambda body: body + "<p>Half</p>")
    page.line.next_poll()
    assert (page.state(), page.our_versions()) == (TableState.HELD, 1)
    assert [each.value for each in said(page)] == [Decimal(27)]
    rosa.discard_draft(page.page_id)
    page.line.after(minutes=6)
    assert (page.state(), page.our_versions(), len(said(page))) == (TableState.CURRENT, 2, 1)


def test_whatever_its_budget_a_typed_text_is_answered_at_once(page: OkrPage) -> None:
    for number in (1, 2, 3):
        page.finish(number)
        page.line.next_poll()
    page.finish(1, page.second)
    page.line.next_poll()
    assert page.table.tokens == 0
    type_in(page, {NOW: "24"})
    page.line.next_poll()
    assert "78 %" in page.words().replace("\u00a0", " ")
    assert outcomes(page) == [("24", "taken", ANA.display_name)]


def test_another_table_that_shows_the_key_result_follows(page: OkrPage) -> None:
    elsewhere = page.site.create_page("OKR", f"Elsewhere {page.first}", "<p>Before.</p>")
    page.line.add_table(elsewhere, "now")
    page.line.work()
    type_in(page, {NOW: "24"})
    page.line.next_poll()
    assert "78 %" in page.site.body(elsewhere).replace("\u00a0", " ").replace("&nbsp;", " ")


def test_a_mention_among_the_words_stays_and_one_alone_is_asked_about(page: OkrPage) -> None:
    mention = f'<ac:link><ri:user ri:account-id="{ANA.account_id}" /></ac:link>'
    page.site.edit_page(page.page_id, lambda body: body.replace("Raise to 100 %.", f"Ask {mention}"), by=ANA)
    page.line.next_poll()
    page.finish()
    page.line.next_poll()
    assert [each.next_step for each in said(page)] == ["Ask"]
    assert ANA.account_id in page.body()
    assert page.our_versions() == 2
    page.site.edit_page(page.page_id, lambda body: body.replace("Ask <ac:link>", "<ac:link>"), by=ANA)
    page.line.next_poll()
    assert ANA.account_id in page.body()
    assert findings(page) == [("not_understood", "(no words)")]


def test_where_the_page_says_it_already_nothing_is_written(page: OkrPage) -> None:
    """A next step typed on the day of the last check-in changes no figure, so that the cell alone says all of it."""
    choose(page, columns=["key_result", "progress", "next_step"])
    page.line.mark("table", str(page.table_id), urgency=1)
    page.line.work()
    versions = page.our_versions()
    page.site.edit_page(page.page_id, lambda body: body.replace("Raise to 100 %.", "Ask the bank."), by=ANA)
    page.line.next_poll()
    page.line.next_poll()
    assert [each.next_step for each in said(page)] == ["Ask the bank."]
    assert (page.our_versions(), page.state()) == (versions, TableState.CURRENT)


def test_what_somebody_typed_over_before_we_looked_is_in_the_history(page: OkrPage) -> None:
    type_in(page, {NOW: "28"}, by=ROSA)
    type_in(page, {NOW: "27"})
    page.line.next_poll()
    assert outcomes(page) == [("28", "superseded", ROSA.display_name), ("27", "taken", ANA.display_name)]
    assert [each.value for each in said(page)] == [Decimal(27)]
    assert (page.our_versions(), findings(page)) == (2, [])
