"""``okr rule``: making, looking at and turning off rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.errors import Rejected, Unavailable
from tests.unit.cli.conftest import Run
from tests.unit.commands.stand_in import Stand, raw_issue


@pytest.fixture
def okrs(service: Stand, run: Run, file: Path) -> Stand:
    """The stand-in's OKRs; its Jira finds one more epic, whatever it is asked."""
    run("import", str(file))
    service.jira.issues["PAY-440"] = raw_issue("PAY-440", "10440", labels=["kr-PAY-KR1"])
    return service


def linked(service: Stand) -> list[tuple[object, ...]]:
    return service.rows("SELECT key_result_key, issue_id, role, origin FROM initiative WHERE rule_id IS NOT NULL")


def test_a_rule_is_made_and_links_at_once(okrs: Stand, run: Run) -> None:
    made = run("rule", "add", "--labels", "kr-")
    assert made.output == "Rule 1 “kr-” is on. 1 epic linked.\n"
    assert linked(okrs) == [("PAY-KR1", "10440", "supports", "rule")]
    assert "   1  on                    kr- · labels kr- for what each label names" in run("rule", "list").output
    assert "PAY-440       PAY-KR1     kept" in run("rule", "show", "1").output
    assert okrs.log()[-1] == "rosa (command line): rule “kr-” linked PAY-440 to PAY-KR1"


def test_a_dry_run_links_nothing(okrs: Stand, run: Run) -> None:
    told = run("rule", "add", "pay-kr2", "--jql", "labels = x", "--drives", "2", "--dry-run").output
    assert "Matches 3 epics now, 2 to be linked." in told
    assert "PAY-431       PAY-KR2     already" in told
    assert linked(okrs) == []
    assert run("rule", "list").output.startswith("There is no rule yet.")


def test_too_many_wait_for_a_person(okrs: Stand, run: Run) -> None:
    okrs.jira.issues |= {f"PAY-{n}": raw_issue(f"PAY-{n}", f"1{n}") for n in range(600, 621)}
    told = run("rule", "add", "PAY-KR1", "--project", "PAY").output
    assert "0 epics linked." in told
    assert "too many to be linked unasked.\nDecide: http" in told
    assert linked(okrs) == []
    assert "wait for you" in run("rule", "list").output


def test_off_stays_off(okrs: Stand, run: Run) -> None:
    run("rule", "add", "--labels", "kr-")
    assert run("rule", "off", "1").output == "Rule 1 is off. Its links stay.\n"
    assert run("rule", "off", "1").output == "Rule 1 was off already.\n"
    assert len(linked(okrs)) == 1


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("add", "PAY-KR1"), "Say one thing"),
        (("add", "PAY-KR1", "--label", "a", "--jql", "b = c"), "Say one thing"),
        (("add", "PAY-KR1", "--label", "two words"), "one word without spaces"),
        (("add", "PAY-KR9", "--label", "a"), "Choose a key result"),
        (("add", "PAY-KR1", "--label", "a", "--drives", "2"), "none can drive it"),
        (("add", "PAY-KR1", "--labels", "kr-"), "says itself what is served"),
        (("show", "7"), "There is no rule 7"),
        (("off", "7"), "not there any more"),
    ],
)
def test_what_cannot_be_done_is_said(okrs: Stand, run: Run, words: tuple[str, ...], text: str) -> None:
    done = run("rule", *words)
    assert done.exit_code == 2
    assert text in done.output
    assert okrs.rows("SELECT id FROM link_rule") == []


def test_jiras_own_words_are_told(okrs: Stand, run: Run) -> None:
    okrs.jira.trouble["search"] = Rejected("HTTP 400", 400, "Field 'x' does not exist.")
    done = run("rule", "add", "PAY-KR1", "--jql", "x = 1", "--dry-run")
    assert (done.exit_code, "Field 'x' does not exist." in done.output) == (2, True)


def test_a_rule_is_kept_while_jira_is_away(okrs: Stand, run: Run) -> None:
    okrs.jira.trouble["search"] = Unavailable("no answer within 4 s.")
    assert "asked again by itself" in run("rule", "add", "PAY-KR1", "--jql", "x = 1").output
    assert okrs.due("rule") == ["1:1"]
    assert run("rule", "show", "1").exit_code == 1
