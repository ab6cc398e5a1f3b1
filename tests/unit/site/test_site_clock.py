"""A clock in a test's hand: it stands, moves on, and everything in the site goes by it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.site import roster
from tests.site.site_clock import SiteClock
from tests.site.store import Store
from tests.unit.site.jira_world import SmallJira
from tests.unit.site.posted import Posted

AT = datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC)


def stop(jira: SmallJira, at: datetime = AT) -> None:
    assert jira.client.post("/_site/clock", json={"at": at.isoformat()}).status_code == 200


def advance(jira: SmallJira, seconds: float) -> dict[str, object]:
    answer: dict[str, object] = jira.client.post("/_site/clock", json={"advance": seconds}).get_json()
    return answer


def test_it_runs_until_it_is_stopped_and_runs_again() -> None:
    machine = [AT]
    store = Store(None, lambda: machine[0])
    clock = SiteClock(store)
    clock.stand_still()
    machine[0] += timedelta(hours=1)
    assert store.now() == AT
    clock.advance(90.5)
    assert store.now() == AT + timedelta(seconds=90.5)
    clock.run()
    assert (store.now(), clock.stands) == (machine[0], False)


def test_it_still_stands_after_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "site.db")
    SiteClock(store).stand_still(AT)
    store.close()
    assert Store(tmp_path / "site.db").now() == AT


def test_changes_and_relative_dates_go_by_it() -> None:
    jira = SmallJira()
    stop(jira)
    jira.call("PUT", "/issue/ABC-4", json={"fields": {"summary": "New"}})
    assert jira.call("GET", "/issue/ABC-4").get_json()["fields"]["updated"] == "2026-12-31T18:59:30.000-0500"
    assert jira.keys("updated >= -1m") == ["ABC-4"]
    advance(jira, 120)
    assert jira.keys("updated >= -1m") == []


def test_a_slow_index_goes_by_it() -> None:
    jira = SmallJira()
    stop(jira)
    jira.client.post("/_site/search-lag", json={"seconds": 300})
    jira.call("PUT", "/issue/ABC-4", json={"fields": {"labels": ["late"]}})
    assert jira.keys("labels = late") == []
    advance(jira, 300)
    assert jira.keys("labels = late") == ["ABC-4"]


@pytest.mark.parametrize(
    "wrong", [{"at": "2026-12-31T10:00:00"}, {"at": "tomorrow"}, {"advance": -1}, {}, {"walk": True}]
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    jira = SmallJira()
    stop(jira)
    assert jira.client.post("/_site/clock", json=wrong).status_code == 400


def test_a_clock_that_runs_is_not_advanced() -> None:
    assert SmallJira().client.post("/_site/clock", json={"advance": 1}).status_code == 400


def test_a_webhook_is_tried_again_when_its_time_has_come_and_not_by_waiting() -> None:
    posted = Posted(answers=[503, 503])
    jira = SmallJira(post=posted)
    stop(jira)
    jira.register_webhook()
    jira.move("ABC-4", jira.done)
    assert posted.letters == []
    for tries in (1, 2, 3):
        assert jira.client.post("/_site/deliver").get_json()[0]["attempts"][-1]["outcome"] in (503, 200)
        assert jira.client.post("/_site/deliver").get_json() == []
        assert len(posted.letters) == tries
        due = jira.client.get("/_site/clock").get_json()["next_delivery"]
        if due is not None:
            wait = datetime.fromisoformat(due) - jira.store.now()
            assert timedelta(minutes=5) <= wait <= timedelta(minutes=15)
            advance(jira, wait.total_seconds())
    assert due is None
    assert len(set(posted.identifiers)) == 1


def test_the_same_story_has_the_same_identifiers_and_the_same_waits() -> None:
    told = []
    for _ in range(2):
        posted = Posted(answers=[503])
        jira = SmallJira(clock=lambda: AT, post=posted)
        jira.register_webhook()
        jira.move("ABC-4", jira.done)
        jira.parts.deliver_due()
        told.append((posted.letters, jira.parts.next_due()))
    assert told[0] == told[1]


def test_what_follows_from_another_change_comes_up_to_a_quarter_of_an_hour_later() -> None:
    posted = Posted()
    jira = SmallJira(post=posted)
    stop(jira)
    jira.register_webhook()
    jira.call("DELETE", "/issue/ABC-2?deleteSubtasks=true", roster.SYNC)
    jira.parts.deliver_due()
    assert [letter.headers["X-Atlassian-Webhook-Flow"] for letter in posted.letters] == ["Primary"]
    due = jira.parts.next_due()
    assert due is not None
    assert timedelta(0) < due - AT <= timedelta(minutes=15)
    advance(jira, 900)
    jira.parts.deliver_due()
    assert [payload["issue"]["key"] for payload in posted.payloads] == ["ABC-2", "ABC-5"]


def test_while_the_clock_stands_no_thread_delivers() -> None:
    jira = SmallJira(retry_scale=0.001)
    stop(jira)
    jira.register_webhook("http://127.0.0.1:1/hook")
    jira.move("ABC-4", jira.done)
    made = jira.client.post("/_site/deliver").get_json()
    assert [try_["outcome"] for try_ in made[0]["attempts"]] == ["ConnectionError"]
    assert jira.client.get("/_site/webhooks").get_json()[0]["state"] == "waiting"
