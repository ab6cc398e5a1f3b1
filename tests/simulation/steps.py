"""Everything that may happen in a history, each step drawn by its own seed, with time passing after each."""

from __future__ import annotations

from random import Random

from tests.campaign import steps as of_pages
from tests.campaign.steps_of_time import check_in_by_form
from tests.campaign.verdict import Step
from tests.simulation import steps_of_admins, steps_of_faults, steps_of_jira
from tests.simulation.healing import pass_time
from tests.simulation.history import History, Place
from tests.simulation.house import FULL_CHECK_HOURS
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


def _time_passes(history: History, _place: Place, chance: Random) -> str:
    """The next asking of queries, the next full check: amid whatever is wrong."""
    minutes = chance.choice((11.0, 60.0 * FULL_CHECK_HOURS))
    pass_time(history, minutes)
    return f"{minutes:.0f} minutes"


PAGE_STEPS: dict[str, tuple[int, Act]] = {kind: (of_pages.STEPS[kind][0], _on_page(kind)) for kind in _OF_PAGES}
PEOPLE_STEPS: dict[str, tuple[int, Act]] = {
    **PAGE_STEPS,
    **steps_of_jira.STEPS,
    **steps_of_admins.STEPS,
    "check-in by form": (3, _by_form),
}
# Beside what is counted.
TIME_STEPS: dict[str, tuple[int, Act]] = {"time passes": (1, _time_passes)}
MOST_TIMES = 2
STEPS: dict[str, tuple[int, Act]] = {**PEOPLE_STEPS, **steps_of_faults.STEPS, **TIME_STEPS}
# What no page has to follow at once.
QUIET_STEPS = frozenset({*steps_of_jira.STEPS, *steps_of_faults.STEPS, *TIME_STEPS})
# Seconds that pass after a step: mostly few, so that things meet.
BREATHS = (0, 0, 0, 1, 3, 8, 20, 61, 130, 300)


def draw_steps(chance: Random) -> list[Step]:
    """At least 30 operations of people and 5 faults, and now and then a while in which they do nothing, in any
    order."""
    people = _drawn(PEOPLE_STEPS, chance, chance.randrange(FEWEST, MOST))
    faults = _drawn(steps_of_faults.STEPS, chance, chance.randrange(FEWEST_FAULTS, MOST_FAULTS))
    drawn = people + faults + _drawn(TIME_STEPS, chance, chance.randrange(MOST_TIMES + 1))
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
    history.coverage["state", _state(place)] += 1
    history.schedule.run(seconds=chance.choice(BREATHS))


def _state(place: Place) -> str:
    """What the product knows of its table, and how the page really is."""
    wiki, known = place.play.wiki, place.play.tenant.table.state
    return f"{known}, and the page is {wiki.status}{', with a draft' if wiki.draft else ''}"


def _drawn(among: dict[str, tuple[int, Act]], chance: Random, number: int) -> list[Step]:
    kinds = [kind for kind, (weight, _) in among.items() for _ in range(weight)]
    return [Step(chance.choice(kinds), chance.getrandbits(32)) for _ in range(number)]
