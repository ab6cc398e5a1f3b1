"""A workspace with made-up data, put in through the store: what the pages are looked at with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from sqlalchemy import Connection as Transaction
from sqlalchemy import insert

from connector.crypto import SecretBox
from connector.store import (
    activity,
    check_ins,
    completions,
    connection_state,
    connections,
    deliveries,
    issues,
    leases,
    links,
    okrs,
    page_visits,
    people,
    work,
    workers,
    workspaces,
)
from connector.store.connections import Connection, NewConnection
from connector.store.engine import Database
from connector.store.okrs import OkrSet
from connector.store.page_visits import TypedText
from connector.store.people import Person
from connector.store.schema import page_table, page_version
from mapping.field_choices import FieldChoices
from mapping.figures import IssueCounts
from mapping.issue import IssueSnapshot, StatusCategory
from mapping.okr import Initiative
from sync.timer import LEASE_NAME
from tests.demo_okrs import demo_okrs

SITE = "https://acme.atlassian.net"
EMAIL = "rosa.klein@acme.example"
PASSWORD = "correct horse battery"
KEY = Fernet.generate_key()
SECRET = "made-up webhook secret"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# Done and total of each epic, as the visual targets have them.
EPICS = {
    "PAY-412": (7, 12), "PAY-431": (9, 9), "PAY-388": (3, 14), "PAY-371": (6, 6), "PAY-395": (2, 7), "PAY-402": (5, 6),
    "PLA-77": (18, 24), "PLA-81": (6, 8), "PLA-64": (11, 11), "PLA-70": (22, 35), "GRO-155": (10, 13),
    "GRO-149": (4, 9), "GRO-160": (2, 3),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeUp:
    """What was put in."""

    workspace_id: int
    person: Person
    jira: Connection
    confluence: Connection


def add_owner(database: Database, at: datetime, role: str = "admin", email: str = EMAIL) -> Person:
    """Somebody who may sign in with PASSWORD."""
    with database.write() as conn:
        workspace = workspaces.first_workspace(conn, at)
        return people.add_person(
            conn, workspace.id, email=email, name="Rosa Klein", role=role, password_hash=CHEAP.hash(PASSWORD), at=at
        )


def fill(database: Database, at: datetime) -> MadeUp:
    """Two sites, the OKRs of the demo, counted epics, two tables, a worker, a log."""
    person = add_owner(database, at)
    with database.write() as conn:
        ws = person.workspace_id
        jira = _connect(conn, ws, "jira", at)
        confluence = _connect(conn, ws, "confluence", at)
        connection_state.record_poll(conn, ws, jira.id, at - timedelta(seconds=41), at - timedelta(minutes=10))
        connection_state.record_poll(conn, ws, confluence.id, at - timedelta(seconds=44), at)
        connection_state.record_event(conn, ws, jira.id, at - timedelta(seconds=12))
        connection_state.record_full_check(conn, ws, jira.id, at - timedelta(minutes=25))
        connection_state.count_calls(conn, ws, jira.id, 1284, at.date())
        _okrs(conn, ws, jira.id, at)
        _table(conn, ws, confluence.id, "OKRs Q4 2026", "current", at)
        _table(conn, ws, confluence.id, "Payments home", "current", at)
        workers.record_alive(conn, "w1", started_at=at, seen_at=at - timedelta(seconds=3))
        leases.hold_lease(conn, LEASE_NAME, "w1", at, 15)
        deliveries.record_delivery(
            conn, ws, jira.id, identifier="d1", body_hash="0" * 64, event="jira:issue_updated", issue_ids=["1"], at=at
        )
        _log(conn, ws, at)
    return MadeUp(ws, person, jira, confluence)


def set_aside(database: Database, made_up: MadeUp, at: datetime) -> int:
    """One issue that failed too often; the number of its work."""
    ws, target = made_up.workspace_id, f"{made_up.jira.id}:{issue_id('PAY-388')}"
    with database.write() as conn:
        work.mark_due(conn, ws, "issue", [target], at - timedelta(hours=1))
    claim = work.claim_work(database, now=at, lease_seconds=60, limit=1)[0]
    with database.write() as conn:
        work.record_failed(
            conn,
            claim,
            at=at,
            error="Jira's answer was cut off at 64 kB",
            parked_reason="Jira’s answer was cut off each time.",
        )
    return claim.work_id


def type_into(
    database: Database, made_up: MadeUp, table_id: int, text: str, *, key: str = "PAY-KR1", column: str = "now",
    outcome: str = "not_understood", version: int = 215, settled_by: str = "",
) -> None:  # fmt: skip
    """Ana Duarte typed this into a cell, and it became what ``outcome`` says."""
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    typed = TypedText(version, key, column, text, "557058:ana", "Ana Duarte", at, outcome, settled_by=settled_by)
    with database.write() as conn:
        page_visits.record_typed_text(conn, made_up.workspace_id, table_id, typed)


def _connect(conn: Transaction, ws: int, product: str, at: datetime) -> Connection:
    box = SecretBox([KEY])
    new = NewConnection(product, SITE, SITE, "classic", "okr-bot@acme.example", box.seal("token"), box.seal(SECRET))
    return connections.add_connection(conn, ws, new, at)


def _okrs(conn: Transaction, ws: int, jira_id: int, at: datetime) -> None:
    parsed = demo_okrs()
    kept = OkrSet(parsed.cycles, parsed.objectives, parsed.key_results)
    okrs.record_okrs(conn, ws, kept, at=at, who="Rosa Klein")
    for number, said in enumerate(parsed.check_ins):
        check_ins.record_check_in(conn, ws, said, idempotency_key=f"made-up-{number}", recorded_at=at)
    keys = sorted({link.issue_key for link in parsed.links})
    issues.upsert_issues(conn, ws, jira_id, [_epic(key, at) for key in keys], FieldChoices(), at)
    for link in parsed.links:
        initiative = Initiative(link.key_result_key, jira_id, issue_id(link.issue_key), link.role, link.weight)
        links.record_link(conn, ws, initiative, at=at, by="Rosa Klein")
    for key in keys:
        done, total = EPICS.get(key, (3, 4))
        counts = IssueCounts(done=done, total=total, wont_do=0)
        own = StatusCategory.INDETERMINATE
        completions.record_scanned(conn, ws, jira_id, [issue_id(key)], at)
        completions.record_completion(
            conn, ws, jira_id, issue_id(key), counts, own_status=own, own_wont_do=False, at=at
        )


def issue_id(key: str) -> str:
    project, _, number = key.partition("-")
    return f"{sum(map(ord, project))}{number}"


def _epic(key: str, at: datetime) -> IssueSnapshot:
    project = key.partition("-")[0]
    return IssueSnapshot(
        issue_id=issue_id(key),
        issue_key=key,
        project_id=str(sum(map(ord, project))),
        project_key=project,
        level=1,
        parent_id=None,
        status_category=StatusCategory.INDETERMINATE,
        resolution_id=None,
        estimate=Decimal(3),
        created=at - timedelta(days=60),
        updated=at - timedelta(hours=1),
    )


def _table(
    conn: Transaction, ws: int, confluence_id: int, title: str, state: str, at: datetime, detail: str = ""
) -> None:
    page_id = str(abs(hash(title)) % 10**6)
    made = insert(page_table).values(
        workspace_id=ws,
        connection_id=confluence_id,
        page_id=page_id,
        region_id="okr-2026-q4",
        cycle_key="2026-q4",
        created_at=at,
        state=state,
        state_detail=detail,
        state_since=at,
        page_title=title,
        page_url=f"{SITE}/wiki/spaces/OKR/pages/4711",
        written_version=214,
        written_at=at - timedelta(minutes=4),
    )
    table_id = conn.execute(made.returning(page_table.c.id)).scalar_one()
    conn.execute(
        insert(page_version).values(
            workspace_id=ws, table_id=table_id, connection_id=confluence_id, page_id=page_id, version=214,
            at=at - timedelta(minutes=4), message="", fingerprint="f", cause="jira",
        )
    )  # fmt: skip


def _log(conn: Transaction, ws: int, at: datetime) -> None:
    for seconds, who, text, url in (
        (2400, "Rosa Klein", "Linked PAY-412 to PAY-KR1", f"{SITE}/browse/PAY-412"),
        (260, "", "PAY-412 read again: 7 of 12 done, before 6 of 12", ""),
        (240, "", "OKRs Q4 2026 written, version 214: PAY-412 7 of 12 done", f"{SITE}/wiki/spaces/OKR/pages/4711"),
    ):
        activity.record_activity(conn, ws, at=at - timedelta(seconds=seconds), who=who, text=text, url=url)
