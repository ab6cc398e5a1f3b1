"""What time alone makes due, and how seldom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import insert

from connector.crypto import SecretBox, load_keys
from connector.settings import Settings
from connector.store import activity, deliveries, issues, progress, runs, schema, work_list, workspaces
from connector.store.completions import record_scanned
from connector.store.connection_state import record_event, record_full_check, record_poll
from connector.store.connections import Connection, NewConnection, add_connection
from connector.store.delivery_list import DeliveryWish, list_deliveries
from connector.store.engine import Database
from connector.store.links import record_link
from connector.store.work import claim_work, mark_due, record_done, record_failed
from mapping.field_choices import FieldChoices
from mapping.issue import IssueSnapshot, StatusCategory
from mapping.okr import Initiative
from sync.ports import Resources
from sync.queues import SilentBell
from sync.timer import KEEP_DELIVERIES, LEASE_SECONDS, MOST_FORGOTTEN_AT_ONCE, tick
from tests.clock import FakeClock
from tests.unit.store.samples import keep


class NoSites:
    """The timer calls nobody."""

    def jira(self, connection: Connection) -> NoReturn:
        raise AssertionError("the timer called Jira")

    def confluence(self, connection: Connection) -> NoReturn:
        raise AssertionError("the timer called Confluence")


@dataclass
class Ticking:
    on: Resources
    clock: FakeClock
    workspace_id: int
    jira: int

    def due(self) -> dict[str, int]:
        with self.on.database.read() as conn:
            counts = work_list.due_counts(conn, self.workspace_id, self.clock.now())
        return {count.kind: count.due for count in counts}

    def clear(self) -> None:
        """Somebody does all of it."""
        for claim in claim_work(self.on.database, now=self.clock.now(), lease_seconds=60, limit=1000):
            with self.on.database.write() as conn:
                record_done(conn, claim)

    def delivery(self, at_day: int) -> None:
        with self.on.database.write() as conn:
            deliveries.record_delivery(
                conn,
                self.workspace_id,
                self.jira,
                identifier=f"d{at_day}",
                body_hash="h",
                event="jira:issue_updated",
                issue_ids=[],
                at=self.clock.now(),
            )
            ids = [one.id for one in list_deliveries(conn, self.workspace_id, DeliveryWish(self.jira), 50)]
            deliveries.mark_handled(conn, self.workspace_id, ids, self.clock.now())

    def kept(self) -> int:
        with self.on.database.read() as conn:
            return len(list_deliveries(conn, self.workspace_id, DeliveryWish(self.jira), 50))


@pytest.fixture
def ticking(sqlite_database: Database, clock: FakeClock, tmp_path: Path) -> Ticking:
    settings = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    secrets = SecretBox(load_keys(settings))
    on = Resources(settings, sqlite_database, clock, SilentBell(), secrets, NoSites())
    with sqlite_database.write() as conn:
        workspace_id = workspaces.first_workspace(conn, clock.now()).id
        made = [add_connection(conn, workspace_id, _new(product), clock.now()).id for product in ("jira", "confluence")]
    return Ticking(on, clock, workspace_id, made[0])


def _new(product: str) -> NewConnection:
    return NewConnection(
        product=product,
        site_url="https://acme.example",
        api_url="https://acme.example",
        auth_kind="classic",
        account_email="okr@acme.example",
        credentials=b"sealed",
        webhook_secret=b"sealed",
    )


def test_every_site_is_asked_what_changed(ticking: Ticking) -> None:
    assert tick(ticking.on, "one")
    assert ticking.due() == {"poll": 1, "pages": 1}


def test_also_while_events_come_in_it_is_asked_what_changed(ticking: Ticking) -> None:
    """Some of them may be lost, and nobody can tell."""
    with ticking.on.database.write() as conn:
        record_event(conn, ticking.workspace_id, ticking.jira, ticking.clock.now())
    tick(ticking.on, "one")
    assert ticking.due()["poll"] == 1


def test_each_day_every_epic_is_listed_again(ticking: Ticking) -> None:
    """No event and no poll tells of an issue that was deleted; also after everything was read again once."""
    begun = ticking.clock.now()
    with ticking.on.database.write() as conn:
        keep(conn, ticking.workspace_id)
        record_link(conn, ticking.workspace_id, Initiative("PAY-KR1", ticking.jira, "1"), at=begun, by="Ana")
        record_scanned(conn, ticking.workspace_id, ticking.jira, ["1"], begun)
        record_full_check(conn, ticking.workspace_id, ticking.jira, begun)
    ticking.clock.advance(hours=1)
    tick(ticking.on, "one")
    assert "children" not in ticking.due()
    ticking.clock.advance(hours=23)
    tick(ticking.on, "one")
    assert ticking.due()["children"] == 1


def test_what_waits_already_is_not_marked_again(ticking: Ticking) -> None:
    for _ in range(3):
        tick(ticking.on, "one")
        ticking.clock.advance(seconds=70)
    claims = claim_work(ticking.on.database, now=ticking.clock.now(), lease_seconds=60, limit=10)
    assert sorted((claim.kind, claim.generation) for claim in claims) == [("pages", 1), ("poll", 1)]


def test_only_the_holder_of_the_lease_ticks(ticking: Ticking) -> None:
    assert tick(ticking.on, "one")
    ticking.clear()
    assert not tick(ticking.on, "two")
    assert ticking.due() == {}
    ticking.clock.advance(seconds=LEASE_SECONDS)
    assert tick(ticking.on, "two")
    ticking.clear()
    assert not tick(ticking.on, "one")


def test_with_nothing_due_nobody_is_woken(ticking: Ticking) -> None:
    tick(ticking.on, "one")
    ticking.clear()
    with ticking.on.database.write() as conn:
        for product in conn.exec_driver_sql("SELECT id FROM connection").scalars().all():
            record_poll(conn, ticking.workspace_id, product, ticking.clock.now(), ticking.clock.now())
    assert not tick(ticking.on, "one")
    ticking.clock.advance(seconds=59)
    assert not tick(ticking.on, "one")
    ticking.clock.advance(seconds=1)
    assert tick(ticking.on, "one")


def test_what_is_old_is_forgotten_once_an_hour(ticking: Ticking) -> None:
    ticking.delivery(0)
    ticking.clock.advance(seconds=KEEP_DELIVERIES.total_seconds() - 60)
    tick(ticking.on, "one")
    assert ticking.kept() == 1
    ticking.clock.advance(minutes=59)
    tick(ticking.on, "one")
    assert ticking.kept() == 1
    ticking.clock.advance(minutes=2)
    tick(ticking.on, "one")
    assert ticking.kept() == 0


def test_the_log_and_old_runs_are_forgotten_but_figures_are_kept(ticking: Ticking) -> None:
    with ticking.on.database.write() as conn:
        at = ticking.clock.now()
        activity.record_activity(conn, ticking.workspace_id, at=at, who="Ana", text="linked")
        runs.begin(conn, ticking.workspace_id, ticking.jira, "first", 0, at)
        progress.record_progress(conn, ticking.workspace_id, "PAY-KR1", {"now": "1"}, at=at)
    kept = []
    for days in (89, 2, 308, 2):
        ticking.clock.advance(days=days)
        tick(ticking.on, "one")
        with ticking.on.database.read() as conn:
            kept.append(
                tuple(
                    conn.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
                    for name in ("activity", "sync_run", "progress")
                )
            )
    assert kept == [(1, 1, 1), (1, 0, 1), (1, 0, 1), (0, 0, 1)]


def test_much_that_is_old_is_forgotten_in_portions_one_after_another(ticking: Ticking) -> None:
    with ticking.on.database.write() as conn:
        row = {
            "workspace_id": ticking.workspace_id,
            "at": ticking.clock.now(),
            "who": "Ana",
            "text": "linked",
            "url": "",
        }
        conn.execute(insert(schema.activity), [row] * (MOST_FORGOTTEN_AT_ONCE + 1))
    ticking.clock.advance(days=401)
    left = []
    for _ in range(2):
        tick(ticking.on, "one")
        with ticking.on.database.read() as conn:
            left.append(conn.exec_driver_sql("SELECT count(*) FROM activity").scalar_one())
    assert left == [1, 0]


def test_issues_that_nobody_links_are_forgotten(ticking: Ticking) -> None:
    at = ticking.clock.now()
    stray = IssueSnapshot("1", "PAY-1", "7", "PAY", 0, None, StatusCategory.NEW, None, None, at, at)
    with ticking.on.database.write() as conn:
        issues.upsert_issues(conn, ticking.workspace_id, ticking.jira, [stray], FieldChoices(), at)
    tick(ticking.on, "one")
    with ticking.on.database.read() as conn:
        assert issues.load_issues(conn, ticking.workspace_id, ticking.jira, ["1"]) == {}


def test_what_was_set_aside_is_tried_again_after_a_day(ticking: Ticking) -> None:
    with ticking.on.database.write() as conn:
        mark_due(conn, ticking.workspace_id, "children", [f"{ticking.jira}:10001"], ticking.clock.now())
    (claim,) = claim_work(ticking.on.database, now=ticking.clock.now(), lease_seconds=60, limit=1, kinds=["children"])
    with ticking.on.database.write() as conn:
        record_failed(conn, claim, at=ticking.clock.now(), error="odd", parked_reason="odd")
    ticking.clock.advance(hours=23)
    tick(ticking.on, "one")
    assert "children" not in {kind for kind, due in ticking.due().items() if due}
    ticking.clock.advance(hours=2)
    tick(ticking.on, "one")
    assert ticking.due()["children"] == 1
