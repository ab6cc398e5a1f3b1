"""Everything that stays from round to round: servers, the site, wires, nurseries, and the product's processes."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tests import servers
from tests.chaos.callers import gate_among
from tests.chaos.conversations import HttpCalls, RedisCalls, Transactions
from tests.chaos.gate import Gate
from tests.chaos.processes import ROOT, Member, Nursery, nursery, wait_until
from tests.chaos.wires import Switchboard, Wire
from tests.site.roster import SYNC
from tests.site.running import Site, start_site

WORKERS = ("worker 1", "worker 2")
SERVING = ("web", *WORKERS)
COMMAND = "okr"
# The product asks the database for the time. This answers in its place, so that a test can step the clock.
_CLOCK = """
CREATE SCHEMA stepped;
CREATE TABLE stepped.step (by interval NOT NULL);
INSERT INTO stepped.step VALUES ('0 s');
CREATE FUNCTION stepped.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
  AS 'SELECT pg_catalog.clock_timestamp() + by FROM stepped.step';
"""
_PATH = "-c search_path=public,stepped,pg_catalog"


@dataclass
class House:
    """``members`` are the product's processes by name, the command among them."""

    folder: Path
    site: Site
    postgres: servers.Server
    redis: servers.Server
    switchboard: Switchboard
    members: dict[str, Member]
    wires: dict[str, dict[str, Wire]]
    rows_url: str
    now: Nursery
    before: Nursery | None

    @property
    def gates(self) -> list[Gate]:
        return [member.gate for member in self.members.values()]

    def start(self, name: str) -> None:
        self.members[name].start()

    def start_what_is_down(self) -> None:
        for name in SERVING:
            if not self.members[name].runs:
                self.start(name)

    def kill_all(self) -> None:
        for name in (*SERVING, COMMAND):
            self.members[name].kill()
            self.switchboard.let_go(self.members[name].gate)

    def okr(self, *words: str, token: str = "") -> int | None:
        """Run a command to its end; its exit code, None where it was killed. What it says stands in its log."""
        member = self.members[COMMAND]
        member.words = words
        if token:
            member.environment["OKR_TOKEN"] = token
        member.start()
        return member.ends_with()

    def said(self) -> str:
        """Everything that commands have printed."""
        return self.members[COMMAND].log.read_text()

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the product's own database holds, asked past all wires."""
        with psycopg.connect(self.rows_url, autocommit=True) as conn:
            return conn.execute(statement.encode(), values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.rows_url, autocommit=True) as conn:
            conn.execute(statement.encode(), values)

    def step_clock(self, seconds: float) -> None:
        """The database's clock, by which the product goes; a running process notices within a minute."""
        self.change("UPDATE stepped.step SET by = by + make_interval(secs => %s)", seconds)

    def time(self) -> datetime:
        moment: datetime = self.rows("SELECT stepped.clock_timestamp()")[0][0]
        return moment.astimezone(UTC)


def _always(gate: Gate) -> Callable[[int], Gate]:
    return lambda _port: gate


