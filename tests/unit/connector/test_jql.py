"""JQL as the stand-in site's own parser understands it: one clause, one value, whatever the text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.jql import all_of, any_of, by_ids, changed_since, children_of, of_projects, quoted
from tests.site.jql import parse

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
INJECTIONS = (
    '" OR project = SECRET --',
    "\\",
    '\\" OR 1=1',
    "a\nb",
    "\r\n\t",
    "'",
    "NOT",
    "EMPTY",
    "\u2028",
    "\x1b[0m",
)


@given(TEXT)
def test_any_text_is_one_value(text: str) -> None:
    where = parse(f"summary = {quoted(text)}").where
    expected = parse('summary = "x"').where
    assert type(where) is type(expected)
    assert repr(where) == repr(expected).replace("'x'", repr(text))


@pytest.mark.parametrize("text", INJECTIONS)
def test_known_injections_stay_text(text: str) -> None:
    test_any_text_is_one_value.hypothesis.inner_test(text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff"])
def test_what_no_jql_string_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        quoted(text)


def test_ids_and_instants() -> None:
    assert by_ids(["10001", "10002"]) == "id in (10001, 10002)"
    assert children_of(["7"]) == "parent in (7)"
    assert of_projects(["10000"]) == "project in (10000)"
    at = datetime(2026, 11, 22, 9, 40, 2, 123999, UTC)
    assert changed_since(at) == "updated >= 1795340402123"
    assert changed_since(at.astimezone(timezone(timedelta(hours=5, minutes=45)))) == changed_since(at)


@pytest.mark.parametrize("ids", [[], [""], ["1) OR (id > 0"], ["PAY-1"], ["-1"], ["1 2"], ["١"]])
def test_only_numbers_are_ids(ids: list[str]) -> None:
    for build in (by_ids, children_of):
        with pytest.raises(ValueError, match="ids are numbers"):
            build(ids)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        changed_since(datetime(2026, 11, 22))  # noqa: DTZ001


def test_no_bare_date_and_time_is_ever_written() -> None:
    for at in (datetime(1969, 1, 1, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)):
        assert re.fullmatch(r"updated >= \d+", changed_since(at))


def test_clauses_keep_their_meaning_when_joined() -> None:
    both = all_of(any_of(by_ids(["1"]), children_of(["1"])), changed_since(datetime(2026, 11, 22, tzinfo=UTC)))
    assert both == "((id in (1)) OR (parent in (1))) AND (updated >= 1795305600000)"
    assert repr(parse(both).where) == repr(parse("(id in (1) OR parent in (1)) AND updated >= 1795305600000").where)
