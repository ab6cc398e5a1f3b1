"""Rare moments in which a site, or the page, is away for a while: what is said and kept meanwhile, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from connector.store.tables import TableState
from tests.simulation.changes import counted_issue, turn
from tests.simulation.history import History, Place
from tests.simulation.situations import Moment, Situation
from tests.site.faults import Fault
from tests.site.roster import PEOPLE

# What says that the site is away, or does not know us any more: none of it is about one thing on it.
_AWAY = (
    *(("status", status) for status in (401, 401, 500, 502, 503, 504)),
    *(("html", status) for status in (403, 502, 503)),
    *((kind, 0) for kind in ("html200", "empty200", "truncated", "drop")),
)


def site_is_away(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """For longer than anything is tried: nothing is set aside, and when the site is back the page says what changed."""
    kind, status = chance.choice(_AWAY)
    fault = Fault(".", kind, times=None, status=status or 503)
    turn(place, counted_issue(place, chance), chance)
    place.site.spoil(fault)
    history.schedule.run(seconds=130)
    _pass(history, 3.0, times=7)
    parked = place.play.tenant.line.set_aside()
    place.site.parts.traffic.clear_faults()
    _pass(history, 11.0, times=3)
    wrong = (f"12: set aside while the site was away: {parked}",) if parked else ()
    yield Moment(f"a site that was away, {fault.name}", wrong)


def page_is_away(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """Nothing changes but the page itself: its table's state says what is the matter, and that it is well again."""
    away, state = chance.choice(_WAYS)
    away(place)
    if state is TableState.NO_PERMISSION:
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
    """The page may not be read any more, and Confluence says so."""
    place.site.spoil(Fault(r"/pages/\d+$", "status", times=None, status=403))


_WAYS: tuple[tuple[Callable[[Place], None], TableState], ...] = (
    (archived, TableState.NO_PAGE),
    (trashed, TableState.NO_PAGE),
    (forbidden, TableState.NO_PERMISSION),
)


def _pass(history: History, minutes: float, times: int) -> None:
    """Time in which hardly anything happens: nobody does anything but for a while after each span."""
    for _ in range(times):
        history.schedule.skip(minutes=minutes)
        history.schedule.run(seconds=10)


OF_OUTAGES: tuple[Situation, ...] = (site_is_away, page_is_away)
