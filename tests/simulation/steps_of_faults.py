"""What goes wrong: at the sites, on the way of events, in our own processes."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from tests.simulation.coverage import ANY_STAGE, CALLING, LISTING, WITHOUT_CALLS
from tests.simulation.history import History, Place
from tests.simulation.network import FaultOfStage
from tests.simulation.steps_of_jira import Act
from tests.simulation.workers import AWAY, CRASH, STALL, Fate
from tests.site.faults import Fault
from tests.site.limits import REASONS, TOLD
from tests.site.webhook_trouble import WebhookTrouble

MOST_TIMES = 4
FAR_POINT = 25
NEAR_POINTS = (1, 1, 2, 3, 5)
# These seldom run, so they are drawn more often.
SELDOM = ("children", "rule", "rule", "jql")
KINDS: tuple[tuple[str, int], ...] = (
    *(("status", status) for status in (401, 403, 404, 409, 413, 500, 502, 503, 504)),
    *(("html", status) for status in (403, 413, 502, 503)),
    *((kind, 0) for kind in ("limited", "limited", "html200", "empty200", "truncated", "slow", "drop", "lost")),
)
# What is called, as people would name it: method and path.
CALLS: dict[str, tuple[str | None, str]] = {
    "anything": (None, "."),
    "Jira's search": ("POST", "/search/jql"),
    "Jira's issues": ("POST", "/issue/bulkfetch"),
    "the list of pages": ("GET", "/wiki/api/v2/pages$"),
    "reading a page": ("GET", r"/pages/\d+$"),
    "writing a page": ("PUT", r"/pages/\d+$"),
    "a page's history": ("GET", r"/pages/\d+/versions"),
    "people": ("POST", "/users-bulk"),
}

# What may be missing there (`tests/site/unwhole.py`). An issue that a list by ids does not have is deleted or closed to
# us, so that list lacks none without a word.
LACKS_OF = {
    "Jira's search": ("end", "issues", "new token", "rest", "status", "way on"),
    "Jira's issues": ("issues", "one issue", "status"),
}


def call_fails(_history: History, place: Place, chance: Random) -> str:
    """The next few calls of some kind."""
    call = chance.choice(sorted(CALLS))
    fault = some_fault(chance, call, chance.randrange(1, MOST_TIMES + 1))
    place.site.spoil(fault)
    place.play.say(f"{fault.times} × {fault.name} at {call}")
    return fault.kind


def stage_fails(history: History, place: Place, chance: Random) -> str:
    """The next calls that one stage makes, whatever it calls."""
    stage = chance.choice((*CALLING, *SELDOM))
    fault = some_fault(chance, "anything", 1)
    times = chance.randrange(1, MOST_TIMES)
    history.network.of_stages += [FaultOfStage(place.site.name, stage, fault)] * times
    place.play.say(f"{times} × {fault.name} at what {stage} asks")
    return fault.kind


def answers_not_whole(history: History, place: Place, chance: Random) -> str:
    """The next few lists of issues lack something, whoever asks for them or one stage alone."""
    call = chance.choice(sorted(LACKS_OF))
    lack, (method, path) = chance.choice(LACKS_OF[call]), CALLS[call]
    times, stage = chance.randrange(1, MOST_TIMES + 1), chance.choice(("", *LISTING))
    if stage:
        fault = Fault(path, "unwhole", method, lack=lack)
        history.network.of_stages += [FaultOfStage(place.site.name, stage, fault)] * times
    else:
        place.site.spoil(Fault(path, "unwhole", method, times=times, lack=lack))
    place.play.say(f"{times} × without {lack} at {call}{f', asked by {stage}' if stage else ''}")
    return lack


def outage(history: History, place: Place, chance: Random) -> str:
    """Everything of a site fails for a while."""
    minutes = chance.choice((2, 10, 45, 100))
    fault = some_fault(chance, "anything", None)
    place.site.spoil(fault, history.clock.now() + timedelta(minutes=minutes))
    place.play.say(f"{fault.name} for {minutes} minutes")
    return f"{minutes} minutes"


def some_fault(chance: Random, call: str, times: int | None) -> Fault:
    """Of any kind that the site has."""
    method, path = CALLS[call]
    kind, detail = chance.choice(KINDS)
    given: dict[str, Any] = {"path": path, "method": method, "kind": kind, "times": times}
    if kind == "limited":
        return Fault(**given, limit=chance.choice(sorted(REASONS)), told=chance.choice(sorted(TOLD)))
    return Fault(**given, status=detail or 503, seconds=chance.choice((5.0, 50.0, 170.0)))


def events_in_trouble(_history: History, place: Place, chance: Random) -> str:
    """Each event is lost, doubled, late, overtaken or old with these shares."""
    shares = chance.choice(((1.0, 0, 0, 0, 0), (0.5, 0.1, 0.1, 0.1, 0.1), (0, 0.5, 0.2, 0.3, 0), (0, 0, 0.6, 0, 0.4)))
    place.site.parts.troubles.plan([WebhookTrouble(chance.getrandbits(32), *shares)])
    return f"{shares[0]:.0%} lost"


def old_event(_history: History, place: Place, chance: Random) -> str:
    """A delivery that was made is made once more."""
    outbox = place.site.parts.issue_postman.outbox
    if not outbox.all():
        return "none"
    outbox.again(chance.choice(outbox.all())["id"], chance.choice((0.0, 60.0)))
    return "sent"


def index_lags(_history: History, place: Place, chance: Random) -> str:
    index = place.site.world.search_index
    seconds, index.seed = chance.choice((0, 5, 60, 300)), chance.getrandbits(32)
    index.lag = timedelta(seconds=seconds)
    return f"{seconds} s"


def crash(history: History, _place: Place, chance: Random) -> str:
    return _set_fate(history, CRASH, chance)


def stall(history: History, _place: Place, chance: Random) -> str:
    return _set_fate(history, STALL, chance)


def database_away_from_a_worker(history: History, _place: Place, chance: Random) -> str:
    """In the middle of what it does."""
    return _set_fate(history, AWAY, chance)


def _set_fate(history: History, kind: str, chance: Random) -> str:
    """At any point, or at one of the next few in some stage, so that those that seldom run have their share."""
    anywhere = Fate(kind, chance.randrange(1, FAR_POINT))
    in_a_stage = Fate(kind, chance.choice(NEAR_POINTS), chance.choice((*ANY_STAGE, *SELDOM, *sorted(WITHOUT_CALLS))))
    process = chance.choice(history.workers.processes)
    process.fate = chance.choice((anywhere, in_a_stage))
    return process.fate.stage or "anywhere"


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
    "a stage fails": (8, stage_fails),
    "answers not whole": (3, answers_not_whole),
    "outage": (2, outage),
    "events in trouble": (2, events_in_trouble),
    "an old event again": (1, old_event),
    "the index lags": (2, index_lags),
    "a worker crashes": (5, crash),
    "a worker stalls": (3, stall),
    "the bell": (1, bell),
    "the database is away": (1, database_away),
    "the database is away from a worker": (2, database_away_from_a_worker),
}
