"""What people change in Jira so that a page has to follow: issues that are counted below what is linked."""

from __future__ import annotations

from random import Random

from tests.simulation.history import Place
from tests.simulation.reference import expected
from tests.simulation.small_world import add_issue, move_on
from tests.site.roster import PEOPLE
from tests.site.store import Document


def can_be_played(place: Place) -> bool:
    """Whether enough lies below what is linked."""
    return len(counted_issues(place)) > 1


def turn_one(place: Place, chance: Random) -> None:
    turn(place, counted_issue(place, chance), chance)


def turn(place: Place, issue: Document, chance: Random) -> None:
    """From open to done, or back: what its epic adds up to is another figure then."""
    category = "new" if place.site.world.category(issue) == "done" else "done"
    move_on(place.site.world, issue, category, chance)
    _tell(place, f"{issue['key']} is {category}")


def touch(place: Place, issue: Document) -> None:
    """Something that no figure depends on."""
    place.site.world.edit(issue, {"summary": f"{issue['summary']} again"}, PEOPLE[0])
    _tell(place, f"{issue['key']} has another title")


def add_one(place: Place, chance: Random) -> None:
    epic = place.site.world.issues[counted_issue(place, chance)["parent"]]
    made = add_issue(place.site.world, epic["project"], "Story", epic["id"])
    _tell(place, f"{made['key']} is new")


def delete_one(place: Place, chance: Random) -> None:
    issue = counted_issue(place, chance)
    place.site.world.delete(issue, PEOPLE[0])
    _tell(place, f"{issue['key']} is deleted")


def _tell(place: Place, what: str) -> None:
    place.truth.note()
    place.play.say(f"all is well: {what}")


def counted_issue(place: Place, chance: Random) -> Document:
    return chance.choice(counted_issues(place))


def counted_issues(place: Place) -> list[Document]:
    """What is counted below an issue that is linked and of which everything is known, and is not linked itself."""
    world, linked = place.site.world, {each.issue_id for each in place.play.okrs.links}
    shown = {each.issue_id for each in place.play.okrs.links if _is_shown(place, each.key_result_key)}
    sure = {issue_id for issue_id in shown if expected(place.truth, issue_id).is_sure}
    seen = (world.issues[issue_id] for issue_id in sorted(place.truth.history, key=int) if place.truth.now(issue_id))
    below = (issue for issue in seen if issue["parent"] in sure and issue["id"] not in linked)
    return [issue for issue in below if world.level(issue) == 0 and not issue["archived"]]


def _is_shown(place: Place, key: str) -> bool:
    return place.play.okrs.by_key[key].dropped_on is None
