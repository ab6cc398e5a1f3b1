"""One history being played: the house, its sites and pages, the workers, the post, and what everybody did."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random

from flask import Flask

from mapping.okr import Initiative, Kind, Source
from sync.commands import link
from sync.ports import Resources
from tests.campaign import okr_rows
from tests.campaign.bodies import random_body
from tests.campaign.okr_sets import random_okrs, random_table
from tests.campaign.play import Play
from tests.campaign.tenant import Home, Tenant
from tests.campaign.wire import Cut
from tests.clock import FakeClock
from tests.simulation.database import CommitPoints
from tests.simulation.house import SITES, House
from tests.simulation.network import Network, NetworkSites
from tests.simulation.post import Post
from tests.simulation.schedule import Schedule
from tests.simulation.site import SimulatedSite, build_site
from tests.simulation.small_world import fill
from tests.simulation.truth import Truth
from tests.simulation.workers import Process, Workers
from webhooks.receive import make_receiver

LOOKING_SECONDS = 125.0
WORKERS = 2
MOST_KEY_RESULTS = 5
COLUMNS = ("key_result", "progress", "now", "confidence", "owner", "initiatives", "next_step")


@dataclass
class Place:
    """One workspace: its site, its page, what is true there. ``tokens`` counts the tokens that its account has had;
    ``labels`` are those for which a rule was made, with the key result that it serves; ``unlinked`` what people took
    away."""

    play: Play
    site: SimulatedSite
    truth: Truth
    tokens: int = 1
    labels: dict[str, str] = field(default_factory=dict)
    unlinked: set[tuple[str, str]] = field(default_factory=set)

    @property
    def home(self) -> Home:
        return self.play.tenant.home


@dataclass
class History:
    """``log`` is everything in its order, the same for the same seed; ``story`` is what a person is told of it."""

    seed: int
    clock: FakeClock
    schedule: Schedule
    workers: Workers
    post: Post
    network: Network
    places: list[Place]
    on: Resources
    log: list[str]
    story: Story
    broken: list[str] = field(default_factory=list)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)

    def say(self, text: str) -> None:
        self.story.append(f"{self.clock.now():%d %b %H:%M:%S}: {text}")


class Story(list[str]):
    """What is told stands in the log, too."""

    def __init__(self, log: list[str]) -> None:
        super().__init__()
        self._log = log

    def append(self, line: str) -> None:
        self._log.append(line)
        super().append(line)


def open_history(house: House, seed: int) -> History:
    """The start of this seed: everything linked and added, nothing read and nothing written yet."""
    random.seed(seed)  # the product spreads its retries by chance
    start = Random(f"{seed} start")
    workspaces = 1 if start.random() < 0.6 else 2
    house.empty(workspaces)
    clock, log = FakeClock(), list[str]()
    story = Story(log)
    chance = Random(f"{seed} schedule")
    points = CommitPoints(before=lambda _: None, after=lambda _: None)
    sites: dict[str, SimulatedSite] = {}

    def note(line: str) -> None:
        log.append(f"{clock.now():%H:%M:%S.%f} {line}")

    workers = Workers(points, chance, note, [Process(slot) for slot in range(1, WORKERS + 1)])
    network = Network(sites, workers, note)
    on = workers.on = house.resources(clock, workers, NetworkSites(network, house.secrets))
    door = Flask("door")
    door.register_blueprint(make_receiver(on))
    post = Post(door.test_client(), sites, note)
    schedule = Schedule(clock, chance)
    history = History(seed, clock, schedule, workers, post, network, [], on, log, story)
    for number in range(workspaces):
        place = _open_place(history, house, number, start)
        sites[place.site.name] = place.site
        _link_all(history, place, start)
    house.database.points = points
    points.before, points.after = workers.ending_point, lambda name: workers.point(f"after {name}")
    schedule.sources = [workers, post]
    return history


def _open_place(history: History, house: House, number: int, chance: Random) -> Place:
    home, name, clock = house.homes[number], SITES[number], history.clock
    path, secret = f"/webhooks/jira/{home.jira_id}", house.webhook_secret(home)
    ahead = timedelta(seconds=chance.choice((0, 0, 0, 3, -3)))
    body, slow = random_body(chance), partial(history.workers.point, "slow")
    site = build_site(name, home.workspace_id, clock, chance, body, history.post.receive, slow, ahead)
    fill(site.world, chance)
    site.listen(path, secret)
    tenant = Tenant(home, clock, history.on)
    okrs = random_okrs(chance, clock.now(), home.jira_id, MOST_KEY_RESULTS)
    okrs.links, okrs.epics = [], {}
    okr_rows.put_in(tenant, okrs)
    choice = replace(random_table(chance, ("table",), okrs), language="en", check_in_by="editors", columns=COLUMNS)
    okr_rows.add_table(tenant, choice, site.wiki.page_id)
    play = Play(tenant, site.wiki, site.heard, okrs, choice, malformed=False, looking=partial(_look, history))
    play.story, play.called = history.story, f"{name.removeprefix('http://')} "
    play.clocks_apart = abs(ahead)
    truth = Truth(site)
    truth.note()
    place = Place(play, site, truth)
    history.places.append(place)
    history.say(f"{play.called}: {len(okrs.key_results)} key results, {len(site.world.issues)} issues, {choice.design}")
    return place


def _look(history: History, _play: Play, _cuts: Sequence[Cut]) -> str:
    """Time enough for the service to look around."""
    history.schedule.run(seconds=LOOKING_SECONDS)
    return "looked"


def _link_all(history: History, place: Place, chance: Random) -> None:
    """Every key result gets a few issues, mostly epics; what comes from initiatives is driven by at least one."""
    for kr in place.play.okrs.key_results:
        if kr.dropped_on is not None:
            continue
        least = 1 if kr.source is Source.INITIATIVES else 0
        for issue in chance.sample(linkable(place, chance), chance.randrange(least, 4)):
            link_issue(history, place, kr.key, issue, chance)


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
    issue_id = place.site.world.find(issue)["id"]  # type: ignore[index]
    kept = [each for each in place.play.okrs.links if (each.key_result_key, each.issue_id) != (key, issue_id)]
    made = Initiative(key, place.home.jira_id, issue_id, done.role, done.weight, step)
    place.play.okrs.links = [*kept, made]
    place.unlinked.discard((key, issue_id))
