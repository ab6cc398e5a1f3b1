"""The world that every history begins with, each time a little otherwise: two projects, some epics, what lies below."""

from __future__ import annotations

from random import Random

from tests.site.roster import PEOPLE
from tests.site.sample import Catalogue, put_project
from tests.site.store import Document
from tests.site.world import World

PROJECTS = (("10001", "PAY", "Payments", "classic"), ("10002", "GRO", "Growth", "next-gen"))
# Of each epic: its project, and how far each story below it is.
_EPICS = (("PAY", "nid"), ("PAY", "ddi"), ("PAY", ""), ("GRO", "nd"), ("GRO", "niid"))
# Workflows name their statuses as they like, in any language; the category alone says what one means. 已完成 occurs in
# two categories in real data, too.
STATUSES = (
    ("To Do", "new"), ("In Progress", "indeterminate"), ("Done", "done"), ("Bereit", "new"),
    ("Resolved", "indeterminate"), ("已完成", "indeterminate"), ("Abgenommen", "done"), ("已完成", "done"),
)  # fmt: skip
_CATEGORIES = {"n": "new", "i": "indeterminate", "d": "done"}
DAY = 24 * 3600 * 1000
RESOLUTIONS = ("Done", "Done", "Fixed", "Won't Do", "Duplicate")
POINTS = (None, 1.0, 2.0, 3.0, 5.0, 0.5)


def fill(world: World, chance: Random) -> None:
    """Put it into an empty site."""
    catalogue = Catalogue(world.store)
    for name, category in STATUSES:
        catalogue.status(name, category)
    for name, level in (("Epic", 1), ("Story", 0), ("Bug", 0), ("Sub-task", -1)):
        catalogue.type(name, level)
    for number, key, name, style in PROJECTS:
        put_project(world.store, catalogue, number, key, name, style, [])
        project = world.projects[key]
        world.store.put("projects", key, {**project, "types": sorted(world.types, key=int)})
    for project_key, stories in _EPICS:
        epic = add_issue(world, project_key, "Epic", None)
        for story in _perturbed(stories, chance):
            child = add_issue(world, _near(project_key, chance), "Story", epic["id"])
            move_on(world, child, _CATEGORIES[story], chance)
            if chance.random() < 0.15:
                add_issue(world, child["project"], "Sub-task", child["id"])


def add_issue(world: World, project_key: str, kind: str, parent: str | None, **fields: object) -> Document:
    """A new issue of that type, by one of the people."""
    type_id = next(each["id"] for each in world.types.values() if each["name"] == kind)
    made = {"project": project_key, "type": type_id, "summary": f"A {kind}", "parent": parent, **fields}
    return world.create(made, PEOPLE[1])


def move_on(world: World, issue: Document, category: str, chance: Random, *, bulk: bool = False) -> None:
    """To a status of that category, for each issue the same one; an archived issue stays as it is."""
    if issue["archived"]:
        return
    fitting = sorted(each["id"] for each in world.statuses.values() if each["category"] == category)
    resolution = chance.choice(RESOLUTIONS) if category == "done" else None
    wanted = fitting[int(issue["id"]) % len(fitting)]
    world.transition(issue, wanted, chance.choice(PEOPLE), resolution, bulk=bulk)


def grow_old(world: World) -> None:
    """Everything in it is from the day before, so that nothing of it counts as changed of late."""
    for issue in world.issues.values():
        times = (name for name in ("created", "updated", "resolved", "category_changed") if issue[name])
        world.store.put("issues", issue["id"], {**issue, **{name: issue[name] - DAY for name in times}})


def _perturbed(stories: str, chance: Random) -> str:
    """Perhaps one more, perhaps one less, perhaps one that is elsewhere."""
    kept = [story for story in stories if chance.random() > 0.1]
    return "".join(kept) + chance.choice(("", "", "n", "d"))


def _near(project_key: str, chance: Random) -> str:
    """Mostly the same project."""
    return project_key if chance.random() < 0.85 else chance.choice([key for _, key, _, _ in PROJECTS])
