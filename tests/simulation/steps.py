"""Everything that may happen in a history, each step drawn by its own seed, with time passing after each."""

from __future__ import annotations

from random import Random

from tests.campaign import steps as of_pages
from tests.campaign.steps_of_time import check_in_by_form
from tests.campaign.verdict import Step
from tests.simulation import steps_of_admins, steps_of_faults, steps_of_jira
from tests.simulation.history import History, Place
from tests.simulation.steps_of_jira import Act

FEWEST, MOST = 30, 37
FEWEST_FAULTS, MOST_FAULTS = 5, 10
# What people do to a page, as the campaign of pages does it; the service's looks and time are ours here.
_OF_PAGES = (
    "type", "type in several cells", "type in many cells", "type what nobody understands", "empty cells",
    "several editors", "a bot types", "type in a computed cell", "write outside", "cut outside",
    "write above the table", "add a row", "add a column", "add words of their own", "delete a row", "sort rows",
    "double a row", "copy the table", "take the table away", "restore a version", "comment", "draft",
    "archive or trash", "restrict", "new title",
)  # fmt: skip


def _on_page(kind: str) -> Act:
    def act(_history: History, place: Place, chance: Random) -> str:
        return of_pages.STEPS[kind][1](place.play, chance)

    return act


def _by_form(_history: History, place: Place, chance: Random) -> str:
    return check_in_by_form(place.play, chance)


PAGE_STEPS: dict[str, tuple[int, Act]] = {kind: (of_pages.STEPS[kind][0], _on_page(kind)) for kind in _OF_PAGES}
PEOPLE_STEPS: dict[str, tuple[int, Act]] = {
    **PAGE_STEPS,
    **steps_of_jira.STEPS,
    **steps_of_admins.STEPS,
    "check-in by form": (3, _by_form),
}
STEPS: dict[str, tuple[int, Act]] = {**PEOPLE_STEPS, **steps_of_faults.STEPS}
# What no page has to follow at once.
QUIET_STEPS = frozenset({*steps_of_jira.STEPS, *steps_of_faults.STEPS})
# Seconds that pass after a step: mostly few, so that things meet.
BREATHS = (0, 0, 0, 1, 3, 8, 20, 61, 130, 300)


def draw_steps(chance: Random) -> list[Step]:
    """At least 30 operations of people and 5 faults, in any order."""
    people = _drawn(PEOPLE_STEPS, chance, chance.randrange(FEWEST, MOST))
    faults = _drawn(steps_of_faults.STEPS, chance, chance.randrange(FEWEST_FAULTS, MOST_FAULTS))
    drawn = people + faults
    chance.shuffle(drawn)
    return drawn


def take_step(history: History, step: Step) -> None:
    """Do it, tell it, and let some time pass."""
    chance = Random(step.seed)
    place = chance.choice(history.places)
    place.site.heard.step += 1
    place.acts += step.kind not in QUIET_STEPS
    outcome = STEPS[step.kind][1](history, place, chance)
    history.coverage[step.kind, outcome] += 1
    place.play.say(f"{step.kind} → {outcome}")
    history.schedule.run(seconds=chance.choice(BREATHS))


def _drawn(among: dict[str, tuple[int, Act]], chance: Random, number: int) -> list[Step]:
    kinds = [kind for kind, (weight, _) in among.items() for _ in range(weight)]
    return [Step(chance.choice(kinds), chance.getrandbits(32)) for _ in range(number)]
