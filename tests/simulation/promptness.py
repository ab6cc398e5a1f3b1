"""How soon a change in Jira is in the page while nothing is wrong: with events at once, by polling alone in minutes.

At the end of a history everything is checked in full, so that a change nobody noticed is found all the same. Here
nobody checks: what was done last has to come by the way that it should have come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from connector.store.tables import TableState
from mapping.okr import Source
from tests.simulation.changes import can_be_played
from tests.simulation.history import History, Place
from tests.simulation.judge import judge_convergence
from tests.simulation.situations import OF_JIRA, Situation
from tests.simulation.situations_of_outages import OF_OUTAGES, searches_are_spoilt
from tests.simulation.steps_of_admins import asked, try_again
from tests.simulation.steps_of_jira import create, re_parent, transition
from tests.site.webhook_trouble import WebhookTrouble

# Both an event and a search for what was changed tell of these.
_CHANGES: tuple[Callable[[Place, Random], str], ...] = (create, transition, transition, re_parent, re_parent)
MOST_CHANGES = 4
BY_EVENTS = timedelta(seconds=60)
# A poll every two minutes, a timer that looks once in a minute, an index that lags by at most one, and the writing.
BY_POLLING = timedelta(minutes=5)
LAGS = (0.0, 5.0, 60.0)
SITUATIONS = (*OF_JIRA, *OF_OUTAGES)
SITUATIONS_IN_A_HISTORY = 2
# What comes from Jira may be written so many times, and once more in half an hour.
BUCKET, MINUTES_FOR_A_WRITE = 4, 31


def change_when_all_is_well(history: History) -> Iterator[str]:
    """A few changes in Jira, the time that is promised, and one line for each thing that does not stand in the page."""
    for place in history.places:
        chance = Random(f"{history.seed} soon {place.site.name}")
        if place.play.tenant.table.state is TableState.CURRENT:
            yield from _change(history, place, chance)
    chance = Random(f"{history.seed} situations")
    place = chance.choice(history.places)
    for situation in _some_situations(place, chance):
        _rest(history, place)
        if place.play.tenant.table.state is TableState.CURRENT and can_be_played(place):
            yield from _meet(history, place, situation, chance)


def _some_situations(place: Place, chance: Random) -> list[Situation]:
    """Only where the value of a key result comes from a query is there something to see of spoilt searches."""
    asks = any(kr.source is Source.JQL for kr in place.play.okrs.key_results)
    first = [searches_are_spoilt] if asks and chance.random() < 0.5 else []
    return [*first, *chance.sample(SITUATIONS, SITUATIONS_IN_A_HISTORY - len(first))]


def _rest(history: History, place: Place) -> None:
    """Everything is well again, and the page may be written as often as before."""
    place.site.parts.traffic.clear_faults()
    place.site.parts.troubles.plan([])
    place.site.world.search_index.lag = timedelta(0)
    history.workers.ambushes.lift()
    asked(try_again)(history, place, Random(0))
    history.schedule.run(seconds=5)
    since = history.clock.now() - timedelta(minutes=MINUTES_FOR_A_WRITE * BUCKET)
    lately = [one.at for one in place.site.heard.written if one.at > since]
    history.schedule.skip(minutes=MINUTES_FOR_A_WRITE * len(lately))
    history.schedule.run(seconds=5)


def _meet(history: History, place: Place, situation: Situation, chance: Random) -> Iterator[str]:
    for moment in situation(history, place, chance):
        place.play.coverage["change when all is well", situation.__name__] += 1
        yield from moment.wrong
        if moment.page_counts:
            yield from (f"11: {moment.name}: {line}" for line in _wrong(place, moment.with_queries))


def _change(history: History, place: Place, chance: Random) -> Iterator[str]:
    by_events = chance.random() < 0.4
    place.site.parts.troubles.plan([] if by_events else [WebhookTrouble(0, drop=1.0)])
    place.site.world.search_index.lag = timedelta(seconds=0.0 if by_events else chance.choice(LAGS))
    for _ in range(chance.randrange(1, MOST_CHANGES + 1)):
        change = chance.choice(_CHANGES)
        place.play.say(f"all is well: {change.__name__} → {change(place, chance)}")
        place.truth.note()
        history.schedule.run(seconds=chance.choice((0.0, 1.0, 20.0)))
    history.schedule.run_until(history.clock.now() + (BY_EVENTS if by_events else BY_POLLING))
    way = "events" if by_events else "polling"
    place.play.coverage["change when all is well", f"seen by {way}"] += 1
    yield from (f"11: by {way}, in the time that is promised: {line}" for line in _wrong(place))


def _wrong(place: Place, with_queries: bool = False) -> Iterator[str]:
    state, sheet = place.play.tenant.table.state, place.play.sheet()
    if state is not TableState.CURRENT or sheet is None:
        yield f"the table's state is {state}"
        return
    # Queries are asked every ten minutes.
    asking = [] if with_queries else [kr.key for kr in place.play.okrs.key_results if kr.source is Source.JQL]
    for line in judge_convergence(place, sheet, asking):
        # While Jira cannot be read the first line says that, and not how many need attention.
        if "Jira cannot be read since" not in line:
            yield line
