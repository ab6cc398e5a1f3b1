"""What people do in Jira."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.simulation.history import LABEL, History, Place
from tests.simulation.small_world import POINTS, add_issue, move_on
from tests.site.issue_acts import NOTHING, Parents
from tests.site.roster import PEOPLE, SYNC
from tests.site.store import Document

Act = Callable[[History, Place, Random], str]
CATEGORIES = ("new", "indeterminate", "done", "done")
MOST_AT_ONCE = 25
MOST_ISSUES = 80


def in_jira(change: Callable[[Place, Random], str]) -> Act:
    """An act at the site, whose outcome is part of the truth from then on."""

    def act(_history: History, place: Place, chance: Random) -> str:
        outcome = change(place, chance)
        place.truth.note()
        return outcome

    return act


def create(place: Place, chance: Random) -> str:
    epics = _of_level(place, 1)
    if not place.site.world.projects or len(place.site.world.issues) >= MOST_ISSUES:
        return "no room"
    parent = chance.choice(epics)["id"] if epics and chance.random() < 0.85 else None
    project = chance.choice(sorted(place.site.world.projects))
    made = add_issue(place.site.world, project, chance.choice(("Story", "Bug")), parent)
    if chance.random() < 0.4:
        move_on(place.site.world, made, chance.choice(CATEGORIES), chance)
    return "created"


def transition(place: Place, chance: Random) -> str:
    issue = _any(place, chance)
    if issue is None:
        return "no issue"
    before = place.site.world.category(issue)
    move_on(place.site.world, issue, chance.choice(CATEGORIES), chance)
    return f"{before} to {place.site.world.category(issue)}"


def estimate(place: Place, chance: Random) -> str:
    issue = _any(place, chance)
    if issue is None:
        return "no issue"
    place.site.world.edit(issue, {"points": chance.choice(POINTS)}, PEOPLE[0])
    return "estimated"


def re_parent(place: Place, chance: Random) -> str:
    """By the parent, the Epic Link, or both; the changelog may tell only one of them."""
    stories, epics = _of_level(place, 0), _of_level(place, 1)
    if not stories or not epics:
        return "no issue"
    parent = None if chance.random() < 0.2 else chance.choice(epics)["id"]
    told = chance.choice((("parent", "epic_link"), ("parent",), ("epic_link",), ()))
    link = chance.choice((None, None, NOTHING, chance.choice(epics)["id"]))
    place.site.issues.reparent(chance.choice(stories), Parents(parent, link), PEOPLE[2], told)
    return "taken out" if parent is None else "put below"


def convert(place: Place, chance: Random) -> str:
    """To an epic, a story, or a sub-task of some story; an epic's children keep it, or not."""
    world = place.site.world
    issue, kind = _any(place, chance), chance.choice(("Epic", "Story", "Sub-task"))
    if issue is None:
        return "no issue"
    others = [each for each in _of_level(place, 0) if each is not issue]
    if kind == "Sub-task" and not others:
        return "no parent"
    parent = chance.choice(others)["id"] if kind == "Sub-task" else None
    type_id = next(each["id"] for each in world.types.values() if each["name"] == kind)
    try:
        place.site.issues.convert(issue, type_id, parent, PEOPLE[3], keeps_children=chance.random() < 0.5)
    except ValueError:
        return "cannot be"
    return f"to {kind}"


def move_project(place: Place, chance: Random) -> str:
    issue = _any(place, chance)
    others = sorted(place.site.world.projects.keys() - {issue["project"]}) if issue else []
    if issue is None or not others:
        return "nowhere to go"
    place.site.issues.move(issue, chance.choice(others), PEOPLE[0])
    return "moved"


def rename_project(place: Place, chance: Random) -> str:
    projects = place.site.world.projects
    key = chance.choice(sorted(projects))
    new = next(name for name in (f"{key[:3]}{n}" for n in range(2, 99)) if name not in projects)
    place.site.projects.rename(key, new)
    return "renamed"


