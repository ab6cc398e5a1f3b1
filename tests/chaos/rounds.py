"""One round: people act while the nemesis strikes; then all is mended, and everything must become right and stay so."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random

from tests.chaos.house import SERVING, WORKERS, House, begin_anew, wait_until_up
from tests.chaos.judge import has_come_to_rest, judge, what_is_wrong_now
from tests.chaos.nemesis import LEASE_STEP, PAGE_STEP, Nemesis
from tests.chaos.people import People
from tests.chaos.processes import wait_until
from tests.chaos.world import CYCLE, METRIC, REGION, World, new_world
from tests.site.hand import Json

STRIKES = 60
# In most rounds the table stands before anything is struck. Its first write waits until all figures are known, which
# they hardly are while processes die, and without it nobody can type.
TABLE_STANDS, TABLE_WITHIN = 0.8, 120.0
QUIET_WITHIN, MOST_QUIET = 12.0, 180.0
MOST_TURNS = 14
WAS_DONE = ("already", "Another rule has this name.")


@dataclass(frozen=True)
class Outcome:
    """``wrong`` is empty where everything held; ``story`` is what happened, in order; ``sent`` are the site's
    deliveries since ``began``."""

    seed: str
    world: World
    began: datetime
    sent: list[Json]
    wrong: list[str]
    story: list[str]
    turns: int
    seconds: float


def play_round(house: House, nemesis: Nemesis, seed: str, strikes: int = STRIKES) -> Outcome:
    """The history and the choices follow from the seed; how processes interleave is the machine's."""
    chance, story, before = Random(seed), list[str](), time.monotonic()
    begin_anew(house)
    world, first = _set_up(house, nemesis, chance, seed), len(house.site.deliveries())
    began, people = house.time(), People(house, world, chance, story, count(1))
    if house.before is not None:
        house.members["worker 2"].nursery = chance.choice((house.before, house.now))
    for name in SERVING:
        house.start(name)
    wait_until_up(house)
    if chance.random() < TABLE_STANDS:
        wait_until(people.have_a_table, TABLE_WITHIN, "the table is not written")
    for _ in range(strikes):
        people.act()
        story.append(nemesis.strike(chance, people))
    turns, wrong = _heal(house, nemesis, world, people)
    sent = house.site.deliveries()[first:]
    if not wrong:
        wrong = list(judge(house, world, began, sent))
    return Outcome(seed, world, began, sent, wrong, story, turns, time.monotonic() - before)


def _set_up(house: House, nemesis: Nemesis, chance: Random, seed: str) -> World:
    world = new_world(house.site, seed)
    (house.folder / "okrs.yaml").write_text(world.okrs(house.time().date()))
    for words in (
        ("import", str(house.folder / "okrs.yaml")),
        ("table", "add", world.page_id, "--cycle", CYCLE, "--id", REGION),
        ("rule", "add", METRIC, "--label", world.rule),
    ):
        nemesis.kill_this_command(chance, words)
        _give_again(house, words)
    return world


def _give_again(house: House, words: tuple[str, ...]) -> None:
    """A command that was killed, as people do who do not know whether it was done: it is, or says that it was."""
    said_before = len(house.said())
    if house.okr(*words) != 0:
        said = house.said()[said_before:]
        assert any(each in said for each in WAS_DONE), said


def _heal(house: House, nemesis: Nemesis, world: World, people: People) -> tuple[int, list[str]]:
    """How many turns of the clock it took, and what never became right."""
    nemesis.outages.mend()
    house.kill_all()
    house.start("web")
    for words in (("pause", "--resume"), ("table", "resume", "1")):
        assert house.okr(*words) == 0, house.said()
    world.linked |= _linked_by_people(house, world)
    wrong: list[str] = []
    for turn in range(1, MOST_TURNS + 1):
        house.step_clock(LEASE_STEP if turn == 1 else PAGE_STEP)
        for name in WORKERS:
            house.members[name].kill()
            house.start(name)
        wrong = _wait_until_right(house, world, house.time())
        if not wrong:
            return turn, []
    return MOST_TURNS, [f"10: not right after {MOST_TURNS} turns: {line}" for line in wrong]


def _wait_until_right(house: House, world: World, since: datetime) -> list[str]:
    """What is wrong once everything was asked for since then and done, or nothing has changed for a while; a slow
    machine is given its time."""
    last, end = list[str](), time.monotonic() + MOST_QUIET
    moved = time.monotonic()
    while wrong := what_is_wrong_now(house, world):
        if wrong != last:
            last, moved = wrong, time.monotonic()
        if time.monotonic() > min(moved + QUIET_WITHIN, end):
            return wrong
        if has_come_to_rest(house, since) and (wrong := what_is_wrong_now(house, world)):
            return wrong
        time.sleep(0.2)
    return []


def _linked_by_people(house: House, world: World) -> set[tuple[str, str]]:
    """A command that was killed may have linked or not; whether it has is read, and then it has to be so."""
    second = world.epics[1]
    number = str(house.site.issue(second)["id"])
    found = house.rows("SELECT 1 FROM initiative WHERE key_result_key = %s AND issue_id = %s", METRIC, number)
    return {(METRIC, second)} if found else set()
