"""Webhooks of Data Center, and a site that is nothing but Data Center."""

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
import requests

from tests.site.confluence_person import WikiPerson
from tests.site.roster import JIRA_ADMIN, PEOPLE, SYNC
from tests.site.running import Site, start_site
from tests.unit.site.receiver import receiving

SECRET = "s3cret"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with start_site(folder, world="generated:1x1", data_center=True) as running:
        yield running


def _call(site: Site, method: str, path: str, token: str, **options: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, site.url + path, headers=headers, timeout=10, **options)  # type: ignore[arg-type]


def _register(site: Site, url: str, *events: str) -> str:
    sent = {"name": "t", "url": url, "events": list(events), "configuration": {"secret": SECRET}, "active": True}
    made = _call(site, "POST", "/rest/api/webhooks", JIRA_ADMIN.access_tokens[0], json=sent)
    assert made.status_code == 201
    return str(made.json()["id"])


def test_what_happens_to_a_page_is_told_and_signed(site: Site) -> None:
    page_id = site.create_page("OKR", "Told", "<p>x</p>")
    ana = WikiPerson(site.url, PEOPLE[1])
    with receiving() as receiver:
        hook = _register(site, receiver.url, "page_updated", "page_trashed", "page_restored")
        site.create_page("OKR", "Of no interest", "<p>x</p>")
        ana.publish(page_id, lambda text: text + "<p>more</p>")
        ana.act(page_id, "delete")
        ana.act(page_id, "restore")
        received = receiver.wait_for(3)
        events = [json.loads(each.body) for each in received]
        assert [event["event"] for event in events] == ["page_updated", "page_trashed", "page_restored"]
        assert events[0]["page"] == {"id": int(page_id)}
        assert events[0]["userKey"] == PEOPLE[1].user_key
        signature = hmac.new(SECRET.encode(), received[0].body, hashlib.sha256).hexdigest()
        assert received[0].headers["x-hub-signature"] == f"sha256={signature}"
        assert _call(site, "DELETE", f"/rest/api/webhooks/{hook}", JIRA_ADMIN.access_tokens[0]).status_code == 204
        site.edit_page(page_id, lambda text: text + "<p>untold</p>")
    assert [each["event"] for each in site.page_deliveries()] == [event["event"] for event in events]


def test_only_administrators_see_and_make_webhooks(site: Site) -> None:
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/1"), ("DELETE", "/1")):
        sent = {"name": "t", "url": "http://127.0.0.1:1/", "events": ["page_updated"]}
        answer = _call(site, method, f"/rest/api/webhooks{path}", SYNC.access_tokens[0], json=sent)
        assert answer.status_code == 403
    hook = _register(site, "http://127.0.0.1:1/", "page_removed")
    listed = _call(site, "GET", "/rest/api/webhooks", JIRA_ADMIN.access_tokens[0]).json()["results"]
    assert [(str(each["id"]), each["events"]) for each in listed] == [(hook, ["page_removed"])]


@pytest.mark.parametrize("wrong", [{"events": ["page_exploded"]}, {"events": []}, {"url": "nowhere"}])
def test_a_webhook_that_makes_no_sense_is_refused(site: Site, wrong: dict[str, object]) -> None:
    sent = {"name": "t", "url": "http://127.0.0.1:1/", "events": ["page_updated"], **wrong}
    assert _call(site, "POST", "/rest/api/webhooks", JIRA_ADMIN.access_tokens[0], json=sent).status_code == 400


def test_the_interfaces_of_cloud_are_not_there(site: Site) -> None:
    login = (SYNC.email, SYNC.classic_tokens[0])
    for path in ("/wiki/api/v2/spaces", "/_edge/tenant_info", f"/ex/confluence/{site.cloud_id}/wiki/api/v2/spaces"):
        assert requests.get(site.url + path, auth=login, timeout=10).status_code == 404
    assert _call(site, "GET", "/rest/api/space", SYNC.access_tokens[0]).status_code == 200
