"""What goes wrong: at the sites, on the way of events, in our own processes."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.simulation.faults import CALLS, KINDS, Rule
from tests.simulation.history import History, Place
from tests.simulation.post import Trouble
from tests.simulation.steps_of_jira import Act
from tests.simulation.workers import CRASH, STALL

MOST_TIMES = 4
FAR_POINT = 25


def call_fails(_history: History, place: Place, chance: Random) -> str:
    """The next few calls of some kind."""
    kind, call = chance.choice(KINDS), chance.choice(sorted(CALLS))
    place.site.faults.rules.append(Rule(kind, call, chance.randrange(1, MOST_TIMES + 1)))
    return f"{kind} at {call}"


def outage(history: History, place: Place, chance: Random) -> str:
    """Everything of a site fails for a while."""
    kind, minutes = chance.choice(KINDS), chance.choice((2, 10, 45, 100))
    place.site.faults.rules.append(Rule(kind, "anything", None, history.clock.now() + timedelta(minutes=minutes)))
    return f"{kind} for {minutes} minutes"


def events_in_trouble(history: History, _place: Place, chance: Random) -> str:
    history.post.trouble = Trouble(
        lost=chance.choice((0.0, 0.1, 0.5, 1.0)),
        doubled=chance.choice((0.0, 0.3, 1.0)),
        latest_seconds=chance.choice((1.0, 30.0, 300.0, 1800.0)),
    )
    return f"{history.post.trouble.lost:.0%} lost"


def old_event(history: History, _place: Place, _chance: Random) -> str:
    return "sent" if history.post.send_old() else "none"


def index_lags(_history: History, place: Place, chance: Random) -> str:
    seconds = chance.choice((0, 5, 60, 300))
    place.site.world.search_lag = timedelta(seconds=seconds)
    return f"{seconds} s"


def crash(history: History, _place: Place, chance: Random) -> str:
    chance.choice(history.workers.processes).fate = (CRASH, chance.randrange(1, FAR_POINT))
    return "set"


def stall(history: History, _place: Place, chance: Random) -> str:
    chance.choice(history.workers.processes).fate = (STALL, chance.randrange(1, FAR_POINT))
    return "set"


def bell(history: History, _place: Place, chance: Random) -> str:
    history.workers.bell_is_lost = chance.random() < 0.7
    return "lost" if history.workers.bell_is_lost else "back"


def database_away(history: History, _place: Place, chance: Random) -> str:
    """For some seconds; an event that comes meanwhile is refused, and sent again."""
    history.workers.points.is_away = True
    history.schedule.run(seconds=chance.choice((1, 5, 30)))
    history.workers.points.is_away = False
    return "and back"


STEPS: dict[str, tuple[int, Act]] = {
    "calls fail": (8, call_fails),
    "outage": (2, outage),
    "events in trouble": (2, events_in_trouble),
    "an old event again": (1, old_event),
    "the index lags": (2, index_lags),
    "a worker crashes": (5, crash),
    "a worker stalls": (3, stall),
    "the bell": (1, bell),
    "the database is away": (1, database_away),
}
