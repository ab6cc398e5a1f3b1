"""Finding epics by what a person types, in Jira or, where it is away, in what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connector.errors import Forbidden, OutsideError, Rejected, Unauthorized, Unavailable
from connector.store import connection_state, issues, projects
from connector.store.projects import SeenProject
from mapping.epic_query import Meant
from mapping.field_choices import FieldChoices
from mapping.issue import FieldChoice, read_issue
from sync import commands
from sync.queries.epic_search import EpicSearch, search_epics
from tests.unit.commands.stand_in import OKRS, SITE, Stand, raw_issue

TITLED = FieldChoice(shows_titles=True)


def search(stand: Stand, text: str, **more: Any) -> EpicSearch:
    return search_epics(stand.on, stand.workspace_id, text, **more)


def show_titles(stand: Stand) -> None:
    with stand.on.database.write() as conn:
        projects.record_seen(conn, stand.workspace_id, 1, [SeenProject("10000", "PAY", "Payments")])
        projects.record_project_choice(
            conn, stand.workspace_id, 1, "10000", TITLED, at=stand.clock.now(), by="Rosa"
        )  # fmt: skip


def child(number: int, parent: str, category: str = "new", level: int = 0) -> dict[str, Any]:
    status = {"statusCategory": {"key": category}}
    kind = {"hierarchyLevel": level}
    return raw_issue(f"PAY-{number}", str(number), parent={"id": parent}, status=status, issuetype=kind)


@pytest.mark.parametrize("text", ["pay-412", f"{SITE}/browse/PAY-412?x=1", " PAY-412 "])
def test_a_key_or_an_address_finds_the_one(connected: Stand, text: str) -> None:
    found = search(connected, text)
    assert (found.meant, [each.issue_key for each in found.found]) == (Meant.KEY, ["PAY-412"])
    assert found.found[0].url == f"{SITE}/browse/PAY-412"


def test_stories_are_passed_over_unless_asked_for(connected: Stand) -> None:
    connected.jira.issues["PAY-500"] = child(500, "10412")
    assert {each.issue_key for each in search(connected, "retry").found} == {"PAY-412", "PAY-431"}
    assert len(search(connected, "retry", stories_too=True).found) == 3


def test_what_is_below_is_counted(connected: Stand) -> None:
    connected.jira.issues |= {
        "PAY-500": child(500, "10412", "done"), "PAY-501": child(501, "10412"),
        "PAY-502": child(502, "10412", level=-1),
    }  # fmt: skip
    by_key = {each.issue_key: each for each in search(connected, "retry").found}
    assert (by_key["PAY-412"].done, by_key["PAY-412"].total) == (1, 2)
    assert by_key["PAY-431"].total == 0


def test_words_become_a_query_that_nothing_in_them_can_leave(connected: Stand) -> None:
    search(connected, 'a" OR project in x')
    assert connected.jira.asked_for[0] == (
        '(summary ~ "a*") AND (summary ~ "OR*") AND (summary ~ "project*") AND (summary ~ "in*") AND '
        '(summary ~ "x*") ORDER BY updated DESC'
    )


@pytest.mark.parametrize("text", ["project = PAY", "labels in (x)", "parent is EMPTY", "x ~ y", "ORDER BY created"])
def test_operators_make_it_jql(connected: Stand, text: str) -> None:
    assert search(connected, text).meant is Meant.JQL
    assert connected.jira.asked_for[0] == text


@pytest.mark.parametrize("text", ["", "   ", "?!", '"'])
def test_nothing_to_search_for_asks_nobody(connected: Stand, text: str) -> None:
    assert search(connected, text).meant is Meant.NOTHING
    assert connected.jira.calls == []


def test_a_wrong_query_is_told_in_jiras_own_words(connected: Stand) -> None:
    connected.jira.trouble["search"] = Rejected("POST … was answered with 400: Field 'x' does not exist.", 400,
                                                "Field 'x' does not exist")  # fmt: skip
    assert search(connected, "x = 1").wrong == "Field 'x' does not exist"


def test_more_than_25_are_cut_and_it_is_said(connected: Stand) -> None:
    connected.jira.issues = {f"PAY-{n}": raw_issue(f"PAY-{n}", str(n)) for n in range(1, 27)}
    found = search(connected, "retry")
    assert (len(found.found), found.more) == (25, True)


def test_titles_stand_only_where_the_project_shows_them(connected: Stand) -> None:
    connected.jira.issues["PAY-412"]["fields"]["summary"] = "One-page checkout"
    assert search(connected, "PAY-412").found[0].title == ""
    show_titles(connected)
    assert search(connected, "PAY-412").found[0].title == "One-page checkout"


def test_a_jira_that_is_away_is_told_and_what_is_kept_is_searched(connected: Stand) -> None:
    show_titles(connected)
    site = connected.connections()[0]
    raw = raw_issue("PAY-412", "10412", summary="Retry 100%")
    with connected.on.database.write() as conn:
        snapshot = read_issue(raw, TITLED)
        issues.upsert_issues(conn, connected.workspace_id, site.id, [snapshot], FieldChoices(), connected.clock.now())
    connected.jira.trouble = {"search": Unavailable("slow"), "fetch": Unavailable("slow")}
    for text in ("PAY-412", "retry", "100"):
        found = search(connected, text)
        assert [each.issue_key for each in found.found] == ["PAY-412"], text
        assert found.away[0].site_url == SITE
    assert search(connected, "other").found == ()
    assert search(connected, "project = PAY").found == ()


def test_a_jira_that_asked_for_patience_is_not_asked(connected: Stand) -> None:
    with connected.on.database.write() as conn:
        until = connected.clock.now() + timedelta(seconds=30)
        connection_state.block_until(conn, connected.workspace_id, 1, until)
    assert search(connected, "retry").away[0].why == "it asks to wait 30 s"
    assert connected.jira.calls == []


def test_what_it_serves_now_is_told(connected: Stand) -> None:
    commands.import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    assert [each.key_result_key for each in search(connected, "PAY-412").found[0].serves] == ["PAY-KR1"]


def test_without_a_jira_it_is_said(service: Stand) -> None:
    assert search(service, "retry").no_site


def test_words_tell_nothing_of_titles_that_are_not_shown(connected: Stand) -> None:
    assert search(connected, "retry", only_shown=True).found == ()
    assert connected.jira.calls == []
    show_titles(connected)
    search(connected, "retry", only_shown=True)
    assert connected.jira.asked_for[0] == '(project in (10000)) AND (summary ~ "retry*") ORDER BY updated DESC'
    assert search(connected, "PAY-412", only_shown=True).found[0].issue_key == "PAY-412"


def test_a_query_into_texts_is_not_asked_for_everybody(connected: Stand) -> None:
    show_titles(connected)
    refused = search(connected, "project = PAY AND summary ~ acquisition", only_shown=True)
    assert (refused.asks_too_much, refused.found, connected.jira.calls) == (True, (), [])
    assert search(connected, "labels = retry", only_shown=True).found


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Unavailable("POST /rest/api/3/search/jql was answered with 502."), "no usable answer came"),
        (Forbidden("GET /rest/api/3/x was answered with 403."), "it does not let our account do this"),
        (Unauthorized("401"), "it no longer accepts our token"),
    ],
)
def test_why_a_jira_tells_nothing_is_said_without_the_address_that_was_called(
    connected: Stand, trouble: OutsideError, said: str
) -> None:
    connected.jira.trouble = {"search": trouble}
    assert search(connected, "retry").away[0].why == said
