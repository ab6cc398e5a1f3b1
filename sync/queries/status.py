"""The status page: how current everything is, what waits, what was set aside, what happened last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.settings import Settings
from connector.store import overview
from connector.store.activity import Activity, recent_activity
from connector.store.connections import Connection, Health
from connector.store.overview import Held, Lately
from connector.store.reading_progress import ReadProject, read_projects
from connector.store.work_list import DueCount
from sync.ports import Resources
from sync.queries.frame import host_of
from sync.queries.progress import RunView, view_of
from sync.queries.set_aside import SetAside, load_set_aside
from sync.queries.standing import Answer, Standing, load_standing
from sync.queries.tables import TableRow, load_table_rows
from sync.timer import LEASE_NAME

LATELY = timedelta(hours=24)
MOST_LINES = 12
EVENT_KINDS = frozenset({"issue"})
FIGURE_KINDS = frozenset({"children", "initiative", "jql"})
PAGE_KINDS = frozenset({"table"})


@dataclass(frozen=True, slots=True)
class SiteView:
    """One connection. ``since`` is when its health became what it is; ``account`` the e-mail that it uses, and
    ``account_since`` when its credentials were entered. ``room_left`` of ``room_of``: calls that its last answer still
    allowed, None where it did not say."""

    connection_id: int
    host: str
    url: str
    product: str
    account: str
    health: str
    detail: str
    since: datetime
    blocked_until: datetime | None
    last_event_at: datetime | None
    last_poll_at: datetime | None
    last_full_check_at: datetime | None
    calls_today: int
    room_left: int | None
    room_of: int | None
    account_since: datetime
    refused_events: int
    held: Held


@dataclass(frozen=True, slots=True)
class HowCurrent:
    """What brings news and how soon. ``events_arrive``: one came within a day, so they can reach us."""

    events_arrive: bool
    poll_seconds: int
    full_check_hours: float


@dataclass(frozen=True, slots=True)
class Machines:
    workers: int
    last_sign_at: datetime | None
    timer_runs: bool
    database_bytes: int
    has_redis: bool


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything on the page. ``troubled``: the sites that the answer is about; ``notes``: all that are not current;
    ``projects``: how far each is read, while a first sync runs."""

    at: datetime
    answer: Answer
    standing: Standing
    troubled: tuple[SiteView, ...]
    notes: tuple[SiteView, ...]
    sites: tuple[SiteView, ...]
    how_current: HowCurrent
    runs: tuple[RunView, ...]
    projects: tuple[ReadProject, ...]
    events_waiting: int
    figures_waiting: int
    pages_waiting: int
    lately: Lately
    last_written_at: datetime | None
    set_aside: tuple[SetAside, ...]
    tables: tuple[TableRow, ...]
    activity: tuple[Activity, ...]
    machines: Machines


def load_status(on: Resources, workspace_id: int, at: datetime) -> StatusView:
    """Read it at ``at``. Raises StoreUnavailable where the database is away."""
    with on.database.read() as conn:
        standing = load_standing(conn, workspace_id, at)
        held = overview.held_of_connections(conn, workspace_id)
        sites = tuple(_site(c, held.get(c.id, Held()), at) for c in standing.connections)
        tables = load_table_rows(conn, workspace_id, at)
        ailing = [site for site in sites if site.health != Health.CURRENT]
        return StatusView(
            at=at,
            answer=standing.answer,
            standing=standing,
            troubled=_once_per_host(site for site in ailing if site.health == standing.answer),
            notes=_once_per_host(ailing),
            sites=sites,
            how_current=_how_current(sites, on.settings, at),
            runs=tuple(view_of(run, _host(standing, run.connection_id), at) for run in standing.runs),
            projects=_projects(conn, workspace_id, standing),
            events_waiting=_waiting(standing.queue, EVENT_KINDS),
            figures_waiting=_waiting(standing.queue, FIGURE_KINDS),
            pages_waiting=_waiting(standing.queue, PAGE_KINDS),
            lately=overview.lately(conn, workspace_id, at - LATELY),
            last_written_at=overview.last_written_at(conn, workspace_id),
            set_aside=load_set_aside(conn, workspace_id, standing.connections, tables),
            tables=tables,
            activity=recent_activity(conn, workspace_id, MOST_LINES),
            machines=_machines(conn, standing, on.settings, at),
        )


def _site(connection: Connection, held: Held, at: datetime) -> SiteView:
    return SiteView(
        connection_id=connection.id,
        host=host_of(connection.site_url),
        url=connection.site_url,
        product=connection.product,
        account=connection.account_email,
        health=str(connection.health),
        detail=connection.health_detail,
        since=connection.health_since,
        blocked_until=connection.blocked_until,
        last_event_at=connection.last_event_at,
        last_poll_at=connection.last_poll_at,
        last_full_check_at=connection.last_full_check_at,
        calls_today=connection.calls_today if connection.calls_day == at.date() else 0,
        room_left=connection.room_left,
        room_of=connection.room_of,
        account_since=connection.credentials_at or connection.created_at,
        refused_events=connection.rejected_deliveries,
        held=held,
    )


def _how_current(sites: tuple[SiteView, ...], settings: Settings, at: datetime) -> HowCurrent:
    arrive = any(site.last_event_at is not None and at - site.last_event_at < LATELY for site in sites)
    return HowCurrent(arrive, settings.poll_seconds, settings.full_check_hours)


def _projects(conn: Transaction, workspace_id: int, standing: Standing) -> tuple[ReadProject, ...]:
    first = {run.connection_id for run in standing.runs if run.kind == "first"}
    return read_projects(conn, workspace_id, first) if first else ()


def _waiting(queue: tuple[DueCount, ...], kinds: frozenset[str]) -> int:
    return sum(count.due + count.in_hand for count in queue if count.kind in kinds)


def _machines(conn: Transaction, standing: Standing, settings: Settings, at: datetime) -> Machines:
    return Machines(
        workers=standing.workers_alive,
        last_sign_at=standing.last_sign_at,
        timer_runs=overview.lease_is_held(conn, LEASE_NAME, at),
        database_bytes=overview.database_bytes(conn),
        has_redis=bool(settings.redis_address),
    )


def _host(standing: Standing, connection_id: int) -> str:
    return next((host_of(c.site_url) for c in standing.connections if c.id == connection_id), "")


def _once_per_host(sites: Iterable[SiteView]) -> tuple[SiteView, ...]:
    """Jira and Confluence of one site share host and account; what ails both is told once."""
    return tuple({(site.host, site.health): site for site in sites}.values())
