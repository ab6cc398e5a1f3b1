"""What people do in Jira."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.simulation.history import History, Place
from tests.simulation.small_world import POINTS, add_issue, move_on
from tests.site.roster import PEOPLE
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
    stories, epics = _of_level(place, 0), _of_level(place, 1)
    if not stories or not epics:
        return "no issue"
    parent = None if chance.random() < 0.2 else chance.choice(epics)["id"]
    place.site.world.edit(chance.choice(stories), {"parent": parent}, PEOPLE[2])
    return "taken out" if parent is None else "put below"


def convert(place: Place, chance: Random) -> str:
    """A story becomes an epic, or an epic without children a story."""
    world = place.site.world
    issue = _any(place, chance)
    if issue is None or world.children(issue["id"]) or world.level(issue) < 0:
        return "cannot be"
    wanted = "Story" if world.level(issue) == 1 else "Epic"
    kind = next(each["id"] for each in world.types.values() if each["name"] == wanted)
    world.edit(issue, {"type": kind, "parent": None if wanted == "Epic" else issue["parent"]}, PEOPLE[3])
    return f"to {wanted}"


def move_project(place: Place, chance: Random) -> str:
    world = place.site.world
    issue = _any(place, chance)
    others = sorted(world.projects.keys() - {issue["project"]}) if issue else []
    if issue is None or not others:
        return "nowhere to go"
    world.move(issue, chance.choice(others), PEOPLE[0])
    return "moved"


def rename_project(place: Place, chance: Random) -> str:
    world = place.site.world
    if not world.projects:
        return "no project"
    key = chance.choice(sorted(world.projects))
    new = next(name for name in (f"{key[:3]}{n}" for n in range(2, 99)) if name not in world.projects)
    seen = place.site.account.may_see_projects
    world.rename_project(key, new)
    if seen is not None:  # a permission belongs to the project, whatever its key
        place.site.change_account(may_see_projects=tuple(new if each == key else each for each in seen))
    return "renamed"


def delete(place: Place, chance: Random) -> str:
    stories = _of_level(place, 0)
    if not stories:
        return "no issue"
    place.site.world.delete(chance.choice(stories), PEOPLE[0])
    return "deleted"


def delete_epic(place: Place, chance: Random) -> str:
    epics = _of_level(place, 1)
    if len(epics) < 2:
        return "no epic"
    place.site.world.delete(chance.choice(epics), PEOPLE[0])
    return "deleted"


def remove_project(place: Place, chance: Random) -> str:
    world = place.site.world
    if len(world.projects) < 2:
        return "the only one"
    world.remove_project(chance.choice(sorted(world.projects)))
    return "removed"


def bulk(place: Place, chance: Random) -> str:
    """Many issues at once, as somebody's bulk change does it."""
    stories = _of_level(place, 0)
    chosen = chance.sample(stories, min(len(stories), chance.randrange(5, MOST_AT_ONCE)))
    category = chance.choice(CATEGORIES)
    for issue in chosen:
        move_on(place.site.world, issue, category, chance)
    return f"{len(chosen) // 5 * 5} or more"


def lose_permission(place: Place, chance: Random) -> str:
    keys = sorted(place.site.world.projects)
    kept = tuple(key for key in keys if chance.random() < 0.5)
    place.site.change_account(may_see_projects=kept)
    return f"{len(kept)} of {len(keys)} left"


def regain_permission(place: Place, _chance: Random) -> str:
    had = place.site.account.may_see_projects
    place.site.change_account(may_see_projects=None)
    return "had it" if had is None else "regained"


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
    "epic deleted": (1, in_jira(delete_epic)),
    "project removed": (1, in_jira(remove_project)),
    "bulk change": (2, in_jira(bulk)),
    "permission lost": (1, in_jira(lose_permission)),
    "permission regained": (2, in_jira(regain_permission)),
}
