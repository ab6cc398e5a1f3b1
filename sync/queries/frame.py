"""What stands around every page: which site, how current, how much needs somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from urllib.parse import urlsplit

from connector.store import check_ins, overview
from connector.store.connections import Health
from mapping.pace import day_of
from sync.ports import Resources
from sync.queries.check_ins_due import count_due
from sync.queries.standing import Answer, load_standing, share_done


@dataclass(frozen=True, slots=True)
class FrameView:
    """``name`` of the workspace; ``site`` is the host of the first connection, empty where there is none.
    ``check_ins_due``: of the reader's own key results, or of all where none is theirs."""

    at: datetime
    name: str
    site: str
    answer: Answer
    sites_not_current: int
    first_sync: Fraction | None
    last_read_at: datetime | None
    needing_people: int
    texts_waiting: int
    pages_waiting: int
    check_ins_due: int


def load_frame(on: Resources, workspace_id: int, at: datetime, name: str) -> FrameView:
    """Read it at ``at``, for a reader of this name. Raises StoreUnavailable where the database is away."""
    with on.database.read() as conn:
        standing = load_standing(conn, workspace_id, at)
        texts = overview.texts_waiting(conn, workspace_id)
        said = check_ins.last_said(conn, workspace_id, day_of(at))
    hosts = [host_of(connection.site_url) for connection in standing.connections]
    ask_people = {Health.NEEDS_CREDENTIALS, Health.NEEDS_PERMISSION}
    first = next((run for run in standing.runs if run.kind == "first"), None)
    return FrameView(
        at=at,
        name=standing.workspace.name,
        site=next(iter(hosts), ""),
        answer=standing.answer,
        sites_not_current=len({host_of(connection.site_url) for connection in standing.not_current}),
        first_sync=share_done(first) if first else None,
        last_read_at=standing.last_read_at,
        needing_people=standing.set_aside
        + standing.tables_needing_people
        + sum(connection.health in ask_people for connection in standing.connections),
        texts_waiting=sum(texts.values()),
        pages_waiting=len(standing.waiting_tables),
        check_ins_due=count_due(said, name, day_of(at)),
    )


def host_of(url: str) -> str:
    """acme.atlassian.net of https://acme.atlassian.net; with the port where there is one."""
    return urlsplit(url).netloc or url
