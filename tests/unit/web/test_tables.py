"""The tables in pages: how each stands comes first, then what people typed and the two things to do about it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from connector.store import check_ins, page_visits, tables, typed_texts
from connector.store.engine import Database
from connector.store.page_visits import TypedText
from connector.store.tables import TableState
from connector.store.work import mark_due
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.reading import heading, main, row
from tests.unit.web.surroundings import Visitor


def _waiting(database: Database, filled: MadeUp, table_id: int = 1) -> tuple[TypedText, ...]:
    with database.read() as conn:
        return typed_texts.load_waiting(conn, filled.workspace_id, table_id)


def _change(database: Database, filled: MadeUp, **values: object) -> None:
    with database.write() as conn:
        tables.set_table(conn, filled.workspace_id, 1, values)


def test_the_list_says_how_every_table_stands(rosa: Visitor) -> None:
    page = rosa.get("/tables").text
    assert heading(page) == "Every table is current"
    assert "2 tables in Confluence." in main(page)
    said = row(page, "/tables/1")
    assert said.startswith("OKRs Q4 2026 Space OKR Q4 2026, all teams Current 4 min ago version 214, 1 this month")
    assert said.endswith("when something changes Change")


def test_the_list_names_first_what_needs_somebody(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        tables.record_table_state(conn, filled.workspace_id, 2, TableState.HELD, clock.now(), "An open draft.")
        mark_due(conn, filled.workspace_id, "table", ["2"], clock.now() + timedelta(minutes=5))
    page = rosa.get("/tables").text
    assert heading(page) == "One table waits"
    assert "Open draft An open draft. 4 min ago version 214, 1 this month 09:05 UTC Write now" in row(page, "/tables/2")
    with sqlite_database.write() as conn:
        tables.record_table_state(conn, filled.workspace_id, 1, TableState.REMOVED, clock.now(), "Taken out.")
    page = rosa.get("/tables").text
    assert heading(page) == "One table needs you"
    assert "2 tables in Confluence. The other one goes on by itself." in main(page)


def test_the_list_says_before_all_is_well_that_texts_wait(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    made_up.type_into(sqlite_database, filled, 1, "soon")
    assert heading(rosa.get("/tables").text) == "One text waits for a decision"
    made_up.type_into(sqlite_database, filled, 2, "27", outcome="to_confirm")
    assert heading(rosa.get("/tables").text) == "2 texts wait for a decision"


@pytest.mark.parametrize(("state", "words"), [("no_page", "Page not found"), ("no_permission", "No permission")])
def test_a_page_that_is_away_is_looked_for_at_a_known_time(
    state: str, words: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    _change(sqlite_database, filled, state=state)
    with sqlite_database.write() as conn:
        mark_due(conn, filled.workspace_id, "table", ["1"], clock.now() + timedelta(minutes=30))
    assert row(rosa.get("/tables").text, "/tables/1").endswith("09:30 UTC Change")
    assert f"{words} We look again at 09:30 UTC." in main(rosa.get("/tables/1").text)


def test_a_live_doc_is_not_called_an_open_draft(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        tables.record_table_state(conn, filled.workspace_id, 1, TableState.HELD, clock.now(), "It is a live doc.")
    assert "Live doc It is a live doc." in row(rosa.get("/tables").text, "/tables/1")


def test_who_may_type_is_told_only_where_something_is_typed(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    assert "Who may check in by typing" in main(rosa.get("/tables/1").text)
    _change(sqlite_database, filled, shape="attention", columns=[])
    assert "Who may check in by typing" not in main(rosa.get("/tables/1").text)


def test_without_a_table_it_says_how_to_add_one(stranger: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    made_up.add_owner(sqlite_database, clock.now())
    stranger.sign_in()
    page = stranger.get("/tables").text
    assert heading(page) == "No table stands in a page yet"
    assert 'href="/tables/new"' in page


def test_a_table_says_what_was_chosen_and_how_often_it_may_be_written(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    _change(sqlite_database, filled, tokens=1, tokens_at=clock.now(), check_in_by="team", language="de")
    page = rosa.get("/tables/1").text
    assert heading(page) == "OKRs Q4 2026 is current"
    said = main(page)
    assert "Columns Key result, Progress, Now ✎, Confidence ✎, Owner, Initiatives, Next step ✎" in said
    assert "Fixed words Deutsch" in said
    assert "Who may check in by typing Anyone in its team" in said
    assert "Changes in Jira at most 4, then one per 30 minutes · 1 left now" in said
    assert "One version of the page this month, for all of its tables. 1 after changes in Jira." in said
    assert "Nobody has typed in it yet." in said


def test_with_nothing_left_it_says_when_the_next_write_may_be(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    used_at = clock.now() - timedelta(minutes=10)
    detail = "A change waits for its turn."
    _change(sqlite_database, filled, tokens=0, tokens_at=used_at, state_detail=detail)
    with sqlite_database.write() as conn:
        mark_due(conn, filled.workspace_id, "table", ["1"], clock.now() + timedelta(minutes=20))
    page = rosa.get("/tables/1").text
    assert heading(page) == "OKRs Q4 2026: a change waits"
    assert "Change waiting A change waits for its turn. We look again at 09:20 UTC." in main(page)
    assert "none left, the next at 09:20 UTC" in main(page)


@pytest.mark.parametrize("state", TableState)
def test_every_state_has_a_heading_of_its_own(
    state: TableState, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    _change(sqlite_database, filled, state=str(state))
    said = heading(rosa.get("/tables/1").text)
    assert "OKRs Q4 2026" in said
    assert (said == "OKRs Q4 2026 is current") is (state is TableState.CURRENT)


def test_what_waits_stands_first_and_can_be_taken(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    made_up.type_into(sqlite_database, filled, 1, "27", outcome="to_confirm")
    made_up.type_into(sqlite_database, filled, 1, "quite <b>ok</b>?", key="PAY-KR2", column="confidence")
    page = rosa.get("/tables/1").text
    assert heading(page) == "OKRs Q4 2026: 2 texts wait for you"
    assert "<b>ok" not in page
    unclear = row(page, "PAY-KR2</a>")
    assert "Confidence quite <b>ok</b>? Ana Duarte 08:00 UTC, version 215" in unclear
    assert "stays in the page: a number from 0 to 10 is needed Give it up" in unclear
    assert "Take as check-in" not in unclear
    assert "waits until somebody confirms that it was meant Take as check-in Give it up" in row(page, "PAY-KR1</a>")
    answer = rosa.post("/tables/1/take", {"field": "PAY-KR1 now 215"}, page="/tables/1")
    assert (answer.status_code, answer.location) == (303, "/tables/1")
    page = rosa.get("/tables/1").text
    assert "1 text is now a check-in." in page
    assert heading(page) == "OKRs Q4 2026: one text waits for you"
    assert "27 Ana Duarte became a check-in, as Rosa Klein said" in main(page)
    with sqlite_database.read() as conn:
        said = check_ins.load_check_ins(conn, filled.workspace_id, ["PAY-KR1"])["PAY-KR1"][-1]
    assert (said.value, said.author) == (Decimal(27), "Ana Duarte")
    assert rosa.bell.rings == 1


def test_what_waits_can_be_given_up(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    made_up.type_into(sqlite_database, filled, 1, "soon")
    answer = rosa.post("/tables/1/give-up", {"field": "PAY-KR1 now 215"}, page="/tables/1")
    assert answer.status_code == 303
    assert _waiting(sqlite_database, filled) == ()
    assert "was given up, as Rosa Klein said" in main(rosa.get("/tables/1").text)


def test_what_nobody_named_is_not_decided(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    made_up.type_into(sqlite_database, filled, 1, "27", outcome="to_confirm")
    for act in ("take", "give-up"):
        for form in (None, {"field": "PAY-KR1 now"}, {"field": f"PAY-KR1 now {'9' * 5000}"}):
            assert rosa.post(f"/tables/1/{act}", form, page="/tables/1").status_code == 400
    assert rosa.post("/tables/1/take", {"field": "PAY-KR9 now 215"}, page="/tables/1").status_code == 409
    assert len(_waiting(sqlite_database, filled)) == 1


@pytest.mark.parametrize("act", ["take", "give-up"])
def test_what_was_typed_while_somebody_looked_at_another_text_is_not_decided(
    act: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    made_up.type_into(sqlite_database, filled, 1, "99", version=216, outcome="to_confirm")
    assert rosa.post(f"/tables/1/{act}", {"field": "PAY-KR1 now 215"}, page="/tables/1").status_code == 409
    assert len(_waiting(sqlite_database, filled)) == 1
    assert rosa.post(f"/tables/1/{act}", {"field": "PAY-KR1 now 216"}, page="/tables/1").status_code == 303


def test_all_that_can_be_read_is_taken_with_one_button(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    for number, key in enumerate(("PAY-KR1", "PAY-KR2"), 1):
        made_up.type_into(sqlite_database, filled, 1, str(number), key=key, outcome="to_confirm")
    made_up.type_into(sqlite_database, filled, 1, "soon", key="PAY-KR3")
    page = rosa.get("/tables/1").text
    form = page.partition('aria-label="Take all 2 as check-ins"')[0].rpartition("<form")[2]
    assert 'value="PAY-KR1 now 215"' in form
    assert 'value="PAY-KR2 now 215"' in form
    assert "PAY-KR3" not in form


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("taken", "became a check-in"),
        ("replaced", "replaced: this cell is filled for you"),
        ("superseded", "something newer was typed"),
        ("given_up", "was given up"),
    ],
)
def test_what_became_of_a_text_is_said(
    outcome: str, said: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    made_up.type_into(sqlite_database, filled, 1, "27", outcome=outcome)
    assert f"27 Ana Duarte {said}" in main(rosa.get("/tables/1").text)


def test_who_may_not_check_in_there_is_said(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    _change(sqlite_database, filled, check_in_by="owner")
    made_up.type_into(sqlite_database, filled, 1, "27", outcome="not_allowed")
    assert "only the owner of the key result checks in here Take as check-in" in main(rosa.get("/tables/1").text)


def test_a_reader_sees_it_and_decides_nothing(
    stranger: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    made_up.type_into(sqlite_database, filled, 1, "27", outcome="to_confirm")
    made_up.add_owner(sqlite_database, clock.now(), role="reader", email="reader@acme.example")
    stranger.sign_in("reader@acme.example")
    page = stranger.get("/tables/1").text
    assert ">27<" in page
    assert "Take as check-in" not in page
    assert "Write now" not in page
    assert stranger.get("/check-in/PAY-KR1").status_code == 403


def test_a_table_is_written_when_asked(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    assert rosa.post("/tables/1/write", page="/tables/1").status_code == 303
    with sqlite_database.read() as conn:
        assert tables.load_table(conn, filled.workspace_id, 1).must_write
    assert rosa.bell.rings == 1


def test_what_was_found_in_the_page_says_what_to_do(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    found = [
        {"what": "repeated", "key": "PAY-KR2", "column": "", "text": ""},
        {"what": "copies", "key": "", "column": "", "text": "2"},
        {"what": "kept_apart", "key": "", "column": "", "text": ""},
    ]
    _change(sqlite_database, filled, findings=found)
    said = main(rosa.get("/tables/1").text)
    assert "PAY-KR2 stands in two rows. The first is kept current; take the other one out of the page." in said
    assert "2 more of this table stand in the page." in said
    assert "was changed meanwhile, so both stand in the page." in said


@pytest.mark.parametrize("number", [99, 2**63])
def test_a_table_that_is_not_there_is_no_page(number: int, rosa: Visitor) -> None:
    assert rosa.get(f"/tables/{number}").status_code == 404
    for act in ("write", "take", "give-up"):
        assert rosa.post(f"/tables/{number}/{act}", {"field": "PAY-KR1 now 215"}, page="/tables").status_code == 404


def test_the_last_versions_are_listed(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        page_visits.record_version(conn, filled.workspace_id, 1, 215, clock.now(), "PAY-KR1 Now 27")
    said = main(rosa.get("/tables/1").text)
    assert "version 215: PAY-KR1 Now 27" in said
    assert "2 versions of the page this month" in said


class TestCheckInForm:
    """Texts that wait for a key result stand above its form."""

    def test_they_are_shown_with_where_who_and_when(
        self, rosa: Visitor, filled: MadeUp, sqlite_database: Database
    ) -> None:
        made_up.type_into(sqlite_database, filled, 1, "quite ok?", column="confidence")
        made_up.type_into(sqlite_database, filled, 1, "27", key="PAY-KR2", outcome="to_confirm")
        said = main(rosa.get("/check-in/PAY-KR1").text)
        assert "Confidence: typed in OKRs Q4 2026 by Ana Duarte, 22 Nov : quite ok?" in said
        assert "Stays in the page: a number from 0 to 10 is needed." in said
        assert "27" not in said.partition("1. What was done")[0]

    def test_a_decision_leads_back_to_the_form(self, rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
        made_up.type_into(sqlite_database, filled, 1, "soon")
        form = {"field": "PAY-KR1 now 215", "back": "/check-in/PAY-KR1"}
        answer = rosa.post("/tables/1/give-up", form, page="/check-in/PAY-KR1")
        assert (answer.status_code, answer.location) == (303, "/check-in/PAY-KR1")
        made_up.type_into(sqlite_database, filled, 1, "later", version=216)
        form["field"] = "PAY-KR1 now 216"
        away = rosa.post("/tables/1/give-up", {**form, "back": "//evil.example"}, page="/check-in/PAY-KR1")
        assert away.location == "/"


def test_texts_that_wait_are_counted_beside_the_way_to_the_tables(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    assert "for a decision" not in rosa.get("/").text
    made_up.type_into(sqlite_database, filled, 1, "soon")
    assert '1<span class="vh"> text waits for a decision' in rosa.get("/").text
