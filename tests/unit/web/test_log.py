"""The whole log: who changed what, found again by person, by kind and by words, a page at a time."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from connector.store import activity
from connector.store.engine import Database
from connector.store.schema import workspace
from tests.clock import FakeClock
from tests.unit.web.made_up import MadeUp
from tests.unit.web.reading import heading, main
from tests.unit.web.surroundings import Visitor

OLDER = re.compile(r'href="([^"]*before=[^"]*)"')


def write(database: Database, filled: MadeUp, clock: FakeClock, *lines: tuple[str, str]) -> None:
    with database.write() as conn:
        for who, text in lines:
            activity.record_activity(conn, filled.workspace_id, at=clock.now(), who=who, text=text)


def test_the_log_begins_with_the_last_change(rosa: Visitor) -> None:
    page = rosa.get("/status/log").text
    assert heading(page) == "Last change 4 min ago"
    assert main(page).index("OKRs Q4 2026 written") < main(page).index("Linked PAY-412 to PAY-KR1")


@pytest.mark.parametrize(
    ("wanted", "there", "gone"),
    [
        ("who=people", "Linked PAY-412", "PAY-412 read again"),
        ("who=service", "PAY-412 read again", "Linked PAY-412"),
        ("who=person:Rosa%20Klein", "Linked PAY-412", "paused all"),
        ("who=person:Ben", "Ben paused all writing", "Linked PAY-412"),
        ("words=VERSION%20214", "OKRs Q4 2026 written", "Linked PAY-412"),
        ("words=ben", "Ben paused all writing", "Linked PAY-412"),
        ("words=100%25", "reached 100 % of 100%", "Linked PAY-412"),
        ("who=nonsense", "Linked PAY-412", "Nothing"),
        ("before=nonsense", "Linked PAY-412", "Nothing"),
        ("before=99999999999999999999", "Linked PAY-412", "Nothing"),
    ],
)
def test_lines_are_found_again(
    wanted: str, there: str, gone: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    write(sqlite_database, filled, clock, ("Ben", "paused all writing"), ("OKR Connector", "reached 100 % of 100%"))
    said = main(rosa.get(f"/status/log?{wanted}").text)
    lines = said.partition("With the words")[2]
    assert there in lines
    assert gone not in lines


@pytest.mark.parametrize("wanted", ["words=nowhere", "who=person:Nobody", "words=%25", "words=<b>x</b>", "before=1"])
def test_where_nothing_fits_it_says_so(wanted: str, rosa: Visitor) -> None:
    page = rosa.get(f"/status/log?{wanted}")
    assert page.status_code == 200
    assert "PAY-412" not in main(page.text)
    assert "<b>x</b>" not in page.text


def test_older_lines_are_a_page_further_and_none_is_lost_between(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    write(sqlite_database, filled, clock, *[("Ben", f"did no. {number:03}.") for number in range(120)])
    clock.advance(seconds=1)
    write(sqlite_database, filled, clock, *[("Rosa Klein", "did more") for _ in range(30)])
    seen: list[str] = []
    address = "/status/log?who=person:Ben"
    for _ in range(3):
        page = rosa.get(address).text
        seen += [part[:3] for part in main(page).split("did no. ")[1:]]
        older = OLDER.search(page)
        address = unescape(older[1]) if older else ""
    assert seen == [f"{number:03}" for number in reversed(range(120))]
    assert address == ""


def test_a_log_without_a_line_says_what_will_stand_there(
    stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        activity.purge(conn, filled.workspace_id, clock.now() + timedelta(days=1), 1000)
    stranger.is_let_in(filled.person, clock.now())
    assert heading(stranger.get("/status/log").text) == "Nothing has changed yet"


def test_lines_of_another_workspace_are_never_shown(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        other = conn.execute(
            workspace.insert().values(name="Other", created_at=clock.now()).returning(workspace.c.id)
        ).scalar_one()
        activity.record_activity(conn, other, at=clock.now(), who="Mallory", text="did what nobody here may read")
    page = rosa.get("/status/log").text
    assert "Mallory" not in page
    assert "nobody here may read" not in page
