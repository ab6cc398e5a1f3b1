"""The embedded default, SQLite without Redis, on a disk that is full for a while: what is accepted is kept, and all
becomes right once there is room again.

The disk is a small tmpfs, which takes the right to mount one. The clock is the machine's here, so that claims which
could not be given back run out in their own three minutes.
"""

from __future__ import annotations

import re
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from tests.chaos.gate import Gate
from tests.chaos.house import environment_of, free_port
from tests.chaos.processes import ROOT, Member, NotInTime, Nursery, nursery, wait_until
from tests.chaos.reference import wrong_in_page
from tests.chaos.world import CYCLE, METRIC, REGION, World, new_world
from tests.site.roster import SYNC
from tests.site.running import Site, start_site

MEGABYTES = 12
FILLINGS = 6
RIGHT_WITHIN = 260.0
FIRST_VALUE = Decimal(29)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """False where we may not make one."""
    made = subprocess.run(
        ("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "okr", str(folder)), capture_output=True, check=False
    )
    try:
        yield made.returncode == 0
    finally:
        if made.returncode == 0:
            subprocess.run(("umount", "-l", str(folder)), check=False)


@dataclass
class Household:
    """``members``: web and two workers; the command is born for each use."""

    data: Path
    site: Site
    nursery: Nursery
    environment: dict[str, str]
    members: list[Member]

    def okr(self, *words: str, token: str = "") -> str:
        """What it printed; it must succeed."""
        member = self._member(words, self.environment | ({"OKR_TOKEN": token} if token else {}))
        member.start()
        code, said = member.ends_with(), member.log.read_text()
        assert code == 0, f"okr {words}: {said}"
        return said

    def start(self) -> None:
        self.members += [self._member((words,), self.environment) for words in ("web", "worker", "worker")]
        for member in self.members:
            member.start()
        port = int(self.environment["OKR_PORT"])
        wait_until(lambda: _listens(port), 60, "okr web does not come up")

    def end(self) -> None:
        for member in self.members:
            member.kill()

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(f"file:{self.data / 'okr.sqlite3'}?mode=ro", uri=True, timeout=10) as db:
            return db.execute(statement).fetchall()

    def _member(self, words: tuple[str, ...], environment: dict[str, str]) -> Member:
        number, folder = len(self.members), self.data.parent
        log, code = folder / f"{words[0]}-{number}.log", folder / f"{words[0]}-{number}.code"
        return Member(words, environment, Gate(words[0]), self.nursery, log, code)


def play_full_disk(folder: Path, seed: str) -> list[str] | None:
    """One line for each thing that is wrong; None where there is no small disk to be had."""
    data = folder / "data"
    data.mkdir()
    with small_disk(data) as is_small, ExitStack() as stack:
        if not is_small:
            return None
        site = stack.enter_context(start_site(folder))
        born = stack.enter_context(nursery(ROOT, "now"))
        # The page's budget would take the machine's own half hours.
        environment = environment_of(data, free_port()) | {"OKR_WRITE_BUCKET": "1000"}
        house = Household(data, site, born, environment, [])
        stack.callback(house.end)
        world = _set_up(house, seed)
        house.start()
        wrong = _until_right(house, world, 120.0)
        _fill_and_empty(house, world, Random(seed))
        return [*wrong, *_until_right(house, world, RIGHT_WITHIN), *_judge(house)]


def _set_up(house: Household, seed: str) -> World:
    house.okr("migrate")
    house.okr("connect", house.site.url, "--email", SYNC.email, token=SYNC.classic_tokens[0])
    said = house.okr("webhook", "show")
    address, secret = re.search(r"http\S+/webhooks/jira/\d+", said), re.search(r"Secret\s+(\S+)", said)
    assert address, said
    assert secret, said
    house.site.register_webhook(address.group(), secret.group(1))
    world = new_world(house.site, seed)
    file = house.data.parent / "okrs.yaml"
    file.write_text(world.okrs(datetime.now(UTC).date()))
    house.okr("import", str(file))
    house.okr("table", "add", world.page_id, "--cycle", CYCLE, "--id", REGION)
    house.okr("rule", "add", METRIC, "--label", world.rule)
    return world


def _fill_and_empty(house: Household, world: World, chance: Random) -> None:
    """Jira goes on while nothing can be written, and in between."""
    for number in range(FILLINGS):
        filler = house.data / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            for size in (65536, 4096, 1):
                with suppress(OSError):
                    while file.write(b"x" * size):
                        pass
        for _ in range(chance.randrange(1, 4)):
            epic = chance.choice(world.epics[:2])
            world.site.create_issue("PAY", f"Story of filling {number}", parent=epic)
        time.sleep(chance.uniform(0.5, 2.0))
        filler.unlink()
        world.site.create_issue("PAY", f"Story after filling {number}", parent=chance.choice(world.epics[:2]))
        time.sleep(chance.uniform(0.2, 1.0))


def _until_right(house: Household, world: World, within: float) -> list[str]:
    try:
        wait_until(lambda: not _wrong_now(house, world), within, "not right", every=1.0)
    except NotInTime:
        return [f"10: {line}" for line in _wrong_now(house, world)]
    return []


def _wrong_now(house: Household, world: World) -> list[str]:
    body = world.site.body(world.page_id)
    waiting = house.rows("SELECT event FROM delivery WHERE handled_at IS NULL")
    return [*wrong_in_page(world, body, FIRST_VALUE), *(f"{each} is not dealt with" for each in waiting)]


def _judge(house: Household) -> Iterator[str]:
    kept = {str(identifier) for (identifier,) in house.rows("SELECT identifier FROM delivery")}
    for each in house.site.deliveries():
        if (
            any(attempt["outcome"] in range(200, 300) for attempt in each["attempts"])
            and each["identifier"] not in kept
        ):
            yield f"6: delivery {each['identifier']} was accepted and is lost"
    for kind, target, reason in house.rows("SELECT kind, target, parked_reason FROM work WHERE parked_at IS NOT NULL"):
        yield f"7: set aside: {kind} {target}: {reason}"
    if house.rows("PRAGMA integrity_check") != [("ok",)]:
        yield "8: the database is damaged"
    for member in house.members:
        if not member.runs:
            yield f"9: {member.words} ended by itself: {member.log.read_text()[-500:]}"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
