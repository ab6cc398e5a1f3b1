"""The board says first what needs attention, and shows each key result in one row."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connector.store import okrs
from connector.store.engine import Database
from connector.store.okrs import OkrSet
from mapping.okr import Cycle, CycleState, KeyResult, Objective
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.reading import heading, main, row
from tests.unit.web.surroundings import Visitor

NEW_YEAR = Cycle("2027-q1", "Q1 2027", date(2027, 1, 1), date(2027, 3, 31), CycleState.PLANNED)


def _keys(page: str) -> list[str]:
    return re.findall(r'href="/kr/([^"]+)"', page)


def test_the_heading_is_the_answer_and_the_title(rosa: Visitor) -> None:
    page = rosa.get("/").text
    assert heading(page) == "4 of 9 key results need attention"
    assert "<title>4 of 9 key results need attention · OKRs</title>" in page
    assert "Q4 2026, week 8 of 13 · 56 % of the way, 58 % expected" in main(page)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            "PAY-KR1",
            "PAY-KR1 · 38 → 20 s, now 29 50 % Behind 6 up 1 Ana Duarte 19 Nov",
        ),
        ("PAY-KR2", "now 3.6 24 % Off pace 3 Low down 2 Jonas Weber 18 Nov"),
        ("PAY-KR3", "PAY-KR3 · below 12, now 9.4 held Stale 8 same Mei Tanaka 30 Oct 23 days ago"),
        ("PLA-KR2", "9.0 → 3.0 %, now 2.8 103 % Reached early 9 same Lucie Martin"),
        ("PLA-KR3", "PLA-KR3 · from its initiatives 63 % On pace"),
        ("GRO-KR3", "GRO-KR3 · aspirational baseline due 30 Nov No baseline yet none yet – Inês Faria none yet"),
    ],
)
def test_each_row_says_where_it_stands(key: str, said: str, rosa: Visitor) -> None:
    assert said in row(rosa.get("/").text, f"/kr/{key}")


def test_bars_and_ticks_are_drawn_to_scale(rosa: Visitor) -> None:
    page = rosa.get("/").text
    found = next(part for part in page.split("<tr") if "/kr/PAY-KR1" in part)
    assert 'class="full" y="3" width="50%"' in found
    assert '<svg x="57.61%"' in found
    beyond = next(part for part in page.split("<tr") if "/kr/PLA-KR2" in part)
    assert 'class="full" y="3" width="100%"' in beyond


def test_a_team_alone(rosa: Visitor) -> None:
    page = rosa.get("/cycles/2026-q4?team=Platform").text
    assert _keys(page) == ["PLA-KR1", "PLA-KR2", "PLA-KR3"]
    assert heading(page) == "1 of 3 key results needs attention"
    assert rosa.get("/cycles/2026-q4?team=Nobody").text.count("/kr/") == 9, "an unknown team is no filter"


@pytest.fixture
def _long(filled: MadeUp, sqlite_database: Database, clock: FakeClock) -> None:
    """Thirteen objectives of five key results each in a cycle of their own."""
    objectives = [Objective(f"BIG-O{number}", NEW_YEAR.key, f"Objective {number}") for number in range(1, 14)]
    key_results = [
        KeyResult(f"BIG-KR{5 * place + number}", objective.key, "x", baseline=Decimal(0), target=Decimal(9))
        for place, objective in enumerate(objectives)
        for number in range(1, 6)
    ]
    with sqlite_database.write() as conn:
        made = OkrSet((NEW_YEAR,), objectives, key_results)
        okrs.record_okrs(conn, filled.workspace_id, made, at=clock.now(), who="Rosa Klein")


@pytest.mark.usefixtures("_long")
def test_a_long_board_has_pages_of_whole_objectives(rosa: Visitor) -> None:
    first, second = rosa.get("/cycles/2027-q1").text, rosa.get("/cycles/2027-q1?page=2").text
    assert _keys(first) == [f"BIG-KR{number}" for number in range(1, 51)]
    assert _keys(second) == [f"BIG-KR{number}" for number in range(51, 66)]
    assert 'href="/cycles/2027-q1?page=2" rel="next"' in first
    assert 'href="/cycles/2027-q1" rel="prev"' in second
    assert "page 2 of 2" in second
    assert heading(first) == heading(second) == "Q1 2027 is planned"


@pytest.mark.usefixtures("_long")
def test_what_is_explained_is_on_the_page_that_is_shown_and_closing_it_stays_there(rosa: Visitor) -> None:
    page = rosa.get("/cycles/2027-q1?open=BIG-KR60").text
    assert "page 2 of 2" in page
    assert '<tr id="BIG-KR60" class="opened">' in page
    assert 'href="/cycles/2027-q1?page=2#BIG-KR60"' in page


@pytest.mark.usefixtures("_long")
@pytest.mark.parametrize(("asked", "shown"), [("0", 1), ("x", 1), ("-1", 1), ("99", 2), ("9" * 30, 1)])
def test_a_page_that_is_not_there_is_the_nearest_one(rosa: Visitor, asked: str, shown: int) -> None:
    assert f"page {shown} of 2" in rosa.get(f"/cycles/2027-q1?page={asked}").text


def test_a_short_board_has_no_pages(rosa: Visitor) -> None:
    assert "page 1 of" not in rosa.get("/").text


def test_only_what_needs_attention(rosa: Visitor) -> None:
    page = rosa.get("/cycles/2026-q4?attention=yes").text
    assert _keys(page) == ["PAY-KR2", "PAY-KR3", "PLA-KR2", "GRO-KR3"]
    assert heading(page) == "4 of 9 key results need attention"
    assert "Show all" in page


def test_the_cycle_of_today_comes_first_and_others_by_their_key(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    _keep(sqlite_database, filled, clock, NEW_YEAR)
    assert heading(rosa.get("/").text) == "4 of 9 key results need attention"
    planned = rosa.get("/cycles/2027-q1").text
    assert heading(planned) == "Q1 2027 has no objectives yet"
    assert "starts 1 Jan" in main(planned)
    assert rosa.get("/cycles/2031-q1").status_code == 404


def test_a_closed_cycle_offers_no_check_in(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.read() as conn:
        cycle = okrs.load_cycles(conn, filled.workspace_id)[0]
    _keep(sqlite_database, filled, clock, replace(cycle, state=CycleState.CLOSED))
    page = rosa.get("/").text
    assert "/check-in/" not in page
    assert page.count('<span class="loz">Closed</span>') == 3


def test_a_new_key_result_is_asked_for_its_first_check_in_a_fortnight_later(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    new = KeyResult("PAY-KR8", "PAY-O1", "Refunds", unit="s", baseline=Decimal(9), target=Decimal(3))
    with sqlite_database.write() as conn:
        for key, days in (("PAY-KR8", 13), ("PAY-KR9", 14)):
            okr_set, made_at = OkrSet(key_results=[replace(new, key=key)]), clock.now() - timedelta(days=days)
            okrs.record_okrs(conn, filled.workspace_id, okr_set, at=made_at, who="Rosa Klein")
    page = rosa.get("/").text
    assert heading(page) == "5 of 11 key results need attention"
    assert "No check-in" in row(page, "/kr/PAY-KR8")
    assert "Stale" not in row(page, "/kr/PAY-KR8")
    assert "No check-in Stale" in row(page, "/kr/PAY-KR9")


def test_with_nothing_yet_it_says_what_to_do(stranger: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    made_up.add_owner(sqlite_database, clock.now())
    stranger.sign_in()
    page = stranger.get("/").text
    assert heading(page) == "No objectives yet"
    assert "Make the first cycle" in page
    assert [cmd in page for cmd in ("okr connect", "okr import", "okr link", "okr table add")] == [True] * 4


def _keep(database: Database, filled: MadeUp, clock: FakeClock, cycle: Cycle) -> None:
    with database.write() as conn:
        okrs.record_okrs(conn, filled.workspace_id, OkrSet(cycles=[cycle]), at=clock.now(), who="Rosa Klein")
