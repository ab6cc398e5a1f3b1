"""One issue, one key result."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connector.errors import Unavailable
from connector.store.links import Linked
from mapping.okr import Role
from sync import commands
from sync.commands import LinkReport, NotPossible, NotPossibleNow
from tests.unit.commands.stand_in import OKRS, OTHER_SITE, FakeJira, Stand, raw_issue


@pytest.fixture
def okrs(connected: Stand) -> Stand:
    """The OKRs without any link."""
    text = OKRS.replace("        initiatives: [PAY-412]\n", "")
    text = text.replace("        initiatives:\n          - {issue: PAY-431, drives: 2}\n", "")
    commands.import_okrs(connected.on, connected.workspace_id, text, "Rosa")
    return connected


def link(service: Stand, key_result: str, issue: str, **more: Any) -> LinkReport:
    return commands.link(service.on, service.workspace_id, key_result, issue, who="Rosa", **more)


def links(service: Stand) -> list[tuple[Any, ...]]:
    return service.rows("SELECT key_result_key, connection_id, issue_id, role, weight, step_key FROM initiative")


@pytest.mark.parametrize("issue", ["PAY-412", " pay-412 ", "https://acme.atlassian.net/browse/PAY-412?x=1"])
def test_an_issue_is_linked_by_key_or_address(okrs: Stand, issue: str) -> None:
    report = link(okrs, "PAY-KR1", issue)
    assert (report.issue_key, report.outcome, report.role) == ("PAY-412", Linked.ADDED, Role.SUPPORTS)
    assert links(okrs) == [("PAY-KR1", 1, "10412", "supports", "1", "")]
    assert okrs.due("children") == okrs.due("initiative") == ["1:10412"]
    assert okrs.log()[-1] == "Rosa: linked PAY-412 to PAY-KR1"


def test_linking_again_changes_nothing(okrs: Stand) -> None:
    link(okrs, "PAY-KR1", "PAY-412")
    before, log = links(okrs), okrs.log()
    assert link(okrs, "PAY-KR1", "PAY-412").outcome is Linked.SAME
    assert (links(okrs), okrs.log()) == (before, log)


def test_a_weight_makes_it_drive(okrs: Stand) -> None:
    link(okrs, "PAY-KR2", "PAY-412")
    assert link(okrs, "PAY-KR2", "PAY-412", drives=Decimal("0.5")).outcome is Linked.CHANGED
    assert links(okrs) == [("PAY-KR2", 1, "10412", "drives", "0.5", "")]


def test_a_step_of_a_milestone_is_linked(okrs: Stand) -> None:
    link(okrs, "PAY-KR3", "PAY-412", step="second")
    assert links(okrs) == [("PAY-KR3", 1, "10412", "step", "1", "second")]


@pytest.mark.parametrize(
    ("key_result", "issue", "more", "text"),
    [
        ("PAY-KR9", "PAY-412", {}, "no key result PAY-KR9"),
        ("PAY-KR1", "not a key", {}, "no issue key"),
        ("PAY-KR1", "PAY-0", {}, "no issue key"),
        ("PAY-KR1", "PAY-999", {}, "PAY-999 is not there"),
        ("PAY-KR1", "PAY-412", {"drives": Decimal(2)}, "does not come from its initiatives"),
        ("PAY-KR3", "PAY-412", {"step": "third"}, "no step 'third'. Its steps: first, second"),
        ("PAY-KR3", "PAY-412", {"step": "first", "drives": Decimal(1)}, "not both"),
        ("PAY-KR1", "PAY-412", {"site": "nowhere.example"}, "nowhere.example is not connected"),
    ],
)
def test_what_cannot_be_linked_is_refused_and_nothing_is_kept(
    okrs: Stand, key_result: str, issue: str, more: dict[str, Any], text: str
) -> None:
    with pytest.raises(NotPossible, match=text):
        link(okrs, key_result, issue, **more)
    assert links(okrs) == okrs.rows("SELECT id FROM issue") == []


def test_jira_away_is_no_unknown_issue(okrs: Stand) -> None:
    okrs.jira.trouble["fetch"] = Unavailable("no answer")
    with pytest.raises(NotPossibleNow):
        link(okrs, "PAY-KR1", "PAY-412")


def test_an_answer_that_cannot_be_used_is_said(okrs: Stand) -> None:
    okrs.jira.issues["PAY-412"] = raw_issue("PAY-412", "10412", status=None)
    with pytest.raises(NotPossibleNow, match=r"fields\.status"):
        link(okrs, "PAY-KR1", "PAY-412")


def test_of_two_sites_with_the_same_key_the_person_says_which(okrs: Stand) -> None:
    okrs.connected("jira", OTHER_SITE)
    okrs.sites.jiras[OTHER_SITE] = FakeJira({"PAY-412": raw_issue("PAY-412", "77")})
    with pytest.raises(NotPossible, match="--site"):
        link(okrs, "PAY-KR1", "PAY-412")
    link(okrs, "PAY-KR1", "PAY-412", site="other.atlassian.net/")
    assert links(okrs) == [("PAY-KR1", 3, "77", "supports", "1", "")]


def test_unlinking_needs_no_jira(okrs: Stand) -> None:
    link(okrs, "PAY-KR1", "PAY-412")
    okrs.jira.trouble["fetch"] = Unavailable("no answer")
    assert commands.unlink(okrs.on, okrs.workspace_id, "PAY-KR1", "pay-412", who="Rosa") == "PAY-412"
    assert links(okrs) == []
    assert okrs.log()[-1] == "Rosa: unlinked PAY-412 from PAY-KR1"


def test_unlinking_what_is_not_linked_says_what_is(okrs: Stand) -> None:
    link(okrs, "PAY-KR1", "PAY-412")
    with pytest.raises(NotPossible, match=r"PAY-431 is not linked to PAY-KR1\. Linked there: PAY-412"):
        commands.unlink(okrs.on, okrs.workspace_id, "PAY-KR1", "PAY-431", who="Rosa")
    assert len(links(okrs)) == 1