def environment_of(data: Path, port: int) -> dict[str, str]:
    """Nothing of the tests' own settings gets in. Without more it is the embedded default, without Redis."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OKR_")}
    return kept | {
        "OKR_DATA_DIR": str(data),
        "OKR_PORT": str(port),
        "OKR_ALLOW_PRIVATE_SITES": "true",
        "OKR_POLL_SECONDS": "2",
        "OKR_FULL_CHECK_HOURS": "1",
    }


def _servers_at(database: int, redis: int) -> dict[str, str]:
    options = quote(_PATH)
    return {
        "OKR_DATABASE_URL": f"postgresql://postgres@127.0.0.1:{database}/okr?sslmode=disable&options={options}",
        "OKR_REDIS_URL": f"redis://127.0.0.1:{redis}/0",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def opened(folder: Path, earlier: Path | None = None) -> Iterator[House]:
    """Connected, with Jira sending its events, and nothing running. ``earlier``: a tree of an earlier version.

    Skips the test where PostgreSQL or Redis is missing.
    """
    with ExitStack() as stack:
        postgres = stack.enter_context(servers.own_postgres())
        redis = stack.enter_context(servers.redis())
        for what, server in (("postgres", postgres), ("redis", redis)):
            if isinstance(server, servers.Missing):
                servers.unavailable(what, server.reason)
        assert isinstance(postgres, servers.Running)
        assert isinstance(redis, servers.Running)
        assert postgres.server is not None
        assert redis.server is not None
        site = stack.enter_context(start_site(folder))
        board = stack.enter_context(Switchboard())
        now = stack.enter_context(nursery(ROOT, "now"))
        before = stack.enter_context(nursery(earlier, "before")) if earlier else None
        rows_url = postgres.url.replace("/postgres?", "/okr?")
        house = House(folder, site, postgres.server, redis.server, board, {}, {}, rows_url, now, before)
        sites = board.wire(site.port, HttpCalls, lambda port: gate_among(house.gates, port, Gate("nobody")))
        house.wires["site"] = {"all": sites}
        _people_the_house(house)
        stack.callback(house.kill_all)
        _furnish(house, postgres.url, f"http://127.0.0.1:{sites.port}")
        for gate in house.gates:
            gate.passed.clear()  # what only furnishing passes comes never again
        yield house


def _people_the_house(house: House) -> None:
    port, folder = free_port(), house.folder
    (folder / "data").mkdir()
    house.wires |= {"postgres": {}, "redis": {}}
    for name in (*SERVING, COMMAND):
        gate = Gate(name.split()[0])
        database = house.switchboard.wire(str(house.postgres.folder / ".s.PGSQL.5432"), Transactions, _always(gate))
        redis = house.switchboard.wire(str(house.redis.folder / "redis.sock"), RedisCalls, _always(gate))
        house.wires["postgres"][name], house.wires["redis"][name] = database, redis
        environment = environment_of(folder / "data", port) | _servers_at(database.port, redis.port)
        log, code = folder / f"{name.replace(' ', '-')}.log", folder / f"{name.replace(' ', '-')}.code"
        house.members[name] = Member((name.split()[0],), environment, gate, house.now, log, code)


def _furnish(house: House, url: str, site_url: str) -> None:
    """What every round begins with is kept as a database of its own, ``furnished``."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE okr")
    house.change(_CLOCK)
    _must(house, "migrate")
    _must(house, "connect", site_url, "--email", SYNC.email, token=SYNC.classic_tokens[0])
    _must(house, "webhook", "show")
    address = re.search(r"http\S+/webhooks/jira/\d+", house.said())
    secret = re.search(r"Secret\s+(\S+)", house.said())
    assert address, house.said()
    assert secret, house.said()
    house.site.register_webhook(address.group(), secret.group(1))
    _copy(url, "okr", "furnished")


def _must(house: House, *words: str, token: str = "") -> None:
    code = house.okr(*words, token=token)
    assert code == 0, f"okr {words}: {code}\n{house.said()}"


def begin_anew(house: House) -> None:
    """The database as it was when the house was furnished."""
    house.kill_all()
    _copy(house.rows_url.replace("/okr?", "/postgres?"), "furnished", "okr")


def _copy(url: str, source: str, target: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)".encode())
        conn.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (source,)
        ).fetchall()
        conn.execute(f"CREATE DATABASE {target} TEMPLATE {source}".encode())
        # A copied sequence believes that its next numbers are in the log, where only the original's are: after a crash
        # it would give them out again. Behind a checkpoint it logs anew.
        conn.execute("CHECKPOINT")


def wait_until_up(house: House) -> None:
    """Until the web service listens."""
    port = int(house.members["web"].environment["OKR_PORT"])

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(listens, 60, "okr web does not come up")
