"""Linking many at once, changing and taking away links, piles of epics, how projects are read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.errors import Unavailable
from connector.store import issues, projects
from connector.store.epic_piles import Pile
from mapping.issue import FieldChoice
from mapping.okr import Initiative, Role
from sync import commands
from sync.commands import NotPossible, NotPossibleNow
from sync.commands.epic_choices import just_do_it, undecide
from sync.commands.gone_links import look_for_gone
from sync.commands.known_epics import look_for_epics
from sync.commands.link_change import ChangedMeanwhile, change_link, unlink_one
from sync.commands.link_many import LinkWish, link_many
from sync.commands.projects import ProjectChangedMeanwhile, confirm_project, fingerprint_of, look_for_projects
from sync.queries.epic_search import search_epics
from sync.queries.link_effect import effect_of_links, effect_of_unlinking
from sync.queries.mappings import load_gone, load_link, load_links_view
from sync.queries.piles import load_piles
from sync.queries.projects import load_choice_effect, load_project, load_projects_view
from tests.unit.commands.stand_in import OKRS, Stand, raw_issue

BOTH = ("1:10412", "1:10431")
SUPPORTS = LinkWish()


@pytest.fixture
def okrs(connected: Stand) -> Stand:
    """The OKRs; PAY-412 supports PAY-KR1, PAY-431 drives PAY-KR2."""
    commands.import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    return connected


def link(
    stand: Stand, key: str, wish: LinkWish = SUPPORTS, names: tuple[str, ...] = BOTH
) -> tuple[tuple[str, ...], ...]:
    report = link_many(stand.on, stand.workspace_id, key, names, wish, who="Rosa")
    return report.added, report.changed, report.same


def seen(stand: Stand, key: str, issue_id: str) -> str:
    row = load_link(stand.on, stand.workspace_id, key, 1, issue_id)
    assert row is not None
    return row.seen


def test_many_are_linked_in_one_act_and_the_same_again_changes_nothing(okrs: Stand) -> None:
    assert link(okrs, "PAY-KR1") == (("PAY-431",), (), ("PAY-412",))
    assert okrs.log()[-1] == "Rosa: linked PAY-431 to PAY-KR1"
    log = okrs.log()
    assert link(okrs, "PAY-KR1") == ((), (), ("PAY-412", "PAY-431"))
    assert okrs.log() == log


def test_all_or_none_where_one_is_gone(okrs: Stand) -> None:
    del okrs.jira.issues["PAY-431"]
    with pytest.raises(NotPossible, match="no longer there"):
        link(okrs, "PAY-KR3")
    assert load_links_view(okrs.on, okrs.workspace_id, key_result_key="PAY-KR3", words="", page=1).matching == 0


def test_a_jira_that_is_away_links_nothing(okrs: Stand) -> None:
    okrs.jira.trouble["fetch"] = Unavailable("slow")
    with pytest.raises(NotPossibleNow, match="does not answer"):
        link(okrs, "PAY-KR3")


@pytest.mark.parametrize("names", [(), ("",), ("x:y",), ("99:10412",), ("1:" + "9" * 40,), ("1:1 OR 1",)])
def test_what_names_no_epic_of_ours_is_refused(okrs: Stand, names: tuple[str, ...]) -> None:
    with pytest.raises(NotPossible):
        link(okrs, "PAY-KR1", names=names)


@pytest.mark.parametrize(
    ("key", "wish"),
    [
        ("PAY-KR1", LinkWish(Role.DRIVES)),
        ("PAY-KR1", LinkWish(Role.STEP, step_key="first")),
        ("PAY-KR3", LinkWish(Role.STEP, step_key="tenth")),
        ("PAY-KR2", LinkWish(Role.DRIVES, Decimal(0))),
        ("PAY-KR9", SUPPORTS),
    ],
)
def test_a_key_result_is_served_only_as_makes_sense(okrs: Stand, key: str, wish: LinkWish) -> None:
    with pytest.raises(NotPossible):
        link(okrs, key, wish)


def test_the_effect_is_what_the_roll_up_says(okrs: Stand) -> None:
    okrs.jira.issues |= {
        f"PAY-{n}": raw_issue(
            f"PAY-{n}", str(n), parent={"id": "10412"}, issuetype={"hierarchyLevel": 0},
            status={"statusCategory": {"key": "done" if n < 503 else "new"}},
        )
        for n in range(500, 504)
    }  # fmt: skip
    epic = search_epics(okrs.on, okrs.workspace_id, "PAY-412").found[0]
    drives = Initiative("PAY-KR2", 1, "10412", Role.DRIVES, Decimal(3))
    effect = effect_of_links(okrs.on, okrs.workspace_id, [(epic, drives)], "PAY-KR2", okrs.clock.now())
    assert effect is not None
    assert effect.before.progress is None
    assert effect.after.progress == Decimal("0.75")
    assert (effect.done_after.done, effect.done_after.total, effect.done_after.unknown) == (3, 4, 1)
    supports = Initiative("PAY-KR1", 1, "10412")
    beside = effect_of_links(okrs.on, okrs.workspace_id, [(epic, supports)], "PAY-KR1", okrs.clock.now())
    assert beside is not None
    assert not beside.moves_figure
    away = effect_of_unlinking(okrs.on, okrs.workspace_id, supports, okrs.clock.now())
    assert away is not None
    assert (away.done_before.unknown, away.done_after.unknown) == (1, 0)


def test_a_link_is_changed_by_whoever_saw_it_last(okrs: Stand) -> None:
    name = ("PAY-KR2", 1, "10431")
    old = seen(okrs, "PAY-KR2", "10431")
    heavier = LinkWish(Role.DRIVES, Decimal(5))
    assert change_link(okrs.on, okrs.workspace_id, name, heavier, seen=old, who="Rosa")
    assert not change_link(okrs.on, okrs.workspace_id, name, heavier, seen=old, who="Ana"), "it is so already"
    with pytest.raises(ChangedMeanwhile):
        change_link(okrs.on, okrs.workspace_id, name, SUPPORTS, seen=old, who="Ana")
    assert okrs.log()[-1] == "Rosa: changed the link of PAY-431 to PAY-KR2: it serves it, driving it with weight 5"


def test_unlinking_twice_is_unlinking_once(okrs: Stand) -> None:
    name = ("PAY-KR1", 1, "10412")
    assert unlink_one(okrs.on, okrs.workspace_id, name, who="Rosa")
    assert not unlink_one(okrs.on, okrs.workspace_id, name, who="Rosa")
    assert okrs.log()[-1] == "Rosa: unlinked PAY-412 from PAY-KR1"
    with pytest.raises(NotPossible, match="took it away"):
        change_link(okrs.on, okrs.workspace_id, name, SUPPORTS, seen="", who="Rosa")


def test_links_are_found_by_words_and_by_key_result(okrs: Stand) -> None:
    def keys(words: str = "", key: str = "") -> list[str]:
        view = load_links_view(okrs.on, okrs.workspace_id, key_result_key=key, words=words, page=99)
        return [row.issue_key for row in view.rows]

    assert sorted(keys()) == ["PAY-412", "PAY-431"]
    assert keys("checkout time") == keys(key="PAY-KR1") == keys("pay-412") == ["PAY-412"]
    assert keys("nothing") == keys("%") or keys("nothing") == []


def test_epics_are_looked_for_and_lie_in_piles(okrs: Stand) -> None:
    okrs.jira.issues["PAY-600"] = raw_issue("PAY-600", "600", labels=[])
    report = look_for_epics(okrs.on, okrs.workspace_id, who="Rosa")
    assert (report.projects, report.epics, report.all_of_them) == (1, 3, True)
    assert okrs.jira.asked_for[-2] == (
        "(project in (10000)) AND (issuetype in (10005)) AND (statusCategory != Done) ORDER BY updated DESC"
    )
    view = load_piles(okrs.on, okrs.workspace_id, 1)
    assert {pile.pile: [epic.issue_key for epic in pile.epics] for pile in view.piles} == {
        Pile.UNDECIDED: ["PAY-600"], Pile.JUST_DO_IT: [], Pile.SERVES: ["PAY-412", "PAY-431"],
    }  # fmt: skip
    for _ in range(2):
        just_do_it(okrs.on, okrs.workspace_id, "1:600", who="Rosa")
    view = load_piles(okrs.on, okrs.workspace_id, 1)
    assert (view.undecided, view.piles[1].epics[0].said_by) == (0, "Rosa")
    assert [line for line in okrs.log() if "just do it" in line] == ["Rosa: said of PAY-600: just do it"]
    undecide(okrs.on, okrs.workspace_id, "1:600", who="Rosa")
    assert load_piles(okrs.on, okrs.workspace_id, 1).undecided == 1


def test_what_was_counted_at_a_look_is_no_figure_of_a_new_link(okrs: Stand) -> None:
    """Nothing below it is kept yet: 0 of 0 would be wrong."""
    okrs.jira.issues["PAY-600"] = raw_issue("PAY-600", "600")
    look_for_epics(okrs.on, okrs.workspace_id, who="Rosa")
    link(okrs, "PAY-KR1", names=("1:600",))
    row = load_link(okrs.on, okrs.workspace_id, "PAY-KR1", 1, "600")
    assert row is not None
    assert row.completion is None


@pytest.mark.parametrize("name", ["", "1:1", "99:10412", "x", "1:" + "9" * 30])
def test_an_unknown_epic_is_put_on_no_pile(okrs: Stand, name: str) -> None:
    with pytest.raises(NotPossible):
        just_do_it(okrs.on, okrs.workspace_id, name, who="Rosa")


def test_what_is_gone_is_told_and_looked_for_again(okrs: Stand) -> None:
    assert look_for_gone(okrs.on, okrs.workspace_id, who="Rosa") == 0
    with okrs.on.database.write() as conn:
        issues.mark_gone(
            conn, okrs.workspace_id, 1, ["10412"], "no permission", okrs.clock.advance(minutes=1), hidden=True
        )
    rows = load_gone(okrs.on, okrs.workspace_id, 1).rows
    assert [(row.issue_key, row.is_hidden) for row in rows] == [("PAY-412", True)]
    assert look_for_gone(okrs.on, okrs.workspace_id, who="Rosa") == 1
    assert okrs.due("issue") == ["1:10412"]


def confirm(stand: Stand, choice: FieldChoice, was: FieldChoice | None = None) -> bool:
    return confirm_project(
        stand.on, stand.workspace_id, 1, "10000", choice, seen=fingerprint_of(was), who="Rosa"
    )  # fmt: skip


def test_a_project_is_read_as_somebody_confirmed(okrs: Stand) -> None:
    assert look_for_projects(okrs.on, okrs.workspace_id, who="Rosa") == 1
    view = load_project(okrs.on, okrs.workspace_id, 1, "10000")
    assert view is not None
    assert (view.found.estimate_field_id, view.is_team_managed) == ("customfield_7", True)
    assert load_project(okrs.on, okrs.workspace_id, 1, "777") is None
    titled = FieldChoice("customfield_7", frozenset({"2"}), shows_titles=True)
    assert confirm(okrs, titled)
    assert not confirm(okrs, titled), "it is so already"
    with pytest.raises(ProjectChangedMeanwhile):
        confirm(okrs, FieldChoice())
    assert okrs.due("children") == ["1:10412", "1:10431"]
    site = okrs.connections()[0]
    with okrs.on.database.read() as conn:
        choices = projects.load_choices(conn, site)
    assert choices.of("10000") == titled
    assert "summary" in choices.fields


def test_the_project_of_what_is_linked_is_known_without_looking(okrs: Stand) -> None:
    rows = load_projects_view(okrs.on, okrs.workspace_id, 1).rows
    assert [(row.project.project_key, row.project.name, row.links) for row in rows] == [("PAY", "", 2)]
    look_for_projects(okrs.on, okrs.workspace_id, who="Rosa")
    link(okrs, "PAY-KR3")
    assert load_projects_view(okrs.on, okrs.workspace_id, 1).rows[0].project.name == "Payments"


def test_won_t_do_is_applied_at_once_and_said_before(okrs: Stand) -> None:
    look_for_projects(okrs.on, okrs.workspace_id, who="Rosa")
    closed = raw_issue(
        "PAY-412", "10412", status={"statusCategory": {"key": "done"}}, resolution={"id": "2"},
        updated="2026-11-21T09:00:00.000+0000",
    )  # fmt: skip
    okrs.jira.issues["PAY-412"] = closed
    link(okrs, "PAY-KR1", names=("1:10412",))
    row = load_projects_view(okrs.on, okrs.workspace_id, 1).rows[0]
    choice = FieldChoice(None, frozenset({"2"}))
    effect = load_choice_effect(okrs.on, okrs.workspace_id, row, choice)
    assert (effect.wont_do.more, effect.wont_do.fewer, effect.links) == (1, 0, 2)
    confirm(okrs, choice)
    assert okrs.rows("SELECT wont_do FROM issue WHERE issue_id = '10412'") == [(1,)]


def test_titles_are_kept_only_while_they_are_shown(okrs: Stand) -> None:
    def kept() -> list[str]:
        return [row[0] for row in okrs.rows("SELECT title FROM issue WHERE issue_id = '10412'")]

    look_for_projects(okrs.on, okrs.workspace_id, who="Rosa")
    okrs.jira.issues["PAY-412"]["fields"]["summary"] = "One-page checkout"
    link(okrs, "PAY-KR1", names=("1:10412",))
    assert kept() == [""]
    titled = FieldChoice(shows_titles=True)
    confirm(okrs, titled)
    link(okrs, "PAY-KR1", names=("1:10412",))
    assert kept() == ["One-page checkout"]
    confirm(okrs, FieldChoice(), was=titled)
    assert kept() == [""]


def test_a_project_whose_jira_is_away_can_be_looked_at(okrs: Stand) -> None:
    look_for_projects(okrs.on, okrs.workspace_id, who="Rosa")
    okrs.jira.trouble["fields"] = Unavailable("slow")
    view = load_project(okrs.on, okrs.workspace_id, 1, "10000")
    assert view is not None
    assert view.away
