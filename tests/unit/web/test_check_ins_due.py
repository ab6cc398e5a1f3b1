"""Which check-ins are due, what the form offers, and taking one back."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from connector.store import check_ins
from connector.store.engine import Database
from connector.store.progress import issue_subject
from connector.store.schema import key_result, progress
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp, issue_id
from tests.unit.web.reading import heading, main, row
from tests.unit.web.surroundings import Visitor


def _keys(page: str) -> list[str]:
    return re.findall(r'href="/kr/([^"]+)"', page)


def _hers(database: Database, filled: MadeUp, key: str, name: str = "rosa klein ") -> None:
    with database.write() as conn:
        of = (key_result.c.workspace_id == filled.workspace_id, key_result.c.key == key)
        conn.execute(update(key_result).where(*of).values(owner=name))


def _moved(database: Database, filled: MadeUp, key: str, done: int) -> None:
    """The epic had so many done long ago."""
    with database.write() as conn:
        conn.execute(
            insert(progress).values(
                workspace_id=filled.workspace_id, subject=issue_subject(filled.jira.id, issue_id(key)),
                at=filled.person.created_at - timedelta(days=30), figure={"done": done, "total": 14}, why="",
            )
        )  # fmt: skip


def test_what_waits_longest_comes_first_and_the_rest_had_theirs(rosa: Visitor) -> None:
    page = rosa.get("/check-ins").text
    assert heading(page) == "2 key results wait for a check-in"
    assert "One is due when a week has passed since the last. 7 had theirs." in main(page)
    assert _keys(page)[:3] == ["GRO-KR3", "PAY-KR3", "PLA-KR2"]
    assert "30 Oct 23 days ago Check in" in row(page, "/kr/PAY-KR3")
    assert '<span class="count calm">2 due</span>' in page


def test_a_week_after_the_last_it_is_due(rosa: Visitor, filled: MadeUp, clock: FakeClock) -> None:
    clock.advance(days=1)
    rosa.is_let_in(filled.person, clock.now())
    assert "PLA-KR2" not in _keys(rosa.get("/check-ins").text)[:2]
    clock.advance(days=1)
    rosa.is_let_in(filled.person, clock.now())
    assert _keys(rosa.get("/check-ins").text)[:3] == ["GRO-KR3", "PAY-KR3", "PLA-KR2"]
    assert heading(rosa.get("/check-ins").text) == "3 key results wait for a check-in"


def test_mine_come_first_and_the_navigation_counts_only_them(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    _hers(sqlite_database, filled, "PAY-KR3")
    page = rosa.get("/check-ins").text
    assert heading(page) == "1 of your key results waits for a check-in"
    assert _keys(page)[0] == "PAY-KR3"
    assert "you" in row(page, "/kr/PAY-KR3")
    assert "1 due" in rosa.get("/").text


def test_where_nothing_is_asked_it_says_so(stranger: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    owner = made_up.add_owner(sqlite_database, clock.now())
    stranger.is_let_in(owner, clock.now())
    page = stranger.get("/check-ins").text
    assert heading(page) == "Nothing to check in yet"
    assert " due<" not in page


def test_what_moved_in_jira_is_offered_and_alone_is_no_check_in(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    _moved(sqlite_database, filled, "PAY-388", 1)
    page = rosa.get("/check-in/PAY-KR2").text
    offered = "PAY-388: 2 more done; now 3 of 14 done."
    assert f">\n{offered}</textarea>" in page
    assert f'name="offered" value="{offered}"' in page
    untouched = {"offered": offered, "done_since": f"{offered}\r\n", "once": "x"}
    assert "Nothing was entered" in rosa.post("/check-in/PAY-KR2", untouched).text
    assert rosa.post("/check-in/PAY-KR2", {**untouched, "confidence": "5"}).status_code == 303
    with sqlite_database.read() as conn:
        last = check_ins.load_check_ins(conn, filled.workspace_id, ["PAY-KR2"])["PAY-KR2"][-1]
    assert (last.done_since, last.confidence) == (offered, 5)


def test_the_form_says_what_the_figure_makes_before_it_is_sent(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    looked = rosa.post("/check-in/PAY-KR2", {"value": "3.4", "confidence": "3", "look": "yes"})
    assert looked.status_code == 200
    assert "makes 33 % of the way" in main(looked.text)
    assert "Below 4, three things help." in main(looked.text)
    calm = rosa.post("/check-in/PAY-KR2", {"value": "3,40", "confidence": "10", "look": "yes"}).text
    assert "Below 4" not in calm
    asked_back = rosa.post("/check-in/PAY-KR2", {"value": "1,234", "look": "yes"})
    assert ", makes" not in main(asked_back.text)
    with sqlite_database.read() as conn:
        said = check_ins.load_check_ins(conn, filled.workspace_id, ["PAY-KR2"])["PAY-KR2"]
    assert said[-1].value == Decimal("3.6"), "nothing was saved"


def test_the_form_says_where_it_ends_if_it_goes_on_like_this(rosa: Visitor) -> None:
    page = main(rosa.get("/check-in/PAY-KR2").text)
    assert "If it goes on like this 3.1 % on 31 Dec. To reach 2.0 % it must fall by 0.3 a week." in page


def test_a_check_in_is_withdrawn_with_a_reason(rosa: Visitor) -> None:
    page = rosa.get("/kr/PAY-KR1").text
    address = re.findall(r'href="(/check-in/PAY-KR1/withdraw/[0-9]+)"', page)[0]
    asked = rosa.get(address).text
    assert heading(asked) == "Withdraw the check-in of 19 Nov?"
    assert "The figure goes from 50 % to 39 %." in main(asked)
    for why, said in (("", "what was wrong with it"), ("x" * 1001, "at most 1,000")):
        answer = rosa.post(address, {"why": why})
        assert answer.status_code == 422
        assert said in answer.text.partition('id="why-wrong">')[2].partition("</p>")[0]
    assert rosa.post(address, {"why": "<b>typed twice</b>"}).location == "/kr/PAY-KR1"
    after = rosa.get("/kr/PAY-KR1").text
    assert "Withdrawn 22 Nov, Rosa Klein: <b>typed twice</b>" in main(after)
    assert "now 31" in main(after)
    assert rosa.post(address, {"why": "again"}, page="/kr/PAY-KR2/drop").status_code == 303, "no second effect"


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_only_ones_own_is_withdrawn_by_anybody_but_an_admin(
    role: str, stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    other = made_up.add_owner(sqlite_database, clock.now(), role=role, email="other@acme.example")
    stranger.is_let_in(other, clock.now())
    assert "/withdraw/" not in stranger.get("/kr/PAY-KR1").text
    assert stranger.get("/check-in/PAY-KR1/withdraw/1").status_code == 403


def test_why_a_figure_is_so_opens_in_its_place(rosa: Visitor) -> None:
    page = rosa.get("/").text
    assert 'href="/cycles/2026-q4?open=PAY-KR1#PAY-KR1" aria-label="Why is it 50' in page
    opened = rosa.get("/cycles/2026-q4?open=PAY-KR1").text
    assert "(38 − 29) ÷ (38 − 20) = 9 ÷ 18 = 50 %" in main(opened)
    assert 'href="/cycles/2026-q4#PAY-KR1">Close' in opened
    assert "÷" not in rosa.get("/cycles/2026-q4?open=PAY-KR99").text
