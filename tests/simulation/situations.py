"""Moments that are rare in a history, played once all is well: each begins with one kind of trouble, lets people change
something in Jira that the page shows, and gives the time by which it has to be there all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from tests.simulation.ambushes import Ambush
from tests.simulation.history import History, Place
from tests.simulation.small_world import add_issue, move_on
from tests.simulation.steps_of_admins import asked, check_all
from tests.site.faults import Fault
from tests.site.roster import PEOPLE
from tests.site.store import Document
from tests.site.webhook_trouble import WebhookTrouble

Situation = Callable[[History, Place, Random], Iterator[str]]
"""What is done in it. It gives a name each time when the page has to be right."""

# Longer than two polls are apart: whatever only a search tells comes after the next one.
LATE_INDEX = timedelta(seconds=240)
BULKFETCH = "POST /rest/api/3/issue/bulkfetch"
SEARCH = "POST /rest/api/3/search/jql"


def newer_change_first(history: History, place: Place, chance: Random) -> Iterator[str]:
    """No event comes; the index shows the second change at once, and the first one after the next polls."""
    _lose_events(place)
    _late_index(place)
    _turn(place, _counted(place, chance), chance)
    history.schedule.run(seconds=chance.choice((5.0, 40.0)))
    _prompt_index(place)
    _turn(place, _counted(place, chance), chance)
    history.schedule.run(minutes=8.0)
    yield "no events, and an index that shows the newer change first"


def index_knows_nothing_yet(history: History, place: Place, chance: Random) -> Iterator[str]:
    """Events come, and everything is asked for once more while searches still show how it was."""
    _turn(place, _counted(place, chance), chance)
    history.schedule.run(seconds=10.0)
    _late_index(place)
    for change in chance.sample((_turn_one, _add_one, _delete_one), 3):
        change(place, chance)
    history.schedule.run(seconds=10.0)
    asked(check_all)(history, place, chance)
    history.schedule.run(seconds=50.0)
    yield "events, and an index that is late while everything is checked"
    history.schedule.run(seconds=120.0)
    yield "events, and an index that is still late after the next poll"


def read_while_it_changes(history: History, place: Place, chance: Random) -> Iterator[str]:
    """The answer is slow on its way; what it says is old when it comes, and the event of the newer state was before."""
    _late_index(place)
    issue = _counted(place, chance)
    history.workers.ambushes.lay(Ambush("issue", f"after {BULKFETCH}", 12.0))
    _turn(place, issue, chance)
    history.schedule.run(seconds=6.0)
    _turn(place, issue, chance)
    history.schedule.run(seconds=55.0)
    yield "an event of what changed while it was being read"


def ends_at_work(history: History, place: Place, chance: Random) -> Iterator[str]:
    """A process ends with the change in hand: its claim runs out, and somebody else does it."""
    stage = chance.choice(("initiative", "initiative", "issue"))
    history.workers.ambushes.lay(Ambush(stage, chance.choice(("before commit", "after commit", "after commit"))))
    _turn(place, _counted(place, chance), chance)
    history.schedule.run(minutes=5.0)
    yield f"a worker that ends while it does {stage}"


def database_goes_at_the_door(history: History, place: Place, chance: Random) -> Iterator[str]:
    """The database is away for some seconds as soon as an event is kept."""
    _late_index(place)
    points, after = history.workers.points, history.workers.points.after

    def goes() -> None:
        if history.workers.here() is None:
            points.is_away, points.after = True, after
        after()

    points.after = goes
    _turn(place, _counted(place, chance), chance)
    history.schedule.run(seconds=5.0)
    points.is_away, points.after = False, after
    history.schedule.run(seconds=60.0)
    yield "an event that was kept right before the database went away"


def one_issue_fails_jira(history: History, place: Place, chance: Random) -> Iterator[str]:
    """Jira cannot answer as long as one of the issues is among those asked for."""
    poison, issue = chance.sample(_counted_ones(place), 2)
    place.site.spoil(Fault("/issue/bulkfetch", "status", times=None, status=500, mentions=f'"{poison["id"]}"'))
    _touch(place, poison)
    _turn(place, issue, chance)
    history.schedule.run(seconds=60.0)
    yield "an issue beside one that Jira fails at"


def one_issue_is_not_whole(history: History, place: Place, chance: Random) -> Iterator[str]:
    """Jira says that it has one of the issues and cannot hand it out, or leaves out its status."""
    spoilt, issue = chance.sample(_counted_ones(place), 2)
    lack = chance.choice(("one issue", "status"))
    place.site.spoil(Fault("/issue/bulkfetch", "unwhole", times=None, lack=lack, about=spoilt["id"]))
    if lack == "status":
        place.site.spoil(Fault("/search/jql", "unwhole", times=None, lack=lack, about=spoilt["id"]))
    _touch(place, spoilt)
    _turn(place, issue, chance)
    history.schedule.run(seconds=60.0)
    yield f"an issue beside one that comes without {lack}"


def searches_are_not_whole(history: History, place: Place, chance: Random) -> Iterator[str]:
    """For longer than queries are apart every search is refused, or lacks something; nothing changes in Jira."""
    lack = chance.choice(("end", "way on", "new token", "issues", "rest", ""))
    place.site.spoil(Fault("/search/jql", "unwhole", times=None, lack=lack) if lack else _refused(chance))
    asked(check_all)(history, place, chance)
    history.schedule.run(minutes=12.0)
    yield f"searches without {lack}" if lack else "searches that are refused"


def _refused(chance: Random) -> Fault:
    return Fault("/search/jql", "status", times=None, status=chance.choice((400, 403, 404)))


SITUATIONS: tuple[Situation, ...] = (
    newer_change_first,
    index_knows_nothing_yet,
    read_while_it_changes,
    ends_at_work,
    database_goes_at_the_door,
    one_issue_fails_jira,
    one_issue_is_not_whole,
    searches_are_not_whole,
)


# ---- what people change


def can_be_played(place: Place) -> bool:
    """Whether enough lies below what is linked."""
    return len(_counted_ones(place)) > 1


def _turn_one(place: Place, chance: Random) -> None:
    _turn(place, _counted(place, chance), chance)


def _turn(place: Place, issue: Document, chance: Random) -> None:
    """From open to done, or back: what its epic adds up to is another figure then."""
    category = "new" if place.site.world.category(issue) == "done" else "done"
    move_on(place.site.world, issue, category, chance)
    _tell(place, f"{issue['key']} is {category}")


def _touch(place: Place, issue: Document) -> None:
    """Something that no figure depends on."""
    place.site.world.edit(issue, {"summary": f"{issue['summary']} again"}, PEOPLE[0])
    _tell(place, f"{issue['key']} has another title")


def _add_one(place: Place, chance: Random) -> None:
    epic = place.site.world.issues[_counted(place, chance)["parent"]]
    made = add_issue(place.site.world, epic["project"], "Story", epic["id"])
    _tell(place, f"{made['key']} is new")


def _delete_one(place: Place, chance: Random) -> None:
    issue = _counted(place, chance)
    place.site.world.delete(issue, PEOPLE[0])
    _tell(place, f"{issue['key']} is deleted")


def _tell(place: Place, what: str) -> None:
    place.truth.note()
    place.play.say(f"all is well: {what}")


def _counted(place: Place, chance: Random) -> Document:
    return chance.choice(_counted_ones(place))


def _counted_ones(place: Place) -> list[Document]:
    """What is counted below an issue that is linked, and is not linked itself."""
    world, linked = place.site.world, {each.issue_id for each in place.play.okrs.links}
    seen = (world.issues[issue_id] for issue_id, past in place.truth.history.items() if past[-1][1] is not None)
    return [
        issue
        for issue in seen
        if issue["parent"] in linked and issue["id"] not in linked and world.level(issue) == 0 and not issue["archived"]
        and place.truth.now(issue["parent"]) is not None
    ]  # fmt: skip


# ---- what goes wrong


def _lose_events(place: Place) -> None:
    place.site.parts.troubles.plan([WebhookTrouble(0, drop=1.0)])


def _late_index(place: Place) -> None:
    place.site.world.search_index.lag, place.site.world.search_index.seed = LATE_INDEX, None


def _prompt_index(place: Place) -> None:
    place.site.world.search_index.lag = timedelta(0)
