"""Links as people make them on our own screens, noted for the judge."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from mapping.okr import Initiative, Kind, Source
from sync.commands import link
from tests.simulation.history import History, Place


def linkable(place: Place, chance: Random) -> list[str]:
    """Keys of epics, and now and then of a story."""
    world = place.site.world
    level = 1 if chance.random() < 0.85 else 0
    return [issue["key"] for issue in world.issues.values() if world.level(issue) == level]


def link_issue(history: History, place: Place, key: str, issue: str, chance: Random) -> None:
    """By a person, on our own screen."""
    kr = place.play.okrs.by_key[key]
    drives = Decimal(chance.choice((1, 2, 3))) if kr.source is Source.INITIATIVES and chance.random() < 0.8 else None
    step = chance.choice(kr.steps).key if kr.kind is Kind.MILESTONE and chance.random() < 0.6 else ""
    done = link(history.on, place.home.workspace_id, key, issue, who="Petra Admin", drives=drives, step=step)
    found = place.site.world.find(issue)
    assert found is not None, f"{issue} was linked and is not there"
    issue_id = found["id"]
    kept = [each for each in place.play.okrs.links if (each.key_result_key, each.issue_id) != (key, issue_id)]
    made = Initiative(key, place.home.jira_id, issue_id, done.role, done.weight, step)
    place.play.okrs.links = [*kept, made]
    place.unlinked.discard((key, issue_id))
