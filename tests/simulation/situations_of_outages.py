"""Rare moments in which a site, or the page, is away for a while: what is said and kept meanwhile, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from connector.store.tables import TableState
from tests.simulation.changes import counted_issue, turn
from tests.simulation.history import History, Place
from tests.simulation.situations import Moment, Situation
from tests.simulation.steps_of_admins import asked, check_all
from tests.site.faults import Fault
from tests.site.roster import PEOPLE

# What says that the site is away: none of it is about one thing on it.
_AWAY = (
    *(("status", status) for status in (500, 502, 503, 504)),
    *(("html", status) for status in (403, 502, 503)),
    *((kind, 0) for kind in ("html200", "empty200", "truncated", "drop")),
)
# What makes a search tell less than there is, or nothing. Only the query of a key result is refused: of others a
# refusal says that what they name is closed to us.
_LACKING = ("end", "way on", "new token", "issues", "rest")
_REFUSED = (400, 403, 404)


def site_is_away(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """For longer than anything is tried, and then it does not know us: nothing is set aside, and when all is well the
    page says what changed."""
    kind, status = chance.choice(_AWAY)
    away = Fault(".", kind, times=None, status=status or 503)
    turn(place, counted_issue(place, chance), chance)
    place.site.spoil(away)
    history.schedule.run(seconds=130)
    _pass(history, 3.0, times=7)
    parked = place.play.tenant.line.set_aside()
    place.site.parts.traffic.clear_faults()
    place.site.spoil(Fault(".", "status", times=None, status=401))
    _pass(history, 11.0, times=1)
    parked += place.play.tenant.line.set_aside()
    place.site.parts.traffic.clear_faults()
    _pass(history, 11.0, times=3)
    wrong = (f"12: set aside while the site was away: {parked}",) if parked else ()
    yield Moment(f"a site that was away, {away.name}, and then refused our token", wrong)


def searches_are_spoilt(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """Every search lacks something, and at last a query is refused, in one way after another, each for longer than
    queries are apart; nothing changes in Jira, and nothing in the page."""
    _pass(history, 11.0, times=2)
    asked(check_all)(history, place, chance)
    lacking = [Fault("/search/jql", "unwhole", times=None, lack=lack) for lack in _LACKING]
    refused = Fault("/search/jql", "status", times=None, status=chance.choice(_REFUSED), mentions="statusCategory")
    for fault in (*chance.sample(lacking, len(lacking)), refused):
        place.site.spoil(fault)
        _pass(history, 11.0, times=1)
        yield Moment(f"searches with {fault.name}", with_queries=True)
        place.site.parts.traffic.clear_faults()


def page_is_away(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """Its table's state says what is the matter, and later that it is well again. A page in the trash is found out
    about by looking around; one that is listed as before is, once there is something to write."""
    away, state = chance.choice(_WAYS)
    away(place)
    place.play.say(f"all is well, but the page is {away.__name__}")
    if away is not trashed:
        turn(place, counted_issue(place, chance), chance)
    history.schedule.run(minutes=4.0)
    found = place.play.tenant.table.state
    wrong = (f"12: {away.__name__}: the state of the table is {found}, and not {state}",) if found is not state else ()
    yield Moment(away.__name__, wrong, page_counts=False)
    place.site.parts.traffic.clear_faults()
    if place.play.wiki.status != "current":
        place.play.wiki.bring_back(PEOPLE[0])
    _pass(history, 31.0, times=2)
    yield Moment(f"back after {away.__name__}")


def archived(place: Place) -> None:
    place.play.wiki.archive()


def trashed(place: Place) -> None:
    place.play.wiki.trash(PEOPLE[0])


def forbidden(place: Place) -> None:
    """It may not be read any more, and Confluence says so."""
    place.site.spoil(Fault(r"/pages/\d+$", "status", times=None, status=403))


_WAYS: tuple[tuple[Callable[[Place], None], TableState], ...] = (
    (archived, TableState.NO_PAGE),
    (trashed, TableState.NO_PAGE),
    (trashed, TableState.NO_PAGE),
    (forbidden, TableState.NO_PERMISSION),
)


def _pass(history: History, minutes: float, times: int) -> None:
    """Time in which hardly anything happens: nobody does anything but for a while after each span."""
    for _ in range(times):
        history.schedule.skip(minutes=minutes)
        history.schedule.run(seconds=10)


OF_OUTAGES: tuple[Situation, ...] = (site_is_away, page_is_away)
