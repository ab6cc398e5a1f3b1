"""Connections: one Jira or one Confluence each, how we sign in there, and how it fares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from connector.store.prepared import prepared
from connector.store.schema import connection
from mapping.issue import FieldChoice


class Health(StrEnum):
    """What stands between us and the remote, if anything."""

    CURRENT = "current"
    NEEDS_CREDENTIALS = "needs_credentials"
    NEEDS_PERMISSION = "needs_permission"
    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"


class SameConnection(ValueError):
    """This site is connected already; the text says under which number."""


class UnknownConnection(LookupError):
    """There is no such connection in this workspace."""


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What is needed to connect. ``site_url`` is what people open, ``api_url`` where calls go; ``credentials`` and
    ``webhook_secret`` are encrypted already."""

    product: str
    site_url: str
    api_url: str
    auth_kind: str
    account_email: str
    credentials: bytes
    webhook_secret: bytes
    deployment: str = "cloud"
    cloud_id: str = ""
    account_id: str = ""
    choice: FieldChoice = field(default_factory=FieldChoice)


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection as it stands. ``blocked_until``: no call before then, the remote asked for patience.
    ``room_left`` of ``room_of``: calls that it still allowed at ``room_at``, where it said so. ``credentials_at``: when
    they were renewed last."""

    id: int
    workspace_id: int
    product: str
    deployment: str
    site_url: str
    api_url: str
    cloud_id: str
    auth_kind: str
    account_email: str
    account_id: str
    credentials: bytes
    webhook_secret: bytes
    choice: FieldChoice
    health: Health
    health_detail: str
    health_since: datetime
    blocked_until: datetime | None
    webhook_id: str
    last_event_at: datetime | None
    last_poll_at: datetime | None
    poll_from: datetime | None
    last_full_check_at: datetime | None
    calls_today: int
    calls_day: date | None
    rejected_deliveries: int
    room_left: int | None
    room_of: int | None
    room_at: datetime | None
    credentials_at: datetime | None
    created_at: datetime


def add_connection(conn: sa.Connection, workspace_id: int, new: NewConnection, at: datetime) -> Connection:
    """Keep a new connection. Raises SameConnection where the workspace has this product at this site already."""
    site_url = new.site_url.rstrip("/")
    _refuse_same(conn, workspace_id, new.product, site_url)
    values = {
        "workspace_id": workspace_id,
        "product": new.product,
        "deployment": new.deployment,
        "site_url": site_url,
        "api_url": new.api_url.rstrip("/"),
        "cloud_id": new.cloud_id,
        "auth_kind": new.auth_kind,
        "account_email": new.account_email,
        "account_id": new.account_id,
        "credentials": new.credentials,
        "webhook_secret": new.webhook_secret,
        "choices": choice_values(new.choice),
        "health_since": at,
        "created_at": at,
    }
    connection_id = conn.execute(sa.insert(connection).values(values).returning(connection.c.id)).scalar_one()
    return load_connection(conn, workspace_id, connection_id)


def load_connection(conn: sa.Connection, workspace_id: int, connection_id: int) -> Connection:
    """Raises UnknownConnection where the workspace has none of this number."""
    row = conn.execute(*_one(workspace_id, connection_id)).mappings().one_or_none()
    if row is None:
        raise UnknownConnection(f"there is no connection {connection_id}")
    return _connection(row)


def find_connection(conn: sa.Connection, connection_id: int) -> Connection | None:
    """The connection of this number in whatever workspace, for doors whose address carries only the number."""
    row = conn.execute(sa.select(connection).where(connection.c.id == connection_id)).mappings().one_or_none()
    return None if row is None else _connection(row)


def load_connections(conn: sa.Connection, workspace_id: int, product: str | None = None) -> tuple[Connection, ...]:
    """All connections of the workspace, or those to one product, oldest first."""
    found = _all(workspace_id) if product is None else _of_product(workspace_id, product)
    return tuple(_connection(row) for row in conn.execute(*found).mappings())


def _refuse_same(conn: sa.Connection, workspace_id: int, product: str, site_url: str) -> None:
    same = sa.select(connection.c.id).where(
        connection.c.workspace_id == workspace_id,
        connection.c.product == product,
        sa.func.lower(connection.c.site_url) == site_url.lower(),
    )
    number = conn.execute(same).scalar_one_or_none()
    if number is not None:
        raise SameConnection(
            f"{site_url} is connected already, as {product} connection {number}."
            " To change its account or token, renew its credentials instead of connecting it again."
        )


@prepared
def _one(workspace_id: int, connection_id: int) -> sa.Select[Any]:
    return sa.select(connection).where(connection.c.workspace_id == workspace_id, connection.c.id == connection_id)


@prepared
def _all(workspace_id: int) -> sa.Select[Any]:
    return sa.select(connection).where(connection.c.workspace_id == workspace_id).order_by(connection.c.id)


@prepared
def _of_product(workspace_id: int, product: str) -> sa.Select[Any]:
    these = (connection.c.workspace_id == workspace_id, connection.c.product == product)
    return sa.select(connection).where(*these).order_by(connection.c.id)


def choice_values(choice: FieldChoice) -> dict[str, Any]:
    """The choice as it is kept."""
    return {
        "estimate_field_id": choice.estimate_field_id,
        "wont_do_resolution_ids": sorted(choice.wont_do_resolution_ids),
        "by_points": choice.by_points,
    }


def choice_of(kept: dict[str, Any], *, shows_titles: bool = False) -> FieldChoice:
    """The choice out of what is kept."""
    return FieldChoice(
        estimate_field_id=kept.get("estimate_field_id"),
        wont_do_resolution_ids=frozenset(kept.get("wont_do_resolution_ids", ())),
        by_points=bool(kept.get("by_points", False)),
        shows_titles=shows_titles,
    )


def _connection(row: sa.RowMapping) -> Connection:
    values = dict(row)
    choice = choice_of(values.pop("choices"))
    return Connection(**values | {"choice": choice, "health": Health(values["health"])})
