"""The product's stages and commands in this process, against the stand-in site over HTTP, with a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from connector.crypto import SecretBox, load_keys
from connector.settings import Settings
from connector.store import connections, tables, work_list
from connector.store.connections import Connection
from connector.store.engine import Database
from connector.store.tables import PageTable
from connector.store.work import mark_due
from connector.store.work_list import ParkedWork
from mapping.interchange import write_okrs
from sync.commands import add_table, connect, first_workspace, import_okrs
from sync.commands.table_plan import TableWish
from sync.ports import Resources, Sites
from sync.queues import SilentBell
from sync.stages import STAGES
from sync.timer import tick
from sync.wiring import SiteClients
from sync.work import do_what_is_due
from tests.clock import FakeClock
from tests.demo_okrs import demo_okrs, moved_to
from tests.site.accounts import Account
from tests.site.roster import SYNC
from tests.site.running import Site

MOST_ROUNDS = 200
# Far from midnight and from the daily write at 06:00, so that no test depends on when it is run.
START_OF_DAY = time(9, 0)
POLL_SECONDS = 61


@dataclass
class Line:
    """One workspace of the product and the site that it is connected to."""

    on: Resources
    site: Site
    clock: FakeClock
    workspace_id: int

    # ---- what an admin does

    def connect(self, account: Account = SYNC, token: str = "") -> None:
        """Jira and Confluence, by a classic token."""
        token = token or account.classic_tokens[0]
        connect(self.on, self.workspace_id, site_url=self.site.url, email=account.email, token=token, who="test")

    def import_text(self, text: str, reason: str = "") -> None:
        """OKRs as YAML."""
        import_okrs(self.on, self.workspace_id, text, "test", reason)

    def import_demo(self) -> str:
        """The demo's OKRs around today; returns the cycle's key."""
        parsed = moved_to(demo_okrs(), self.clock.now().date())
        self.import_text(write_okrs(parsed))
        return parsed.cycles[0].key

    def add_table(self, page_id: str, cycle_key: str, region_id: str = "") -> int:
        """An OKR table in a page; returns its number."""
        wish = TableWish(page_id, cycle_key, region_id=region_id)
        return add_table(self.on, self.workspace_id, wish, who="test").table_id

    # ---- what workers and time do

    def work(self, *, until_quiet: bool = True, sites: Sites | None = None) -> int:
        """Do everything that is due, moving the clock over short waits; returns how many items were done.

        ``sites``: other clients than the product's own.
        """
        on = replace(self.on, sites=sites) if sites else self.on
        done = 0
        for _ in range(MOST_ROUNDS):
            taken = do_what_is_due(on, STAGES, stopping=lambda: False)
            done += taken
            if not taken and not (until_quiet and self._soon_due()):
                return done
        raise AssertionError("the work does not come to an end")

    def tick(self) -> None:
        """One round of the timer."""
        tick(self.on, "test")

    def after(self, *, sites: Sites | None = None, **span: float) -> int:
        """Time passes, then the timer ticks and the work is done; returns how many items were done."""
        self.clock.advance(**span)
        self.tick()
        return self.work(sites=sites)

    def next_poll(self, *, sites: Sites | None = None) -> int:
        """A minute later."""
        return self.after(seconds=POLL_SECONDS, sites=sites)

    def mark(self, kind: str, *targets: str, urgency: int = 5) -> None:
        """Say that something is due now."""
        with self.on.database.write() as conn:
            mark_due(conn, self.workspace_id, kind, targets, self.clock.now(), urgency=urgency)

    # ---- what stands in the database

    def connection(self, product: str = "jira") -> Connection:
        with self.on.database.read() as conn:
            return connections.load_connections(conn, self.workspace_id, product)[0]

    def table(self, table_id: int) -> PageTable:
        with self.on.database.read() as conn:
            return tables.load_table(conn, self.workspace_id, table_id)

    def waiting(self) -> dict[str, int]:
        """How much of each kind is due now."""
        with self.on.database.read() as conn:
            counts = work_list.due_counts(conn, self.workspace_id, self.clock.now())
        return {count.kind: count.due for count in counts if count.due}

    def set_aside(self) -> list[ParkedWork]:
        with self.on.database.read() as conn:
            return list(work_list.load_parked(conn, self.workspace_id))

    def _soon_due(self) -> bool:
        with self.on.database.read() as conn:
            next_at = work_list.next_due_at(conn)
        wait = (next_at - self.clock.now()).total_seconds() if next_at else 10**9
        if wait > 10:
            return False
        self.clock.advance(seconds=max(wait, 0))
        return True


def line(database: Database, site: Site, folder: Path, **settings: object) -> Line:
    """A workspace on an empty, migrated database. Its clock stands at 09:00 UTC of the day after tomorrow: that
    whole day is later than anything that the site says of its own clock, also where a test runs over midnight."""
    chosen = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        allow_private_sites=True,
        gateway_url=site.url,
        **settings,  # type: ignore[arg-type]
    )
    later = datetime.now(UTC).date() + timedelta(days=2)
    clock = FakeClock(datetime.combine(later, START_OF_DAY, UTC))
    secrets = SecretBox(load_keys(chosen))
    on = Resources(chosen, database, clock, SilentBell(), secrets, SiteClients(chosen, secrets))
    return Line(on, site, clock, first_workspace(on))
