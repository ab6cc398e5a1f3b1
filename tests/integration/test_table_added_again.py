"""A table that is added over one of its name that stands in the page: what people typed there in between is theirs."""

from __future__ import annotations

from connector.store.tables import TableState
from sync.commands import give_up_typed, pause_writing, remove_table, take_typed
from sync.typed_taking import FARTHEST
from tests.integration.okr_page import CYCLE, OkrPage
from tests.integration.typing import (
    ANA,
    CONFIDENCE,
    NEXT_STEP,
    NOW,
    OWNER,
    ROSA,
    choose,
    findings,
    outcomes,
    said,
    type_in,
)


def add_again(page: OkrPage, **chosen: object) -> None:
    """Nobody looked at the page since the table was taken out of our hands; then it is added anew."""
    remove_table(page.line.on, page.line.workspace_id, page.table_id, who="test")
    page.line.next_poll()
    page.table_id = page.line.add_table(page.page_id, CYCLE)
    choose(page, **(chosen or {"check_in_by": "editors"}))
    page.line.work()


def test_what_was_typed_meanwhile_stays_and_waits(page: OkrPage) -> None:
    type_in(page, {NOW: "27"}, by=ROSA)
    type_in(page, {CONFIDENCE: "a lot"})
    page.finish()
    add_again(page)
    assert outcomes(page) == [("27", "to_confirm", ROSA.display_name), ("a lot", "not_understood", ANA.display_name)]
    assert (said(page), page.wrong(), page.state()) == ([], [], TableState.CURRENT)
    assert ">27<" in page.body()
    assert "a lot" in page.words()
    ours = page.our_versions()
    page.line.next_poll()
    assert (page.our_versions(), findings(page)) == (ours, [("to_confirm", "27"), ("not_understood", "a lot")])


def test_what_says_the_same_is_taken_over_in_silence(page: OkrPage) -> None:
    """Figures of then are ours to write anew, and nobody typed them."""
    type_in(page, {OWNER: "Somebody"})
    page.finish()
    add_again(page)
    assert (outcomes(page), findings(page), page.wrong()) == ([], [], [])
    assert "Somebody" not in page.words()


def test_a_cell_that_we_have_nothing_for_is_kept_too(page: OkrPage) -> None:
    type_in(page, {NEXT_STEP: "Ask the bank."}, key="T-KR2")
    add_again(page)
    assert findings(page) == [("to_confirm", "Ask the bank.")]
    assert "Ask the bank." in page.words()


def test_what_waits_can_be_taken_or_given_up_before_anything_is_written(page: OkrPage) -> None:
    on, workspace_id = page.line.on, page.line.workspace_id
    type_in(page, {NOW: "27", NEXT_STEP: "Ask the bank."})
    pause_writing(on, workspace_id, "test")
    add_again(page)
    assert len(findings(page)) == 2
    take_typed(on, workspace_id, page.table_id, [("T-KR1", "now")], who="Petra")
    give_up_typed(on, workspace_id, page.table_id, [("T-KR1", "next_step")], who="Petra")
    page.line.work()
    assert [(text, outcome) for text, outcome, _ in outcomes(page)] == [("27", "taken"), ("Ask the bank.", "given_up")]
    assert len(said(page)) == 1


def test_many_versions_of_other_people_are_not_all_asked_for(page: OkrPage) -> None:
    type_in(page, {NOW: "27"}, by=ROSA)
    for number in range(FARTHEST + 10):
        page.type_below(f"<p>{number}</p>")
    page.site.forget_requests()
    add_again(page)
    assert [text for text, _, _ in outcomes(page)] == ["27"]
    lists = [call for call in page.site.requests() if call["path"].endswith(f"{page.page_id}/versions")]
    assert len(lists) == FARTHEST / 50 + 1  # the last one is read to know that nothing before is wanted


def test_what_an_owner_alone_may_say_waits_as_well(page: OkrPage) -> None:
    type_in(page, {NOW: "27"}, by=ROSA)
    add_again(page, check_in_by="owner")
    assert findings(page) == [("not_allowed", "27")]
    assert ">27<" in page.body()
