"""Webhooks on a bad day: dropped, doubled, late, overtaken, old; by seed, and by command."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.site.page_states import PageStates
from tests.site.roster import JIRA_ADMIN, PEOPLE
from tests.site.store import Document, Store
from tests.site.webhook_trouble import Troubles, WebhookTrouble
from tests.unit.site.confluence_world import SampleWiki
from tests.unit.site.jira_world import SmallJira
from tests.unit.site.told_jira import ToldJira

HOUR = 3600.0


class Told(ToldJira):
    def trouble(self, **plan: object) -> None:
        """From now on."""
        assert self.client.post("/_site/webhook-trouble", json={"seed": 7, **plan}).status_code == 204

    def edit(self, key: str, *summaries: str) -> None:
        """Several changes."""
        for summary in summaries:
            assert self.call("PUT", f"/issue/{key}", json={"fields": {"summary": summary}}).status_code == 204

    def all_told(self) -> list[str]:
        """The summaries that came until nothing is left to come."""
        self.parts.deliver_due()
        while (due := self.parts.next_due()) is not None:
            self.parts.clock.advance((due - self.store.now()).total_seconds())
            self.parts.deliver_due()
        return [payload["issue"]["fields"]["summary"] for payload in self.posted.payloads]

    def deliveries(self) -> list[Document]:
        """All that are remembered."""
        found: list[Document] = self.client.get("/_site/webhooks").get_json()
        return found


def test_without_a_plan_each_comes_once_and_in_order() -> None:
    jira = Told()
    jira.edit("ABC-4", "one", "two", "three")
    assert jira.all_told() == ["one", "two", "three"]


def test_a_dropped_one_never_comes_and_is_remembered_as_lost() -> None:
    jira = Told()
    jira.trouble(drop=1.0)
    jira.edit("ABC-4", "one")
    assert jira.all_told() == []
    assert [(one["state"], one["trouble"]) for one in jira.deliveries()] == [("lost", "drop")]


def test_a_doubled_one_comes_twice_with_one_identifier() -> None:
    jira = Told()
    jira.trouble(double=1.0)
    jira.edit("ABC-4", "one")
    assert jira.all_told() == ["one", "one"]
    assert len(set(jira.posted.identifiers)) == 1
    assert jira.posted.letters[0].body == jira.posted.letters[1].body


def test_a_delayed_one_comes_between_one_minute_and_half_an_hour_late() -> None:
    jira = Told()
    jira.trouble(delay=1.0)
    jira.edit("ABC-4", "one")
    due = jira.parts.next_due()
    assert due is not None
    assert timedelta(minutes=1) <= due - jira.store.now() <= timedelta(minutes=30)
    assert jira.all_told() == ["one"]


def test_reordered_ones_overtake_each_other() -> None:
    jira = Told()
    jira.trouble(reorder=1.0)
    words = [f"number {number}" for number in range(20)]
    jira.edit("ABC-4", *words)
    told = jira.all_told()
    assert told != words
    assert sorted(told) == sorted(words)


def test_a_stale_one_tells_late_what_was_before() -> None:
    jira = Told()
    jira.trouble(stale=1.0)
    jira.edit("ABC-4", "one", "two")
    assert sorted(jira.all_told()) == ["Issue ABC-4", "one"]


def test_a_plan_can_be_for_some_events_only() -> None:
    jira = Told()
    jira.trouble(drop=1.0, events=["jira:issue_deleted"])
    jira.edit("ABC-4", "one")
    jira.call("DELETE", "/issue/ABC-4")
    assert jira.all_told() == ["one"]


def test_the_same_seed_has_the_same_fates_and_another_one_others() -> None:
    def fates(seed: int) -> list[str]:
        plan = WebhookTrouble(seed, drop=0.2, double=0.2, delay=0.2, reorder=0.2, stale=0.1)
        return [plan.fate(number).name for number in range(200)]

    assert fates(1) == fates(1)
    assert fates(1) != fates(2)
    assert set(fates(1)) == {"", "drop", "double", "delay", "reorder", "stale"}


def test_shares_are_kept() -> None:
    plan = WebhookTrouble(3, drop=0.1, double=0.3)
    counted = Counter(plan.fate(number).name for number in range(5000))
    assert 400 < counted["drop"] < 600
    assert 1350 < counted["double"] < 1650


@pytest.mark.parametrize(
    "wrong", [{"drop": 0.6, "double": 0.6}, {"drop": -0.1}, {"explode": 1.0}, {"seed": None, "drop": "much"}]
)
def test_a_plan_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    answer = SmallJira().client.post("/_site/webhook-trouble", json={"seed": 1, **wrong})
    assert answer.status_code == 400


def test_plans_outlive_a_restart_and_can_be_ended(tmp_path: Path) -> None:
    plan = WebhookTrouble(1, drop=0.5, events=("jira:issue_updated",), late_seconds=(1.0, 2.0))
    store = Store(tmp_path / "site.db")
    Troubles(store).plan([plan])
    store.close()
    assert Troubles(Store(tmp_path / "site.db")).plans() == [plan]
    jira = Told()
    jira.trouble(drop=1.0)
    assert jira.client.delete("/_site/webhook-trouble").status_code == 204
    assert jira.client.get("/_site/webhook-trouble").get_json() == []
    jira.edit("ABC-4", "one")
    assert jira.all_told() == ["one"]


def test_by_command_any_order_and_an_old_one_last() -> None:
    jira = Told()
    jira.edit("ABC-4", "one", "two", "three", "four")
    first, second, third, fourth = (one["id"] for one in jira.deliveries())

    def do(delivery_id: str, act: str, seconds: float = 0.0) -> int:
        path = f"/_site/webhooks/{delivery_id}/{act}"
        return jira.client.post(path, json={"seconds": seconds}).status_code

    assert [do(third, "deliver"), do(first, "deliver")] == [200, 200]
    assert [do(second, "drop"), do(fourth, "delay", HOUR), do(first, "again", 2 * HOUR)] == [200, 200, 200]
    assert jira.all_told() == ["three", "one", "four", "one"]
    assert jira.posted.identifiers[1] == jira.posted.identifiers[3]
    assert [do(first, "drop"), do("99", "again"), do(first, "explode")] == [404, 404, 404]


def test_webhooks_of_data_center_have_the_same_trouble() -> None:
    wiki = SampleWiki()
    sent = {"name": "t", "url": "http://okr/hook", "events": ["page_trashed"]}
    headers = {"Authorization": f"Bearer {JIRA_ADMIN.access_tokens[0]}"}
    assert wiki.client.post("/rest/api/webhooks", json=sent, headers=headers).status_code == 201
    Troubles(wiki.store).plan([WebhookTrouble(1, drop=1.0, events=("page_trashed",))])
    page = wiki.store.all("pages")[wiki.page_id()]
    PageStates(wiki.store).trash(page, PEOPLE[0])
    (lost,) = wiki.parts.page_postman.outbox.all()[-1:]
    assert (lost["state"], json.loads(lost["body"])["event"]) == ("lost", "page_trashed")
