"""What changes of a connection while it is used: credentials, health, patience, the poll's place, counters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Integer, Select, Update, bindparam, case, select, update

from connector.pacing import Room
from connector.store.connections import Health, UnknownConnection, choice_values, load_connection
from connector.store.prepared import prepared
from connector.store.rows import Values
from connector.store.schema import connection
from mapping.issue import FieldChoice

_THIS = update(connection).where(
    connection.c.workspace_id == bindparam("this_workspace"), connection.c.id == bindparam("this_id")
)
_MORE = bindparam("more", type_=Integer)
_ON_THIS_DAY = connection.c.calls_day == bindparam("this_day")
_COUNTED = _THIS.values(calls_today=case((_ON_THIS_DAY, connection.c.calls_today + _MORE), else_=_MORE))


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a connection decides whether it may be called; its fields as ``connections.Connection`` has them."""

    health: Health
    health_since: datetime
    blocked_until: datetime | None


def load_standing(conn: Connection, workspace_id: int, connection_id: int) -> Standing:
    """Raises UnknownConnection where the workspace has none of this number."""
    found = conn.execute(*_standing(workspace_id, connection_id)).one_or_none()
    if found is None:
        raise UnknownConnection(f"there is no connection {connection_id}")
    health, since, blocked_until = found
    return Standing(Health(health), since, blocked_until)


@prepared
def _standing(workspace_id: int, connection_id: int) -> Select[Any]:
    c = connection.c
    this = (c.workspace_id == workspace_id, c.id == connection_id)
    return select(c.health, c.health_since, c.blocked_until).where(*this)


def renew_credentials(
    conn: Connection,
    workspace_id: int,
    connection_id: int,
    *,
    account_email: str,
    account_id: str,
    auth_kind: str,
    api_url: str,
    credentials: bytes,
    at: datetime,
) -> None:
    """Sign in differently from now on; ``credentials`` are encrypted already."""
    _set(
        conn,
        workspace_id,
        connection_id,
        account_email=account_email,
        account_id=account_id,
        auth_kind=auth_kind,
        api_url=api_url.rstrip("/"),
        credentials=credentials,
        credentials_at=at,
    )


def record_health(
    conn: Connection, workspace_id: int, connection_id: int, health: Health, at: datetime, detail: str = ""
) -> bool:
    """Keep how the connection fares. True where its health changed; ``health_since`` moves only then."""
    before = load_connection(conn, workspace_id, connection_id)
    if (before.health, before.health_detail) == (health, detail):
        return False
    changed = before.health is not health
    since = at if changed else before.health_since
    _set(conn, workspace_id, connection_id, health=str(health), health_detail=detail, health_since=since)
    return changed


def block_until(conn: Connection, workspace_id: int, connection_id: int, until: datetime) -> None:
    """No call before ``until``; a later time that was set before stays."""
    present = connection.c.blocked_until
    later = _THIS.values(blocked_until=case((present > until, present), else_=until))
    _change(conn, later, workspace_id, connection_id, {})


def unblock(conn: Connection, workspace_id: int, connection_id: int) -> None:
    """Calls may be made again at once."""
    _set(conn, workspace_id, connection_id, blocked_until=None)


def record_choice(conn: Connection, workspace_id: int, connection_id: int, choice: FieldChoice) -> None:
    """Which estimate field and which "won't do" resolutions hold for this Jira."""
    _set(conn, workspace_id, connection_id, choices=choice_values(choice))


def record_webhook(conn: Connection, workspace_id: int, connection_id: int, webhook_id: str) -> None:
    """The number of the webhook that we registered there; empty where there is none."""
    _set(conn, workspace_id, connection_id, webhook_id=webhook_id)


def record_event(conn: Connection, workspace_id: int, connection_id: int, at: datetime) -> None:
    """A webhook came in."""
    _set(conn, workspace_id, connection_id, last_event_at=at)


def record_poll(
    conn: Connection, workspace_id: int, connection_id: int, at: datetime, poll_from: datetime, calls: int = 0
) -> None:
    """A poll was finished after so many calls, which are counted as ``count_calls`` does; the next one asks for what
    changed since ``poll_from``, in the remote's own time."""
    place = {"last_poll_at": at, "poll_from": poll_from}
    if calls:
        _count(conn, workspace_id, connection_id, calls, at.date(), **place)
    else:
        _set(conn, workspace_id, connection_id, **place)


def record_full_check(conn: Connection, workspace_id: int, connection_id: int, at: datetime) -> None:
    """Everything was read again by now."""
    _set(conn, workspace_id, connection_id, last_full_check_at=at)


def count_calls(conn: Connection, workspace_id: int, connection_id: int, calls: int, day: date) -> None:
    """Add to the calls of ``day``; the count begins anew on a new day."""
    _count(conn, workspace_id, connection_id, calls, day)


def record_room(conn: Connection, workspace_id: int, connection_id: int, room: Room | None, at: datetime) -> None:
    """How many calls the site's last answer still allowed; None where it did not say."""
    left, of = (room.left, room.of) if room else (None, None)
    _set(conn, workspace_id, connection_id, room_left=left, room_of=of, room_at=at)


def count_rejected(conn: Connection, workspace_id: int, connection_id: int, times: int = 1) -> None:
    """A webhook was refused because nobody could tell who sent it."""
    more = _THIS.values(rejected_deliveries=connection.c.rejected_deliveries + times)
    _change(conn, more, workspace_id, connection_id, {})


def _count(conn: Connection, workspace_id: int, connection_id: int, calls: int, day: date, **values: datetime) -> None:
    counted: Values = {"this_day": day, "more": calls, "calls_day": day}
    _change(conn, _COUNTED, workspace_id, connection_id, counted | values)


def _set(conn: Connection, workspace_id: int, connection_id: int, **values: Any) -> None:
    _change(conn, _THIS, workspace_id, connection_id, values)


def _change(conn: Connection, changed: Update, workspace_id: int, connection_id: int, given: Values) -> None:
    if not conn.execute(changed, given | {"this_workspace": workspace_id, "this_id": connection_id}).rowcount:
        raise UnknownConnection(f"there is no connection {connection_id}")
