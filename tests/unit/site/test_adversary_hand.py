"""A running site in an adversary's hand: the verbs over HTTP do what they say."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from tests.site.confluence_person import WikiPerson
from tests.site.issue_documents import EPIC_LINK
from tests.site.roster import PEOPLE, SYNC
from tests.site.running import Site, start_site
from tests.unit.site.receiver import Receiver, receiving

AT = datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
LOGIN = (SYNC.email, SYNC.classic_tokens[0])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with start_site(tmp_path_factory.mktemp("site"), world="generated:2x4", retry_scale=1.0) as running:
        yield running


@pytest.fixture(autouse=True)
def receiver(site: Site) -> Iterator[Receiver]:
    with receiving() as receiver:
        site.stand_still(AT)
        hook = site.register_webhook(receiver.url)
        yield receiver
        site.webhook_trouble()
        requests.delete(hook["self"], auth=("jira-admin@acme.example", "admin-classic-token"), timeout=10)


def ask(site: Site) -> requests.Response:
    return requests.get(f"{site.url}/rest/api/3/myself", auth=LOGIN, timeout=10)


def test_time_stands_moves_and_runs_again_and_answers_are_dated_by_it(site: Site) -> None:
    assert site.clock()["now"] == AT.isoformat()
    site.advance(60)
    assert ask(site).headers["Date"] == "Sun, 28 Mar 2027 01:00:00 GMT"
    site.run_clock()
    assert not site.clock()["stands"]
    assert datetime.fromisoformat(site.clock()["now"]) < AT


def test_webhooks_come_when_they_are_told_to(site: Site, receiver: Receiver) -> None:
    receiver.answers = [503]
    site.edit_issue("GEN-2", summary="one")
    assert receiver.received == []
    (first,) = site.deliver_due()
    assert (first["state"], len(receiver.received)) == ("waiting", 1)
    assert site.clock()["next_delivery"] > AT.isoformat()
    site.advance(900)
    assert [one["state"] for one in site.deliver_due()] == ["delivered"]
    site.do_to_delivery(first["id"], "again", seconds=5)
    assert site.deliver_due() == []
    site.advance(5)
    assert len(site.deliver_due()) == 1
    assert len({one.headers["x-atlassian-webhook-identifier"] for one in receiver.received}) == 1


def test_webhooks_meet_the_trouble_that_is_planned(site: Site, receiver: Receiver) -> None:
    site.webhook_trouble({"seed": 1, "drop": 1.0})
    site.edit_issue("GEN-2", summary="two")
    assert site.deliver_due() == []
    assert site.deliveries()[-1]["trouble"] == "drop"


def test_answers_are_spoilt_and_points_are_counted(site: Site) -> None:
    site.fault_plan(1, 1.0, kinds=["503"])
    assert ask(site).status_code == 503
    site.end_fault_plan()
    site.count_points(1)
    assert [ask(site).status_code for _ in range(2)] == [200, 429]
    site.count_points(None)
    assert ask(site).status_code == 200


def test_issues_go_through_everything(site: Site) -> None:
    site.reparent("GEN-3", parent="GEN-6", epic_link="GEN-1")
    fields = site.issue("GEN-3")["fields"]
    assert (fields["parent"]["key"], fields[EPIC_LINK]) == ("GEN-6", "GEN-1")
    site.convert_issue("GEN-4", "Sub-task", "GEN-5")
    assert site.issue("GEN-4")["fields"]["issuetype"]["subtask"] is True
    site.archive_issues("GEN-5")
    assert [one["key"] for one in site.children("GEN-1")] == ["GEN-2"]
    site.unarchive_issues("GEN-5")
    site.lose_issue("GEN-2")
    assert [one["key"] for one in site.children("GEN-1")] == ["GEN-5"]
    site.bulk_transition(["GEN-5", "GEN-7"], "In Progress")
    assert site.issue("GEN-7")["fields"]["status"]["name"] == "In Progress"
    site.remove_project("GEN")
    assert site.jira("GET", "/issue/GEN-7").status_code == 404
    site.restore_project("GEN")
    assert site.issue("GEN-7")["key"] == "GEN-7"


def test_permissions_go_and_come_back(site: Site) -> None:
    page = site.create_page("OKR", "Seen and not seen", "<p>x</p>")
    for may in (False, True):
        site.permit_project(SYNC, "GEN", may_see=may)
        site.permit_page(SYNC, page, may_view=may, may_edit=may)
        assert (site.jira("GET", "/issue/GEN-1", by=SYNC).status_code == 200) is may
        assert (site.confluence("GET", f"/pages/{page}", by=SYNC).status_code == 200) is may
    assert WikiPerson(site.url, PEOPLE[0]).publish(page, lambda text: text + "<p>y</p>") == 200
