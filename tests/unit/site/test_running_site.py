"""The site as a process: it keeps what it was told, misbehaves when told, and says what it was asked."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests

from tests.site.roster import JIRA_ADMIN, LOW, SYNC
from tests.site.running import Site, start_site

LOGIN = (SYNC.email, SYNC.classic_tokens[0])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with start_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(autouse=True)
def as_new(site: Site) -> None:
    site.clear_faults()
    site.forget_requests()


def ask(site: Site, path: str = "/rest/api/3/myself") -> requests.Response:
    return requests.get(site.url + path, auth=LOGIN, timeout=10)


def test_everything_is_there_after_a_kill(tmp_path: Path) -> None:
    with start_site(tmp_path) as site:
        key = site.children("PAY-412")[-1]["key"]
        site.transition(key, "Done")
        page = site.page_called("OKRs Q4 2026")["id"]
        number = site.edit_page(page, lambda body: body + "<p>kept</p>")
        site.kill()
        site.restart()
        assert site.issue(key)["fields"]["status"]["name"] == "Done"
        assert site.page(page)["version"]["number"] == number
        assert "kept" in site.body(page)
        new = site.create_issue("PAY", "after the restart", parent="PAY-412")
        assert new not in (key, "PAY-412")


def test_a_second_start_keeps_the_data_and_fresh_forgets_it(tmp_path: Path) -> None:
    with start_site(tmp_path) as site:
        site.edit_issue("PAY-412", summary="changed")
        cloud_id = site.cloud_id
    with start_site(tmp_path) as site:
        assert site.issue("PAY-412")["fields"]["summary"] == "changed"
        assert site.cloud_id == cloud_id
    with start_site(tmp_path, fresh=True) as site:
        assert site.issue("PAY-412")["fields"]["summary"] == "One-page checkout"


def test_it_does_not_start_on_a_port_in_use_or_another_world(site: Site, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="is in use"):
        start_site(tmp_path, port=site.port)
    with start_site(tmp_path, world="generated:1x2"):
        pass
    with pytest.raises(RuntimeError, match="--fresh"):
        start_site(tmp_path)


def test_connections_stay_open_between_requests_also_when_a_body_was_not_looked_at(site: Site) -> None:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.auto_open = 0
    connection.connect()
    for _ in range(3):
        connection.request("POST", "/rest/api/3/search/jql", body=b"x" * 100_000)
        answer = connection.getresponse()
        assert (answer.status, len(answer.read())) == (401, 53)
    connection.close()


@pytest.mark.parametrize(
    ("rule", "status", "text"),
    [
        ({"kind": "status", "status": 429, "headers": {"Retry-After": "7"}}, 429, "Stand-in fault 429"),
        ({"kind": "status", "status": 403, "body": "<html>"}, 403, "<html>"),
        ({"kind": "html200"}, 200, "Log in to continue"),
        ({"kind": "empty200"}, 200, ""),
    ],
)
def test_a_fault_answers_once_instead_of_the_site(site: Site, rule: dict[str, object], status: int, text: str) -> None:
    site.faults({"path": "/myself$", **rule})
    answer = ask(site)
    assert answer.status_code == status
    assert text in answer.text
    assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)
    assert ask(site).json()["accountId"] == SYNC.account_id


@pytest.mark.parametrize("kind", ["drop", "lost", "truncated"])
def test_a_fault_can_end_the_connection(site: Site, kind: str) -> None:
    site.faults({"path": "/myself$", "kind": kind})
    with pytest.raises(requests.RequestException):
        ask(site)
    assert ask(site).status_code == 200


def test_lost_means_done_but_not_answered_and_drop_means_not_done(site: Site) -> None:
    number = site.page(page := site.page_called("How we run OKRs")["id"])["version"]["number"]
    for kind, expected in (("drop", number), ("lost", number + 1)):
        site.faults({"path": f"/pages/{page}$", "method": "PUT", "kind": kind})
        with pytest.raises(requests.RequestException):
            site.edit_page(page, lambda body: body + "<p>more</p>")
        assert site.page(page)["version"]["number"] == expected


def test_a_rule_counts_skips_and_looks_at_the_method(site: Site) -> None:
    site.faults({"path": "/myself", "kind": "status", "status": 500, "times": 2, "skip": 1, "method": "GET"})
    assert [ask(site).status_code for _ in range(4)] == [200, 500, 500, 200]
    site.faults({"path": "/myself", "kind": "status", "status": 500, "times": None})
    assert [ask(site).status_code for _ in range(3)] == [500] * 3
    site.clear_faults()
    assert ask(site).status_code == 200


def test_a_slow_answer_is_still_the_true_one(site: Site) -> None:
    site.faults({"path": "/myself", "kind": "slow", "seconds": 0.3})
    answer = ask(site)
    assert answer.elapsed.total_seconds() >= 0.3
    assert answer.status_code == 200


def test_a_rule_that_makes_no_sense_is_refused(site: Site) -> None:
    for wrong in ({"path": "x", "kind": "explode"}, {"path": "(", "kind": "drop"}, {"kind": "drop"}):
        assert requests.post(f"{site.url}/_site/faults", json=wrong, timeout=10).status_code == 400


def test_the_log_says_who_asked_what(site: Site) -> None:
    ask(site, "/rest/api/3/issue/PAY-412?fields=summary&unknown=1")
    requests.get(f"{site.url}/rest/api/3/myself", timeout=10)
    site.jira("POST", "/search/approximate-count", by=LOW, json={"jql": "project = GRO"})
    assert [call["path"] for call in site.requests(SYNC)] == ["/rest/api/3/issue/PAY-412"]
    mine = site.requests(SYNC)[0]
    assert (mine["query"], mine["status"]) == ("fields=summary&unknown=1", 200)
    assert site.requests(LOW)[0]["request_bytes"] == len('{"jql": "project = GRO"}')
    nobody = [call for call in site.requests() if call["account"] is None]
    assert [call["status"] for call in nobody] == [401]
    counts = requests.get(f"{site.url}/_site/requests", timeout=10).json()["counts"]
    assert counts["GET /rest/api/3/issue/{id}"] == 1


def test_calls_are_recorded_with_their_bodies(tmp_path: Path) -> None:
    record = tmp_path / "calls.jsonl"
    with start_site(tmp_path, world="generated:1x3", record=record) as site:
        site.jira("POST", "/search/jql", json={"jql": "project = GEN", "fields": ["key"]})
    assert '"request_body": "{\\"jql\\": \\"project = GEN\\"' in record.read_text()
    assert "GEN-4" in record.read_text()


def test_the_verbs_do_what_people_do(site: Site) -> None:
    key = site.create_issue("GRO", "Try it", parent="GRO-160", customfield_10016=2)
    assert key in [one["key"] for one in site.children("GRO-160")]
    site.edit_issue(key, parent=None)
    assert key not in [one["key"] for one in site.children("GRO-160")]
    site.transition(key, "Done", resolution="Won't Do")
    assert site.issue(key)["fields"]["resolution"]["name"] == "Won't Do"
    new = site.move_issue(key, "PAY")
    assert site.issue(key)["key"] == new
    site.delete_issue(new)
    assert site.jira("GET", f"/issue/{new}").status_code == 404
    page = site.create_page("OKR", "A page of a test", "<p>one</p>")
    assert site.edit_page(page, lambda body: body.replace("one", "two"), by=JIRA_ADMIN) == 2
    assert [one["number"] for one in site.versions(page)] == [2, 1]
    site.delete_page(page)
    assert site.state()["world"] == "sample"
