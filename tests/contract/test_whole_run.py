"""All traffic of a whole run, by either door, fits the descriptions, but for what is listed with its source."""

from __future__ import annotations

import pytest

from tests.contract.conftest import Judges
from tests.contract.exceptions import EXCEPTIONS, not_exempt, unused
from tests.contract.judge import Misfit
from tests.contract.recorded import Call
from tests.site.roster import SYNC
from tests.unit.connector.every_call import ALL_CALLS

FIXED_PARTS = frozenset({"3", "v2", "1.0"})


@pytest.fixture(scope="session")
def misfits(calls: list[Call], judges: Judges) -> list[Misfit]:
    return [misfit for call in calls for misfit in judges[call.product].misfits(call)]


def test_all_traffic_fits(misfits: list[Misfit]) -> None:
    wrong = dict.fromkeys(map(str, not_exempt(misfits)))
    assert not wrong, "\n".join(wrong)


def test_every_exception_is_needed(misfits: list[Misfit], calls: list[Call]) -> None:
    by_gateway = any(call.by_gateway for call in calls)
    # No scoped token may change webhooks, so that only the other door shows these.
    beyond_reach = {entry for entry in EXCEPTIONS if by_gateway and entry.method != "GET" and "webhooks" in entry.path}
    assert set(unused(misfits)) == beyond_reach


def test_an_exception_that_nothing_needs_is_found(misfits: list[Misfit]) -> None:
    assert unused([], EXCEPTIONS[:1]) == [EXCEPTIONS[0]]
    assert unused(misfits, EXCEPTIONS[:1]) == []


def test_the_run_makes_every_call_that_the_clients_can_make(calls: list[Call]) -> None:
    # What needs no credentials is logged without an account.
    made = {(call.method, _shape(call.path)) for call in calls if call.account in (SYNC.account_id, None)}
    wanted = {(each.verb, _shape(each.path)) for each in ALL_CALLS}
    if any(call.by_gateway for call in calls):
        wanted = {(verb, path) for verb, path in wanted if "webhooks" not in path}
    assert wanted <= made


def test_the_run_meets_what_goes_wrong(calls: list[Call]) -> None:
    met = {(call.product, call.status) for call in calls}
    assert {("jira", 400), ("jira", 401), ("jira", 404)} <= met
    assert {("confluence", 400), ("confluence", 401), ("confluence", 404), ("confluence", 409)} <= met


def _shape(path: str) -> str:
    """The path with every id in it as a star."""
    return "/".join(
        "*" if any(c.isdigit() for c in part) and part not in FIXED_PARTS else part for part in path.split("/")
    )
