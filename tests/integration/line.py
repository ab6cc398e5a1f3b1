"""The product's stages and commands in this process, against the stand-in site over HTTP, with a clock of the test's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


from connector.crypto import SecretBox, load_keys
from connector.settings import Settings
from connector.store.engine import Database
from mapping.interchange import write_okrs
from sync.commands.connections import connect
from sync.commands.okrs import import_okrs
from sync.commands.people import first_workspace
from sync.ports import Resources
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


@dataclass
class Line:
    """One workspace of the product and the site that it is connected to."""

    on: Resources
    site: Site
    clock: FakeClock
    workspace_id: int

    def connect(self, account: Account = SYNC) -> None:
        """Jira and Confluence, by a classic token."""
        connect(
            self.on, self.workspace_id, site_url=self.site.url, email=account.email, token=account.classic_tokens[0],
            who="test",
        )  # fmt: skip

    def import_demo(self) -> str:
        """The demo's OKRs around today; returns the cycle's key."""
        parsed = moved_to(demo_okrs(), self.clock.now().date())
        import_okrs(self.on, self.workspace_id, write_okrs(parsed), "test")
        return parsed.cycles[0].key

    def work(self, *, until_quiet: bool = True) -> int:
        """Do everything that is due, moving the clock over short waits; returns how many items were done."""
        done = 0
        for _ in range(MOST_ROUNDS):
            taken = do_what_is_due(self.on, STAGES, stopping=lambda: False)
            done += taken
            if not taken and not (until_quiet and self._soon_due()):
                return done
        raise AssertionError("the work does not come to an end")

    def tick(self) -> None:
        """One round of the timer."""
        tick(self.on, "test")

    def _soon_due(self) -> bool:
        from connector.store.work_list import next_due_at

        with self.on.database.read() as conn:
            next_at = next_due_at(conn)
        wait = (next_at - self.clock.now()).total_seconds() if next_at else 10**9
        if wait > 10:
            return False
        self.clock.advance(seconds=max(wait, 0))
        return True


def line(database: Database, site: Site, folder: Path, **settings: object) -> Line:
    """A workspace on an empty, migrated database."""
    chosen = Settings(
        _env_file=None, data_dir=folder, allow_private_sites=True, gateway_url=site.url, **settings  # type: ignore[arg-type]
    )
    clock = FakeClock(datetime.now(UTC))
    secrets = SecretBox(load_keys(chosen))
    on = Resources(chosen, database, clock, SilentBell(), secrets, SiteClients(chosen, secrets))
    return Line(on, site, clock, first_workspace(on))