def delete(place: Place, chance: Random) -> str:
    stories = _of_level(place, 0)
    if not stories:
        return "no issue"
    silent = chance.random() < 0.3
    place.site.world.delete(chance.choice(stories), PEOPLE[0], silent=silent)
    return "deleted without a word" if silent else "deleted"


def label(place: Place, chance: Random) -> str:
    """An epic gets the label that a rule may look for, or loses it."""
    epics = _of_level(place, 1)
    if not epics:
        return "no epic"
    epic = chance.choice(epics)
    has = LABEL in epic["labels"]
    place.site.world.edit(epic, {"labels": [] if has else [LABEL]}, PEOPLE[0])
    return "taken off" if has else "labelled"


def archive(place: Place, chance: Random) -> str:
    issue = _any(place, chance)
    if issue is None:
        return "no issue"
    if issue["archived"]:
        return f"{place.site.issues.unarchive(issue)} back"
    return f"{place.site.issues.archive(issue)} put aside"


def delete_epic(place: Place, chance: Random) -> str:
    epics = _of_level(place, 1)
    if len(epics) < 2:
        return "no epic"
    place.site.world.delete(chance.choice(epics), PEOPLE[0])
    return "deleted"


def remove_project(place: Place, chance: Random) -> str:
    """Into the trash, and perhaps back again."""
    trash = sorted(place.site.parts.store.all("trashed_projects"))
    if trash and chance.random() < 0.7:
        place.site.projects.restore(chance.choice(trash))
        return "restored"
    if len(place.site.world.projects) < 2:
        return "the only one"
    place.site.projects.remove(chance.choice(sorted(place.site.world.projects)))
    return "removed"


def bulk(place: Place, chance: Random) -> str:
    """Many issues at once, as somebody's bulk change does it."""
    stories = _of_level(place, 0)
    chosen = chance.sample(stories, min(len(stories), chance.randrange(5, MOST_AT_ONCE)))
    category = chance.choice(CATEGORIES)
    for issue in chosen:
        move_on(place.site.world, issue, category, chance, bulk=True)
    return f"{len(chosen) // 5 * 5} or more"


def lose_permission(place: Place, chance: Random) -> str:
    keys = sorted(place.site.world.projects)
    lost = [key for key in keys if chance.random() < 0.5]
    for key in lost:
        place.site.permissions.project(SYNC.account_id, key, may_see=False)
    return f"{len(lost)} of {len(keys)}"


def regain_permission(place: Place, _chance: Random) -> str:
    hidden = place.site.account.hidden_projects
    place.site.parts.accounts.change(SYNC.account_id, hidden_projects=())
    return "regained" if hidden else "had it"


def _of_level(place: Place, level: int) -> list[Document]:
    world = place.site.world
    return [issue for issue in world.issues.values() if world.level(issue) == level]


def _any(place: Place, chance: Random) -> Document | None:
    issues = list(place.site.world.issues.values())
    return chance.choice(issues) if issues else None


STEPS: dict[str, tuple[int, Act]] = {
    "issue created": (6, in_jira(create)),
    "issue moves on": (10, in_jira(transition)),
    "issue estimated": (2, in_jira(estimate)),
    "issue re-parented": (5, in_jira(re_parent)),
    "issue converted": (2, in_jira(convert)),
    "issue moved to another project": (2, in_jira(move_project)),
    "project's key renamed": (1, in_jira(rename_project)),
    "issue deleted": (2, in_jira(delete)),
    "epic labelled": (2, in_jira(label)),
    "issue archived": (2, in_jira(archive)),
    "epic deleted": (1, in_jira(delete_epic)),
    "project removed": (2, in_jira(remove_project)),
    "bulk change": (2, in_jira(bulk)),
    "permission lost": (1, in_jira(lose_permission)),
    "permission regained": (2, in_jira(regain_permission)),
}
