"""Links to Jira issues, what Jira said of them, and what that adds up to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, String, Table, UniqueConstraint, false

from connector.store.column_types import DecimalText, UtcTime
from connector.store.schema.columns import Id, metadata, row_id, text_column, workspace_id

initiative = Table(
    "initiative",
    metadata,
    row_id(),
    workspace_id(),
    Column("key_result_key", String(32), nullable=False),
    Column("connection_id", Id, nullable=False),
    Column("issue_id", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("weight", DecimalText, nullable=False),
    Column("step_key", String(64), nullable=False, server_default=""),
    Column("origin", String(16), nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    text_column("linked_by"),
    Column("rule_id", Id),  # the rule that added it; null: a person did
    UniqueConstraint("workspace_id", "key_result_key", "connection_id", "issue_id"),
    ForeignKeyConstraint(["workspace_id", "key_result_key"], ["key_result.workspace_id", "key_result.key"]),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    Index(None, "workspace_id", "connection_id", "issue_id"),
)

# What Jira last said of each issue that is linked, or lies directly below a linked one.
issue = Table(
    "issue",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("issue_id", String(32), nullable=False),
    Column("issue_key", String(64), nullable=False),
    # Only of projects that show their titles (project.shows_titles); empty in all others.
    Column("title", String(300), nullable=False, server_default=""),
    Column("project_id", String(32), nullable=False),
    Column("project_key", String(64), nullable=False),
    Column("level", Integer, nullable=False),
    Column("parent_id", String(32)),
    Column("parent_since", UtcTime, nullable=False),  # when it came under its present parent, as far as we saw
    Column("status_category", String(16), nullable=False),
    Column("resolution_id", String(32)),
    Column("wont_do", Boolean, nullable=False),
    Column("estimate", DecimalText),
    Column("created", UtcTime, nullable=False),
    Column("updated", UtcTime, nullable=False),
    Column("read_at", UtcTime, nullable=False),
    # Set where Jira answered that it is not there, or that we may not see it (the two cannot be told apart).
    Column("gone_since", UtcTime),
    text_column("gone_why"),
    # Gone because its whole project is closed to us: nothing is known about it, it does not count as taken away.
    Column("hidden", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("workspace_id", "connection_id", "issue_id"),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    Index(None, "workspace_id", "connection_id", "parent_id"),
    Index(None, "workspace_id", "connection_id", "issue_key"),
    Index(None, "workspace_id", "level"),
)

# The completion of each linked issue, as last rolled up; a figure that cannot be read any more stays, with its age.
completion = Table(
    "completion",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("issue_id", String(32), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("wont_do", Integer, nullable=False),
    Column("points_done", DecimalText, nullable=False),
    Column("points_total", DecimalText, nullable=False),
    Column("unestimated", Integer, nullable=False),
    Column("own_status", String(16), nullable=False),
    Column("own_wont_do", Boolean, nullable=False),
    Column("scanned_at", UtcTime),  # when its children were last listed in full; null: never, the figure is unknown
    Column("counted_at", UtcTime),  # when what is kept was last counted; null: listed, but not counted yet
    Column("unreadable_since", UtcTime),
    text_column("unreadable_why"),
    UniqueConstraint("workspace_id", "connection_id", "issue_id"),
)
