"""The check-in form: what is wrong is said beside its field, and nothing that was typed is lost."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from connector.store import check_ins, tables
from connector.store.engine import Database
from mapping.okr import CheckIn, CheckInOrigin
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor

GOOD = {
    "done_since": "Retries run for issuer A.",
    "value": "3.4",
    "confidence": "4",
    "blockers": "Issuer B",
    "note": "Two hours work.",
    "next_step": "Meet issuer B.",
    "once": "form-1",
}


def _last(database: Database, filled: MadeUp, key: str = "PAY-KR2") -> tuple[int, CheckIn]:
    with database.read() as conn:
        said = check_ins.load_check_ins(conn, filled.workspace_id, [key])[key]
    return len(said), said[-1]


def test_a_check_in_is_kept_and_shown(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    before, _ = _last(sqlite_database, filled)
    answer = rosa.post("/check-in/PAY-KR2", GOOD)
    assert (answer.status_code, answer.location) == (303, "/kr/PAY-KR2")
    number, said = _last(sqlite_database, filled)
    assert number == before + 1
    assert (said.value, said.confidence, said.author, said.origin) == (
        Decimal("3.4"),
        4,
        "Rosa Klein",
        CheckInOrigin.WEB,
    )
    assert (said.done_since, said.blockers, said.note, said.next_step) == (
        "Retries run for issuer A.", "Issuer B", "Two hours work.", "Meet issuer B."
    )  # fmt: skip
    page = rosa.get("/kr/PAY-KR2").text
    assert "Checked in. Thank you." in page
    assert "now 3.4" in page
    assert rosa.bell.rings == 1


def test_the_same_form_twice_is_one_check_in(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    before, _ = _last(sqlite_database, filled)
    for _ in range(3):
        assert rosa.post("/check-in/PAY-KR2", GOOD).status_code == 303
    assert _last(sqlite_database, filled)[0] == before + 1


def test_the_form_names_itself_anew_each_time(rosa: Visitor) -> None:
    once = [re.search(r'name="once" value="([^"]{16,})"', rosa.get("/check-in/PAY-KR2").text) for _ in range(2)]
    assert len({found[1] for found in once if found}) == 2


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("value", "about three", "Write a plain number"),
        ("value", "3.4 km", "Write a plain number"),
        ("value", "nan", "Write a plain number"),
        ("value", "1e3", "Write a plain number"),
        ("value", "9" * 31, "Write a plain number"),
        ("confidence", "11", "Choose one of 0 to 10"),
        ("confidence", "-1", "Choose one of 0 to 10"),
        ("confidence", "²", "Choose one of 0 to 10"),
        ("confidence", "high", "Choose one of 0 to 10"),
        ("done_since", "x" * 4001, "at most 4,000"),
        ("note", "x" * 4001, "at most 4,000"),
        ("blockers", "x" * 4001, "at most 4,000"),
        ("next_step", "x" * 301, "at most 300"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    field: str, typed: str, said: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    before, _ = _last(sqlite_database, filled)
    answer = rosa.post("/check-in/PAY-KR2", {**GOOD, field: typed})
    assert answer.status_code == 422
    assert said in answer.text.partition(f'id="{field}-wrong">')[2].partition("</p>")[0]
    kept = "Meet issuer B." if field != "next_step" else "Retries run for issuer A."
    assert kept in answer.text
    if field != "confidence":
        assert typed in answer.text
    assert _last(sqlite_database, filled)[0] == before


def test_an_empty_form_is_no_check_in(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    before, _ = _last(sqlite_database, filled)
    answer = rosa.post("/check-in/PAY-KR2", {"once": "x", "done_since": "  "})
    assert answer.status_code == 422
    assert "Nothing was entered, so nothing was checked in." in answer.text
    assert _last(sqlite_database, filled)[0] == before


@pytest.mark.parametrize("typed", ["1,234", "1.234"])
def test_where_two_numbers_may_be_meant_it_asks_which(
    typed: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    before, _ = _last(sqlite_database, filled)
    asked = rosa.post("/check-in/PAY-KR2", {**GOOD, "value": typed})
    assert asked.status_code == 422
    assert f"“{typed}” can be read in two ways." in asked.text
    assert 'name="meant" value="1234">' in asked.text
    assert 'name="meant" value="1.234">' in asked.text
    assert "Meet issuer B." in asked.text
    refused = rosa.post("/check-in/PAY-KR2", {**GOOD, "value": typed, "meant": "5"})
    assert refused.status_code == 422
    assert _last(sqlite_database, filled)[0] == before
    assert rosa.post("/check-in/PAY-KR2", {**GOOD, "value": typed, "meant": "1.234"}).status_code == 303
    assert _last(sqlite_database, filled)[1].value == Decimal("1.234")


def test_the_number_that_was_meant_stays_chosen_while_something_else_is_wrong(rosa: Visitor) -> None:
    answer = rosa.post("/check-in/PAY-KR2", {**GOOD, "value": "1,234", "meant": "1234", "confidence": "11"})
    assert 'name="meant" value="1234" checked' in answer.text
    assert "can be read in two ways" not in answer.text


@pytest.mark.parametrize(("typed", "value"), [("3,4", "3.4"), ("−2", "-2"), ("3.4 %", "3.4"), ("1,234.5", "1234.5")])
def test_numbers_are_read_as_people_write_them(
    typed: str, value: str, rosa: Visitor, filled: MadeUp, sqlite_database: Database
) -> None:
    assert rosa.post("/check-in/PAY-KR2", {"value": typed, "once": "x"}).status_code == 303
    assert _last(sqlite_database, filled)[1].value == Decimal(value)


def test_only_the_figure_is_enough_and_the_last_confidence_is_told_but_not_chosen(rosa: Visitor) -> None:
    page = rosa.get("/check-in/PAY-KR2").text
    assert "checked" not in page
    assert "Last: 3. Choose none to leave it so." in page
    assert rosa.post("/check-in/PAY-KR2", {"value": "3", "once": "y"}).status_code == 303


def test_a_value_from_jira_cannot_be_typed(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    assert 'name="value"' not in rosa.get("/check-in/PLA-KR3").text
    rosa.post("/check-in/PLA-KR3", {**GOOD, "value": "99"})
    assert _last(sqlite_database, filled, "PLA-KR3")[1].value is None


def test_where_nobody_can_check_in_there_is_no_form(rosa: Visitor) -> None:
    assert rosa.get("/check-in/PAY-KR99").status_code == 404
    assert rosa.post("/check-in/PAY-KR99", GOOD, page="/check-in/PAY-KR1").status_code == 404


def test_it_says_on_how_many_pages_it_will_stand(rosa: Visitor, filled: MadeUp, sqlite_database: Database) -> None:
    """Two tables of one page are one page."""
    assert "Stands on 2 pages soon after." in rosa.get("/check-in/PAY-KR2").text
    with sqlite_database.write() as conn:
        first = tables.load_table(conn, filled.workspace_id, 1)
        tables.set_table(conn, filled.workspace_id, 2, {"page_id": first.page_id, "region_id": "attention"})
    assert "Stands on 1 page soon after." in rosa.get("/check-in/PAY-KR2").text
