"""Who may have a table written, and who may decide about what was typed in it: editors of the teams concerned."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from connector.store import people, typed_texts
from connector.store.engine import Database
from connector.store.schema import page_table
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor

EditorOf = Callable[[str], Visitor]


@pytest.fixture
def editor_of(stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock) -> EditorOf:
    """Somebody signed in who may edit one team only."""

    def let_in(team: str) -> Visitor:
        person = made_up.add_owner(sqlite_database, clock.now(), role="editor", email="one-team@acme.example")
        with sqlite_database.write() as conn:
            people.record_role(conn, person.workspace_id, person.person_id, person.name, "editor", (team,))
        stranger.is_let_in(person, clock.now())
        return stranger

    return let_in


@pytest.mark.parametrize(("teams", "may"), [(["Payments"], True), (["Platform"], False), ([], False)])
def test_a_table_is_written_for_editors_of_all_its_teams(
    teams: list[str], may: bool, editor_of: EditorOf, sqlite_database: Database, filled: MadeUp
) -> None:
    with sqlite_database.write() as conn:
        this = page_table.c.workspace_id == filled.workspace_id
        conn.execute(update(page_table).where(this, page_table.c.id == 1).values(teams=teams))
    answer = editor_of("Payments").post("/tables/1/write", page="/status")
    assert (answer.status_code == 303) is may
    assert (answer.status_code == 403) is not may


@pytest.mark.parametrize("act", ["take", "give-up"])
@pytest.mark.parametrize(("team", "may"), [("Payments", True), ("Platform", False)])
def test_what_was_typed_is_decided_by_editors_of_the_key_results_team(
    act: str, team: str, may: bool, editor_of: EditorOf, sqlite_database: Database, filled: MadeUp
) -> None:
    made_up.type_into(sqlite_database, filled, 1, "27", outcome="to_confirm")
    answer = editor_of(team).post(f"/tables/1/{act}", {"field": "PAY-KR1 now 215"}, page="/status")
    assert answer.status_code == (303 if may else 403)
    with sqlite_database.read() as conn:
        assert bool(typed_texts.load_waiting(conn, filled.workspace_id, 1)) is not may


def test_one_text_of_another_team_among_ones_own_is_refused_with_them(
    editor_of: EditorOf, sqlite_database: Database, filled: MadeUp
) -> None:
    for key in ("PAY-KR1", "PLA-KR1"):
        made_up.type_into(sqlite_database, filled, 1, "27", key=key, outcome="to_confirm")
    visitor = editor_of("Payments")
    form = {"field": ["PAY-KR1 now 215", "PLA-KR1 now 215"], "csrf_token": visitor.token("/status")}
    assert visitor.client.post("/tables/1/take", data=form).status_code == 403
    with sqlite_database.read() as conn:
        assert len(typed_texts.load_waiting(conn, filled.workspace_id, 1)) == 2


@pytest.mark.parametrize(("method", "address"), [("GET", "/tables/adopt?page=4711"), ("POST", "/tables/adopt/look")])
def test_pages_are_read_for_taking_over_only_for_whoever_may_take_over(
    method: str, address: str, editor_of: EditorOf
) -> None:
    """Our account may see pages that the person may not see."""
    visitor = editor_of("Payments")
    form = {"page": "4711", "csrf_token": visitor.token("/status")}
    assert visitor.client.open(address, method=method, data=form).status_code == 403
