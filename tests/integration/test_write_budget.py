"""How often a page may change: four times at once, then once in half an hour; what only time changes, once a day."""

from __future__ import annotations

from decimal import Decimal

from mapping.okr import CheckInOrigin
from sync.commands import pause_writing, record_check_in, resume_writing
from tests.integration.okr_page import CYCLE, OkrPage
from tests.integration.typing import ANA
from tests.site.confluence_person import WikiPerson
from tests.site.roster import SYNC, TIDY_BOT


def use_up(page: OkrPage) -> None:
    """Four changes from Jira, each written."""
    for epic, number in ((page.first, 1), (page.first, 2), (page.first, 3), (page.second, 1)):
        page.finish(number, epic)
        page.line.next_poll()
    assert (page.our_versions(), page.wrong()) == (5, [])


def test_the_fifth_change_waits_for_its_turn_and_takes_the_others_with_it(page: OkrPage) -> None:
    use_up(page)
    for number in (2, 3):
        page.finish(number, page.second)
        page.line.next_poll()
    assert page.our_versions() == 5
    assert page.table.state_detail == "A change waits for its turn."
    page.line.after(minutes=30)
    assert (page.our_versions(), page.wrong()) == (6, [])
    assert page.table.state_detail == ""


def test_a_persons_own_act_is_written_at_once_and_takes_nothing_from_the_budget(page: OkrPage) -> None:
    use_up(page)
    check_in(page, "now at once")
    page.line.work()
    assert "now at once" in page.words()
    assert (page.our_versions(), page.table.tokens) == (6, 0)


def test_two_hours_of_changes_stay_within_the_budget(page: OkrPage) -> None:
    """A change every five minutes: four at once and four more, then the last one."""
    story = page.children[page.first][1]
    for number in range(24):
        page.site.transition(story, "Done" if number % 2 == 0 else "To Do")
        page.line.after(minutes=5)
    assert page.our_versions() - 1 <= 4 + 4
    page.site.transition(story, "Done")
    page.line.after(minutes=31)
    assert page.wrong() == []


def test_what_only_time_changes_is_written_once_a_day_at_six(page: OkrPage) -> None:
    page.line.after(hours=14, minutes=30)  # 23:30
    assert page.our_versions() == 1
    page.line.after(hours=6, minutes=29)  # 05:59 of the next day: more is expected by then
    assert page.our_versions() == 1
    page.line.after(minutes=2)
    assert page.our_versions() == 2
    assert page.versions()[-1]["message"] == "daily refresh of what is expected"
    for _ in range(4):
        page.line.after(hours=4)
    assert page.our_versions() == 2


def test_as_of_alone_is_never_written(page: OkrPage) -> None:
    """Not even where a person's own act asks for a visit."""
    for _ in range(3):
        page.line.clock.advance(hours=3)
        page.line.mark("table", str(page.table_id), urgency=1)
        page.line.work()
    assert page.our_versions() == 1


def test_while_writing_is_paused_nothing_is_written_and_then_all_of_it(page: OkrPage) -> None:
    on, workspace_id = page.line.on, page.line.workspace_id
    assert pause_writing(on, workspace_id, "test")
    page.finish()
    page.line.next_poll()
    check_in(page, "said while paused")
    page.line.work()
    assert page.our_versions() == 1
    assert not [call for call in page.site.requests(SYNC) if call["method"] == "PUT"]
    assert resume_writing(on, workspace_id, "test")
    page.line.work()
    assert (page.our_versions(), page.wrong()) == (2, [])
    assert "said while paused" in page.words()


def check_in(page: OkrPage, next_step: str) -> None:
    record_check_in(
        page.line.on,
        page.line.workspace_id,
        key="T-KR1",
        value=Decimal(28),
        confidence=6,
        done_since="",
        note="",
        blockers="",
        next_step=next_step,
        author="Ana Duarte",
        origin=CheckInOrigin.WEB,
        idempotency_key=next_step,
    )


def test_figures_that_somebody_brought_back_are_written_anew_at_once(page: OkrPage) -> None:
    use_up(page)
    WikiPerson(page.site.url, ANA).restore_version(page.page_id, 2)
    page.line.next_poll()
    assert (page.our_versions(), page.wrong(), page.table.tokens) == (6, [], 0)


def test_another_service_that_writes_old_figures_waits_for_the_budget(page: OkrPage) -> None:
    """It would answer each of our versions with one of its own."""
    old = page.body()
    use_up(page)
    page.site.edit_page(page.page_id, lambda _: old, by=TIDY_BOT)
    page.line.next_poll()
    assert (page.our_versions(), page.table.state_detail) == (5, "A change waits for its turn.")
    page.line.after(minutes=30)
    assert (page.our_versions(), page.wrong()) == (6, [])


def test_two_tables_in_one_page_share_its_budget(page: OkrPage) -> None:
    page.line.add_table(page.page_id, CYCLE, "second")
    page.line.work()
    assert page.our_versions() == 2
    for number in (1, 2, 3):
        page.finish(number)
        page.line.next_poll()
    assert page.our_versions() == 2 + 4
    third = page.line.table(page.line.add_table(page.page_id, CYCLE, "third"))
    assert third.tokens == 0
