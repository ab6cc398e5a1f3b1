"""What comes in, what is to be done, and who does it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from connector.store.column_types import UtcTime
from connector.store.schema.columns import Id, metadata, row_id, text_column, workspace_id

# One accepted webhook: ids and a hash. Contents only of an event that nobody here knows, encrypted and for some days.
delivery = Table(
    "delivery",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("identifier", String(128), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("event", String(80), nullable=False),
    Column("issue_ids", JSON, nullable=False),
    Column("page_id", String(32), nullable=False, server_default=""),
    # read_again | read_everything | left_alone | unknown
    Column("handling", String(16), nullable=False, server_default="read_again"),
    Column("body", LargeBinary),
    Column("received_at", UtcTime, nullable=False),
    Column("times", Integer, nullable=False, server_default="1"),
    Column("handled_at", UtcTime),
    UniqueConstraint("workspace_id", "connection_id", "identifier"),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    Index(None, "workspace_id", "connection_id", "handled_at"),
    Index(None, "received_at"),
)

# The only queue that matters. A mark stands from the moment something may have changed until it was dealt with.
work = Table(
    "work",
    metadata,
    row_id(),
    workspace_id(),
    Column("kind", String(16), nullable=False),
    Column("target", String(120), nullable=False),
    Column("target_group", String(120), nullable=False),  # the target up to its first colon: what is done together
    Column("due_at", UtcTime, nullable=False),
    Column("not_before", UtcTime),  # further marks do not bring it forward of this: it failed, or was put off
    Column("urgency", Integer, nullable=False, server_default="5"),  # smaller first
    Column("generation", Integer, nullable=False, server_default="1"),
    Column("claim_token", String(32)),
    Column("claimed_until", UtcTime),
    Column("claimed_generation", Integer),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text_column("last_error"),
    Column("parked_at", UtcTime),
    text_column("parked_reason"),
    Column("marked_at", UtcTime, nullable=False),  # when it first became due, for "waiting since"
    UniqueConstraint("workspace_id", "kind", "target"),
    Index(
        "ix_work_waiting",
        "urgency",
        "due_at",
        sqlite_where=text("claim_token IS NULL AND parked_at IS NULL"),
        postgresql_where=text("claim_token IS NULL AND parked_at IS NULL"),
    ),
    Index(None, "claimed_until"),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("token", String(32), nullable=False),
    Column("holder", String(120), nullable=False),
    Column("until", UtcTime, nullable=False),
)

worker = Table(
    "worker",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("started_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("redis", String(200), nullable=False, server_default=""),
)

# Long work that people want to see: the first sync, a full check.
sync_run = Table(
    "sync_run",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("kind", String(16), nullable=False),  # first | poll | full_check
    Column("started_at", UtcTime, nullable=False),
    Column("moved_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("issues", Integer, nullable=False, server_default="0"),
    Column("calls", Integer, nullable=False, server_default="0"),
    Column("changed", Integer, nullable=False, server_default="0"),
    text_column("outcome"),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    Index(None, "workspace_id", "connection_id", "started_at"),
)
