"""What cannot be read is unknown: the last good figure stays with its age, and a site is not asked in vain."""

from __future__ import annotations

from typing import Any

import pytest

from connector.store.completions import StoredCompletion, load_completions
from connector.store.connections import Health
from tests.integration.okr_page import OkrPage
from tests.site.roster import SYNC

SEARCH = "search/jql"
ALL_OF_JIRA = "^/rest/api/3/"
Fault = dict[str, Any]

PARTIAL: dict[str, Fault] = {
    "a web page": {"path": SEARCH, "kind": "html200"},
    "nothing": {"path": SEARCH, "kind": "empty200"},
    "half": {"path": SEARCH, "kind": "truncated"},
    "hung up": {"path": SEARCH, "kind": "drop"},
    "no issues": {"path": SEARCH, "kind": "status", "status": 200, "body": "{}"},
    "neither end nor way on": {"path": SEARCH, "kind": "status", "status": 200, "body": '{"issues": []}'},
    "cut": {
        "path": SEARCH,
        "kind": "status",
        "status": 200,
        "body": '{"issues": [], "isLast": true, "warnings": [{"type": "RESULT_LIMIT_EXCEEDED"}]}',
    },
    "503": {"path": SEARCH, "kind": "status", "status": 503},
    "500": {"path": SEARCH, "kind": "status", "status": 500},
    "a 404 of a proxy": {"path": SEARCH, "kind": "status", "status": 404, "body": "no such route"},
}


def completion(page: OkrPage, epic: str) -> StoredCompletion:
    line, issue_id = page.line, page.issue_id(epic)
    connection_id = line.connection().id
    with line.on.database.read() as conn:
        return load_completions(conn, line.workspace_id, connection_id, [issue_id])[issue_id]


def calls(page: OkrPage) -> int:
    return len([call for call in page.site.requests(SYNC) if call["path"].startswith("/rest/")])


@pytest.mark.parametrize("name", PARTIAL)
def test_an_answer_that_is_not_whole_changes_no_figure_and_is_made_good(page: OkrPage, name: str) -> None:
    page.finish()
    page.site.faults(PARTIAL[name] | {"times": None})
    page.line.mark("children", page.target(page.first), page.target(page.second))
    page.line.work()
    page.line.after(minutes=3)
    assert (completion(page, page.first).counts.done, completion(page, page.first).counts.total) == (1, 4)
    assert page.our_versions() == 1
    page.site.clear_faults()
    page.line.after(minutes=11)
    assert page.wrong() == []
    assert page.line.set_aside() == []


def test_a_listing_that_breaks_off_at_its_second_page_takes_nothing_away(page: OkrPage) -> None:
    for number in range(105):
        page.site.create_issue("PAY", f"More {number}", parent=page.first)
    page.line.mark("children", page.target(page.first))
    page.line.work()
    page.site.faults({"path": SEARCH, "kind": "status", "status": 400, "skip": 1, "times": 1})
    page.line.clock.advance(minutes=1)
    page.line.mark("children", page.target(page.first))
    page.line.work(until_quiet=False)
    assert completion(page, page.first).counts.total == 109
    page.line.after(minutes=1)
    assert (page.wrong(), page.line.set_aside()) == ([], [])


def test_refused_credentials_stop_all_but_the_asking_whether_they_are_good_again(page: OkrPage) -> None:
    page.site.change_account(SYNC, classic_tokens=["renewed"])
    page.finish()
    page.line.next_poll()
    assert page.line.connection().health is Health.NEEDS_CREDENTIALS
    assert page.line.connection("confluence").health is Health.NEEDS_CREDENTIALS
    page.site.forget_requests()
    page.line.mark("children", page.target(page.first))
    page.line.mark("issue", page.target(page.first))
    for _ in range(30):
        page.line.next_poll()
    # Nobody knows who calls with a wrong token: all calls to the interfaces count.
    assert len([call for call in page.site.requests() if call["status"] == 401]) <= 2 * 5


def test_with_new_credentials_everything_that_waited_goes_on(page: OkrPage) -> None:
    page.site.change_account(SYNC, classic_tokens=["renewed"])
    page.finish()
    page.line.mark("issue", page.target(page.children[page.first][1]))
    for _ in range(3):
        page.line.next_poll()
    page.line.connect(token="renewed")
    page.line.work()
    assert page.line.connection().health is Health.CURRENT
    assert (page.wrong(), page.line.waiting(), page.line.set_aside()) == ([], {}, [])


def test_readers_are_told_once_it_is_no_passing_fault_and_when_it_is_over(page: OkrPage) -> None:
    page.site.faults({"path": ALL_OF_JIRA, "kind": "status", "status": 503, "times": None})
    page.line.next_poll()
    assert page.line.connection().health is Health.UNREACHABLE
    page.line.after(minutes=20)
    assert page.our_versions() == 1
    page.line.after(minutes=15)
    assert (page.our_versions(), "not reachable" in page.words()) == (2, True)
    page.site.clear_faults()
    page.line.after(minutes=11)
    assert (page.line.connection().health, page.our_versions()) == (Health.CURRENT, 3)
    assert "not reachable" not in page.words()


def test_a_short_fault_is_no_reason_to_look_at_pages(page: OkrPage) -> None:
    page.site.faults({"path": ALL_OF_JIRA, "kind": "status", "status": 503, "times": 1})
    page.line.next_poll()
    page.line.after(minutes=2)
    assert page.line.connection().health is Health.CURRENT
    page.line.after(minutes=40)
    assert len([call for call in page.site.requests(SYNC) if call["path"].endswith(page.page_id)]) <= 1


@pytest.mark.parametrize("wait", [90, 1800])
def test_no_call_before_the_time_that_jira_asked_for(page: OkrPage, wait: int) -> None:
    page.site.faults({"path": SEARCH, "kind": "status", "status": 429, "headers": {"Retry-After": str(wait)}})
    page.finish()
    page.line.next_poll()
    assert page.line.connection().health is Health.RATE_LIMITED
    page.site.forget_requests()
    page.line.mark("children", page.target(page.first))
    page.line.mark("issue", page.target(page.first))
    for _ in range(3):
        page.line.after(seconds=wait / 4)
    assert calls(page) == 0
    page.line.after(seconds=wait)
    assert (page.line.connection().health, page.wrong()) == (Health.CURRENT, [])


def test_a_permission_that_is_missing_for_everything_is_said_and_comes_back(page: OkrPage) -> None:
    page.site.faults({"path": SEARCH, "kind": "status", "status": 403, "times": None})
    page.finish()
    page.line.next_poll()
    assert page.line.connection().health is Health.NEEDS_PERMISSION
    page.site.clear_faults()
    page.line.after(minutes=14)
    assert (page.line.connection().health, page.wrong()) == (Health.CURRENT, [])


def test_asking_what_changed_is_never_given_up(page: OkrPage) -> None:
    """Even where Jira refuses the question itself, which looks like a fault of ours."""
    page.site.faults({"path": SEARCH, "kind": "status", "status": 400, "times": None})
    page.finish()
    for _ in range(20):
        page.line.after(minutes=11)
    assert page.line.set_aside() == []
    assert page.line.connection().health is Health.UNREACHABLE
    page.site.clear_faults()
    page.line.after(minutes=11)
    assert (page.line.connection().health, page.wrong()) == (Health.CURRENT, [])
