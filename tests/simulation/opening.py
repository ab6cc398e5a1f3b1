"""How a history of some number begins: everything linked and added, nothing read and nothing written yet."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from random import Random

from flask import Flask

from mapping.okr import JqlSource, KeyResult, Source
from mapping.rules import Rule, RuleKind
from sync.commands.rule_wish import RuleWish
from sync.commands.rules import save_rule
from tests.campaign import okr_rows
from tests.campaign.bodies import random_body
from tests.campaign.okr_sets import OkrSet, random_okrs, random_table
from tests.campaign.play import Play
from tests.campaign.tenant import Tenant
from tests.campaign.wire import Cut
from tests.clock import FakeClock
from tests.simulation.database import CommitPoints
from tests.simulation.history import LABEL, History, Place, Story
from tests.simulation.house import SITES, House
from tests.simulation.linking import link_issue, linkable
from tests.simulation.network import Network, NetworkSites
from tests.simulation.post import Post
from tests.simulation.schedule import Schedule
from tests.simulation.site import SimulatedSite, build_site
from tests.simulation.small_world import fill, grow_old
from tests.simulation.truth import Truth
from tests.simulation.workers import Process, Workers
from webhooks.receive import make_receiver

LOOKING_SECONDS = 125.0
WORKERS = 2
DONE_ISSUES = "statusCategory = Done"
MOST_KEY_RESULTS = 5
# Jira may return fewer than it is asked for.
ISSUES_A_PAGE = (100, 7, 3)
COLUMNS = ("key_result", "progress", "now", "confidence", "owner", "initiatives", "next_step")


def open_history(house: House, seed: int) -> History:
    """The start of this seed: everything linked and added, nothing read and nothing written yet."""
    random.seed(seed)  # the product spreads its retries by chance
    start = Random(f"{seed} start")
    workspaces = 1 if start.random() < 0.6 else 2
    house.empty(workspaces)
    clock, log = FakeClock(), list[str]()
    story = Story(log)
    chance = Random(f"{seed} schedule")
    points = CommitPoints(before=lambda: None, after=lambda: None, is_felt=lambda: False)
    sites: dict[str, SimulatedSite] = {}

    def note(line: str) -> None:
        log.append(f"{clock.now():%H:%M:%S.%f} {line}")

    workers = Workers(points, house.database.next_due, chance, note, [Process(slot) for slot in range(1, WORKERS + 1)])
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
        _add_rule(history, place, start)
    house.database.points = points
    points.before, points.after = partial(workers.ending_point, "before commit"), workers.committed
    points.is_felt = lambda: workers.feel() or post.is_open
    schedule.sources = [workers, post]
    return history


def _open_place(history: History, house: House, number: int, chance: Random) -> Place:
    home, name, clock = house.homes[number], SITES[number], history.clock
    path, secret = f"/webhooks/jira/{home.jira_id}", house.webhook_secret(home)
    ahead = timedelta(seconds=chance.choice((0, 0, 0, 120, -3)))
    body, slow = random_body(chance), partial(history.workers.point, "slow")
    site = build_site(name, home.workspace_id, clock, chance, body, history.post.receive, slow, ahead)
    fill(site.world, chance)
    grow_old(site.world)
    site.world.issues_a_page = Random(f"{history.seed} pages {name}").choice(ISSUES_A_PAGE)
    site.listen(path, secret)
    tenant = Tenant(home, clock, history.on)
    okrs = random_okrs(chance, clock.now(), home.jira_id, MOST_KEY_RESULTS)
    okrs.links, okrs.epics = [], {}
    if chance.random() < 0.4:
        okrs.key_results.append(_by_query(okrs))
    okr_rows.put_in(tenant, okrs)
    choice = replace(random_table(chance, ("table",), okrs), language="en", check_in_by="editors", columns=COLUMNS)
    okr_rows.add_table(tenant, choice, site.wiki.page_id)
    play = Play(tenant, site.wiki, site.heard, okrs, choice, malformed=False, looking=partial(_look, history))
    play.story, play.called = history.story, f"{name.removeprefix('http://')} "
    play.clocks_apart = abs(ahead)
    truth = Truth(site, clock.now())
    truth.note()
    place = Place(play, site, truth)
    history.places.append(place)
    history.say(f"{play.called}: {len(okrs.key_results)} key results, {len(site.world.issues)} issues, {choice.design}")
    return place


def _by_query(okrs: OkrSet) -> KeyResult:
    """A key result whose value is how many issues are done."""
    number = len(okrs.key_results) + 1
    return KeyResult(
        f"C-KR{number}",
        okrs.objectives[0].key,
        "So many are done",
        source=Source.JQL,
        jql=JqlSource(DONE_ISSUES),
        baseline=Decimal(0),
        target=Decimal(20),
        position=number,
    )


def _add_rule(history: History, place: Place, chance: Random) -> None:
    """Epics with a label serve a key result, found by what an issue says of itself or by asking Jira."""
    open_ones = [kr.key for kr in place.play.okrs.key_results if kr.dropped_on is None]
    if not open_ones or chance.random() < 0.5:
        return
    place.ruled_key = chance.choice(open_ones)
    kinds = (Rule(RuleKind.LABEL, LABEL, place.ruled_key), Rule(RuleKind.JQL, f"labels = {LABEL}", place.ruled_key))
    wish = RuleWish("Labelled", place.home.jira_id, chance.choice(kinds))
    save_rule(history.on, place.home.workspace_id, wish, who="Petra Admin")


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
