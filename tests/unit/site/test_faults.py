"""Spoilt answers in one process: each limit told right and wrong, pages instead of JSON, plans by seed."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from werkzeug.test import TestResponse

from tests.site.faults import PASSING, Fault, FaultPlan
from tests.site.hand import HAND
from tests.site.limits import REASONS, TOLD
from tests.site.roster import SYNC
from tests.unit.site.confluence_world import SampleWiki
from tests.unit.site.jira_world import SmallJira

AT = datetime(2026, 11, 22, 12, 55, 10, tzinfo=UTC)


@pytest.fixture
def jira() -> SmallJira:
    return SmallJira(clock=lambda: AT)


def answer(jira: SmallJira, **rule: object) -> TestResponse:
    assert jira.client.post("/_site/faults", json={"path": "/myself$", **rule}).status_code == 200
    return jira.call("GET", "/myself")


@pytest.mark.parametrize(
    ("limit", "wait", "reset", "reason"),
    [
        ("quota", "290", "2026-11-22T13:00Z", "jira-quota-tenant-based"),
        ("burst", "1", "2026-11-22T12:56Z", "jira-burst-based"),
        ("issue", "30", "2026-11-22T12:56Z", "jira-per-issue-on-write"),
    ],
)
def test_each_limit_says_when_to_come_back(jira: SmallJira, limit: str, wait: str, reset: str, reason: str) -> None:
    found = answer(jira, kind="limited", limit=limit)
    assert found.status_code == 429
    assert (found.headers["Retry-After"], found.headers["X-RateLimit-Reset"]) == (wait, reset)
    assert (found.headers["RateLimit-Reason"], found.headers["X-RateLimit-Remaining"]) == (reason, "0")


# Each way to tell a limit wrongly, with the Retry-After that comes then.
WRONGLY = [
    ("date", "Sun, 22 Nov 2026 13:00:00 GMT"),
    ("past", "Sun, 22 Nov 2026 12:48:10 GMT"),
    ("whole-hour", "3600"),
    ("reset-only", None),
    ("missing", None),
    ("other-reason", "290"),
    ("zero", "0"),
    ("negative", "-5"),
    ("huge", "1000000000000"),
    ("not-a-number", "NaN"),
    ("html", None),
]


@pytest.mark.parametrize(("told", "wait"), WRONGLY)
def test_a_limit_can_be_told_wrongly(jira: SmallJira, told: str, wait: str | None) -> None:
    found = answer(jira, kind="limited", limit="quota", told=told)
    assert (found.status_code, found.headers.get("Retry-After")) == (429, wait)
    assert ("X-RateLimit-Reset" in found.headers) == (told not in ("missing", "html"))


def test_every_way_to_tell_it_is_tried_here() -> None:
    assert {way for way, _ in WRONGLY} == set(TOLD) - {"right"}


def test_confluence_names_its_own_limits() -> None:
    wiki = SampleWiki()
    wiki.client.post("/_site/faults", json={"path": "/spaces$", "kind": "limited", "limit": "quota"})
    assert wiki.call("GET", "/spaces").headers["RateLimit-Reason"] == "confluence-quota-tenant-based"


@pytest.mark.parametrize("status", [403, 413, 503])
def test_a_page_can_stand_for_an_answer(jira: SmallJira, status: int) -> None:
    found = answer(jira, kind="html", status=status)
    assert (found.status_code, found.mimetype) == (status, "text/html")
    as_json = answer(jira, kind="status", status=status)
    assert (as_json.status_code, as_json.mimetype) == (status, "application/json")


@pytest.mark.parametrize("kind", ["drop", "lost", "truncated"])
def test_without_a_network_the_caller_gets_the_error_of_the_connection(jira: SmallJira, kind: str) -> None:
    with pytest.raises(ConnectionError):
        _ = answer(jira, kind=kind).data
    assert jira.call("GET", "/myself").status_code == 200


def test_a_slow_answer_takes_its_time_from_whoever_keeps_it() -> None:
    slept: list[float] = []
    jira = SmallJira(sleep=slept.append)
    assert answer(jira, kind="slow", seconds=25.0).status_code == 200
    assert slept == [25.0]


@pytest.mark.parametrize("wrong", [{"kind": "limited", "limit": "sky"}, {"kind": "limited", "told": "sweetly"}])
def test_a_limit_that_is_none_is_refused(jira: SmallJira, wrong: dict[str, object]) -> None:
    assert jira.client.post("/_site/faults", json={"path": "x", **wrong}).status_code == 400


def planned(seed: int, share: float, count: int, method: str = "GET", **more: object) -> list[str]:
    plan = FaultPlan(seed, share, **more)  # type: ignore[arg-type]
    found = [plan.fault(number, method, "/rest/api/3/myself") for number in range(count)]
    return [fault.name if fault else "" for fault in found]


def test_the_same_seed_spoils_the_same_calls_in_the_same_way() -> None:
    assert planned(1, 0.3, 300) == planned(1, 0.3, 300)
    assert planned(1, 0.3, 300) != planned(2, 0.3, 300)


def test_the_share_is_kept_and_every_kind_comes() -> None:
    names = planned(5, 0.25, 8000, method="PUT")
    spoilt = [name for name in names if name]
    assert 1800 < len(spoilt) < 2200
    limited = {name for name in spoilt if name.startswith("limited")}
    assert limited == {f"limited {limit} {told}" for limit in REASONS for told in TOLD}
    kinds = Counter(name.removeprefix("status ").replace("html ", "html") for name in spoilt if name not in limited)
    assert set(kinds) == set(PASSING) - {"429"}


def test_a_read_meets_no_conflict_and_a_plan_keeps_to_its_paths() -> None:
    assert set(planned(1, 1.0, 50, kinds=("409", "413"))) == {""}
    assert set(planned(1, 1.0, 50, method="PUT", kinds=("409",))) == {"status 409"}
    assert set(planned(1, 1.0, 50, path="^/wiki/")) == {""}


def test_a_plan_over_the_interface_spoils_calls_but_those_of_a_tests_own_hand(jira: SmallJira) -> None:
    plan = {"seed": 1, "share": 1.0, "kinds": ["503"]}
    assert jira.client.post("/_site/fault-plan", json=plan).status_code == 204
    assert jira.call("GET", "/myself").status_code == 503
    assert jira.call("GET", "/myself", headers={HAND: "1"}).status_code == 200
    assert [call["fault"] for call in jira.client.get("/_site/requests").get_json()["requests"]] == ["status 503", None]
    assert jira.client.delete("/_site/fault-plan").status_code == 204
    assert jira.call("GET", "/myself").status_code == 200


def test_a_plan_set_again_begins_again(jira: SmallJira) -> None:
    told = []
    for _ in range(2):
        jira.parts.traffic.plan_faults(FaultPlan(3, 0.5, kinds=("500", "503")))
        told.append([jira.call("GET", "/myself").status_code for _ in range(20)])
    assert told[0] == told[1]
    assert set(told[0]) == {200, 500, 503}


@pytest.mark.parametrize("wrong", [{"share": 2}, {"kinds": ["418"]}, {"kinds": []}, {"path": "("}, {"colour": "red"}])
def test_a_plan_that_makes_no_sense_is_refused(jira: SmallJira, wrong: dict[str, object]) -> None:
    assert jira.client.post("/_site/fault-plan", json={"seed": 1, "share": 0.1, **wrong}).status_code == 400


def test_a_rule_comes_before_the_plan(jira: SmallJira) -> None:
    jira.parts.traffic.plan_faults(FaultPlan(1, 1.0, kinds=("500",)))
    jira.parts.traffic.add_faults([Fault("/myself$", "status", status=418)])
    assert jira.call("GET", "/myself", SYNC).status_code == 418
