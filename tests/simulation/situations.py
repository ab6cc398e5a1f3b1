"""Moments that are rare in a history, played once all is well: each begins with one kind of trouble, lets people change
something in Jira that the page shows, and gives the time by which it has to be there all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.simulation.ambushes import Ambush
from tests.simulation.changes import add_one, counted_issue, counted_issues, delete_one, touch, turn, turn_one
from tests.simulation.history import History, Place
from tests.simulation.steps_of_admins import asked, check_all
from tests.site.faults import Fault
from tests.site.webhook_trouble import WebhookTrouble


@dataclass(frozen=True)
class Moment:
    """Now the page has to be right. ``wrong``: what is not as it has to be besides, each with its law.
    ``with_queries``: values of queries are judged as well. ``page_counts``: False while the page is away."""

    name: str
    wrong: tuple[str, ...] = ()
    with_queries: bool = False
    page_counts: bool = True


Situation = Callable[[History, Place, Random], Iterator[Moment]]
"""What is done in it, up to each moment at which something can be judged."""

# Longer than two polls are apart: whatever only a search tells comes after the next one.
LATE_INDEX = timedelta(seconds=240)
BULKFETCH = "POST /rest/api/3/issue/bulkfetch"
SEARCH = "POST /rest/api/3/search/jql"


def newer_change_first(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """No event comes; the index shows the second change at once, and the first one after the next polls."""
    _lose_events(place)
    _late_index(place)
    turn(place, counted_issue(place, chance), chance)
    history.schedule.run(seconds=chance.choice((5.0, 40.0)))
    _prompt_index(place)
    turn(place, counted_issue(place, chance), chance)
    history.schedule.run(minutes=8.0)
    yield Moment("no events, and an index that shows the newer change first")


def index_knows_nothing_yet(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """Events come, and everything is asked for once more while searches still show how it was."""
    turn(place, counted_issue(place, chance), chance)
    history.schedule.run(seconds=10.0)
    _late_index(place)
    for change in chance.sample((turn_one, add_one, delete_one), 3):
        change(place, chance)
    history.schedule.run(seconds=10.0)
    asked(check_all)(history, place, chance)
    history.schedule.run(seconds=50.0)
    yield Moment("events, and an index that is late while everything is checked")
    history.schedule.run(seconds=120.0)
    yield Moment("events, and an index that is still late after the next poll")


def read_while_it_changes(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """The answer is slow on its way; what it says is old when it comes, and the event of the newer state was before."""
    _late_index(place)
    issue = counted_issue(place, chance)
    history.workers.ambushes.lay(Ambush("issue", f"after {BULKFETCH}", 12.0))
    turn(place, issue, chance)
    history.schedule.run(seconds=6.0)
    turn(place, issue, chance)
    history.schedule.run(seconds=55.0)
    yield Moment("an event of what changed while it was being read")


def ends_at_work(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """A process ends with the change in hand: its claim runs out, and somebody else does it."""
    stage = chance.choice(("initiative", "initiative", "issue"))
    history.workers.ambushes.lay(Ambush(stage, chance.choice(("before commit", "after commit", "after commit"))))
    turn(place, counted_issue(place, chance), chance)
    history.schedule.run(minutes=5.0)
    yield Moment(f"a worker that ends while it does {stage}")


def database_goes_at_the_door(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """The database is away for some seconds as soon as an event is kept."""
    _late_index(place)
    points, after = history.workers.points, history.workers.points.after

    def goes() -> None:
        if history.workers.here() is None:
            points.is_away, points.after = True, after
        after()

    points.after = goes
    turn(place, counted_issue(place, chance), chance)
    history.schedule.run(seconds=5.0)
    points.is_away, points.after = False, after
    history.schedule.run(seconds=60.0)
    yield Moment("an event that was kept right before the database went away")


def one_issue_fails_jira(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """Jira cannot answer as long as one of the issues is among those asked for."""
    poison, issue = chance.sample(counted_issues(place), 2)
    place.site.spoil(Fault("/issue/bulkfetch", "status", times=None, status=500, mentions=f'"{poison["id"]}"'))
    touch(place, poison)
    turn(place, issue, chance)
    history.schedule.run(seconds=60.0)
    yield Moment("an issue beside one that Jira fails at")


def one_issue_is_not_whole(history: History, place: Place, chance: Random) -> Iterator[Moment]:
    """Jira says that it has one of the issues and cannot hand it out, or leaves out its status."""
    spoilt, issue = chance.sample(counted_issues(place), 2)
    lack = chance.choice(("one issue", "status"))
    place.site.spoil(Fault("/issue/bulkfetch", "unwhole", times=None, lack=lack, about=spoilt["id"]))
    if lack == "status":
        place.site.spoil(Fault("/search/jql", "unwhole", times=None, lack=lack, about=spoilt["id"]))
    touch(place, spoilt)
    turn(place, issue, chance)
    history.schedule.run(seconds=60.0)
    yield Moment(f"an issue beside one that comes without {lack}")


def _lose_events(place: Place) -> None:
    place.site.parts.troubles.plan([WebhookTrouble(0, drop=1.0)])


def _late_index(place: Place) -> None:
    place.site.world.search_index.lag, place.site.world.search_index.seed = LATE_INDEX, None


def _prompt_index(place: Place) -> None:
    place.site.world.search_index.lag = timedelta(0)


OF_JIRA: tuple[Situation, ...] = (
    newer_change_first,
    index_knows_nothing_yet,
    read_while_it_changes,
    ends_at_work,
    database_goes_at_the_door,
    one_issue_fails_jira,
    one_issue_is_not_whole,
)
