"""How issues come to serve key results: what each project means, rules that add links, epics that serve none."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from connector.store.column_types import DecimalText, UtcTime
from connector.store.schema.columns import Id, metadata, row_id, text_column, workspace_id


def _of_connection() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"], ondelete="CASCADE"
    )


# How one project of a Jira is read; what nobody confirmed is as found by itself.
project = Table(
    "project",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("project_id", String(32), nullable=False),
    Column("project_key", String(64), nullable=False),
    Column("name", String(300), nullable=False, server_default=""),
    # estimate field, won't-do resolutions, parent or Epic Link
    Column("choices", JSON, nullable=False, server_default="{}"),
    # Whether titles of its issues may be shown on our screens to everybody who may read here.
    Column("shows_titles", Boolean, nullable=False, server_default=false()),
    Column("confirmed_at", UtcTime),
    text_column("confirmed_by"),
    UniqueConstraint("workspace_id", "connection_id", "project_id"),
    _of_connection(),
)

# Which issues are linked by themselves. Rules add links and never take one away.
link_rule = Table(
    "link_rule",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(16), nullable=False),  # jql | label | project | property
    text_column("wanted"),  # the query, label, project key, or property path and value
    # Empty: what matches is to be done anyway, and serves no key result. A label names its key result itself.
    Column("key_result_key", String(32), nullable=False, server_default=""),
    Column("role", String(16), nullable=False, server_default="supports"),
    Column("weight", DecimalText, nullable=False, server_default="1"),
    Column("step_key", String(64), nullable=False, server_default=""),
    Column("is_on", Boolean, nullable=False, server_default=true()),
    Column("made_at", UtcTime, nullable=False),
    text_column("made_by"),
    Column("on_since", UtcTime),
    Column("checked_at", UtcTime),
    Column("matched", Integer, nullable=False, server_default="0"),
    # Ids of issues that match and wait for a person, because they are too many to be linked at once.
    Column("waiting", JSON, nullable=False, server_default="[]"),
    text_column("trouble"),
    Column("trouble_since", UtcTime),
    UniqueConstraint("workspace_id", "name"),
    _of_connection(),
)

# Epics of which somebody said what they are for, other than by a link.
epic_choice = Table(
    "epic_choice",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("issue_id", String(32), nullable=False),
    Column("choice", String(16), nullable=False),  # just_do_it
    Column("at", UtcTime, nullable=False),
    text_column("by"),
    Column("rule_id", Id),
    UniqueConstraint("workspace_id", "connection_id", "issue_id"),
    _of_connection(),
)

# Links that a person took away: no rule makes them again.
link_taken_away = Table(
    "link_taken_away",
    metadata,
    row_id(),
    workspace_id(),
    Column("key_result_key", String(32), nullable=False),
    Column("connection_id", Id, nullable=False),
    Column("issue_id", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    text_column("by"),
    UniqueConstraint("workspace_id", "key_result_key", "connection_id", "issue_id"),
    _of_connection(),
)
