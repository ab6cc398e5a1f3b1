"""A page that is archived, deleted, hidden or closed to us: said once, asked for seldom, taken up again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connector.store.activity import recent_activity
from connector.store.tables import TableState
from tests.integration.okr_page import OkrPage
from tests.site.confluence_person import WikiPerson
from tests.site.roster import PEOPLE, SYNC

ANA = PEOPLE[1]
SOME_POLLS = 10


def person(page: OkrPage) -> WikiPerson:
    return WikiPerson(page.site.url, ANA)


def calls_to_the_page(page: OkrPage) -> int:
    """Since the log was emptied, by us."""
    path = f"/wiki/api/v2/pages/{page.page_id}"
    return sum(call["path"].startswith(path) for call in page.site.requests(SYNC))


def asked_while_quiet(page: OkrPage) -> int:
    """Ten minutes in which nothing happens; returns how often we asked for the page."""
    page.site.forget_requests()
    for _ in range(SOME_POLLS):
        page.line.next_poll()
    return calls_to_the_page(page)


def told(page: OkrPage) -> list[str]:
    """What the activity says of the page's state."""
    with page.line.on.database.read() as conn:
        entries = recent_activity(conn, page.line.workspace_id)
    return [entry.text for entry in entries if entry.text.startswith(f"{page.table.page_title}: ")]


AWAY: dict[str, tuple[Callable[[OkrPage], object], Callable[[OkrPage], object], TableState]] = {
    "archived": (
        lambda page: person(page).act(page.page_id, "archive"),
        lambda page: person(page).act(page.page_id, "restore"),
        TableState.NO_PAGE,
    ),
    "in the trash": (
        lambda page: page.site.delete_page(page.page_id),
        lambda page: person(page).act(page.page_id, "restore"),
        TableState.NO_PAGE,
    ),
    "not to be seen": (
        lambda page: person(page).act(page.page_id, "restrict", viewing="yes"),
        lambda page: person(page).act(page.page_id, "open"),
        TableState.NO_PAGE,
    ),
    "not to be edited": (
        lambda page: person(page).act(page.page_id, "restrict"),
        lambda page: person(page).act(page.page_id, "open"),
        TableState.NO_PERMISSION,
    ),
    "in a space where we may not edit": (
        lambda page: page.site.change_account(SYNC, may_edit_pages=False),
        lambda page: page.site.change_account(SYNC, may_edit_pages=True),
        TableState.NO_PERMISSION,
    ),
}


@pytest.mark.parametrize("how", AWAY)
def test_a_page_that_is_away_is_told_of_once_asked_for_seldom_and_taken_up_again(page: OkrPage, how: str) -> None:
    take_away, give_back, state = AWAY[how]
    take_away(page)
    page.finish()
    page.line.next_poll()
    assert page.state() is state
    assert page.table.state_detail
    assert asked_while_quiet(page) <= 1
    assert len(told(page)) == 1
    assert page.line.set_aside() == []
    give_back(page)
    page.line.after(minutes=31)
    assert (page.state(), page.wrong()) == (TableState.CURRENT, [])
