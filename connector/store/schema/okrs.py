"""The OKRs themselves, and how figures moved."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from connector.store.column_types import DecimalText, UtcTime
from connector.store.schema.columns import metadata, row_id, text_column, workspace_id

cycle = Table(
    "cycle",
    metadata,
    row_id(),
    workspace_id(),
    Column("key", String(40), nullable=False),
    Column("name", String(300), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("state", String(16), nullable=False),
    UniqueConstraint("workspace_id", "key"),
)

objective = Table(
    "objective",
    metadata,
    row_id(),
    workspace_id(),
    Column("key", String(32), nullable=False),
    Column("cycle_key", String(40), nullable=False),
    Column("title", String(300), nullable=False),
    text_column("why"),
    text_column("sponsor"),
    text_column("team"),
    Column("parent_keys", JSON, nullable=False, server_default="[]"),
    Column("weight", DecimalText, nullable=False),
    Column("position", Integer, nullable=False),
    Column("stage", String(16), nullable=False),
    UniqueConstraint("workspace_id", "key"),
    ForeignKeyConstraint(["workspace_id", "cycle_key"], ["cycle.workspace_id", "cycle.key"]),
    Index(None, "workspace_id", "cycle_key"),
)

key_result = Table(
    "key_result",
    metadata,
    row_id(),
    workspace_id(),
    Column("key", String(32), nullable=False),
    Column("objective_key", String(32), nullable=False),
    Column("title", String(300), nullable=False),
    Column("kind", String(16), nullable=False),
    text_column("owner"),
    Column("source", String(16), nullable=False),
    Column("unit", String(40), nullable=False, server_default=""),
    Column("baseline", DecimalText),
    Column("target", DecimalText),
    Column("bound", String(8)),
    Column("steps", JSON, nullable=False, server_default="[]"),
    Column("jql", JSON(none_as_null=True)),
    Column("phased", JSON, nullable=False, server_default="[]"),
    Column("aspirational", Boolean, nullable=False),
    Column("lagging", Boolean, nullable=False),
    Column("weight", DecimalText, nullable=False),
    Column("position", Integer, nullable=False),
    Column("baseline_due_on", Date),
    Column("dropped_on", Date),
    text_column("dropped_why"),
    # The present value of a JQL source, and since when it cannot be read.
    Column("jql_value", DecimalText),
    Column("jql_as_of", UtcTime),
    Column("jql_unreadable_since", UtcTime),
    text_column("jql_unreadable_why"),
    # None: older than this column.
    Column("made_at", UtcTime),
    UniqueConstraint("workspace_id", "key"),
    ForeignKeyConstraint(["workspace_id", "objective_key"], ["objective.workspace_id", "objective.key"]),
    Index(None, "workspace_id", "objective_key"),
)

check_in = Table(
    "check_in",
    metadata,
    row_id(),
    workspace_id(),
    Column("key_result_key", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("value", DecimalText),
    Column("confidence", Integer),
    text_column("done_since"),
    text_column("note"),
    text_column("blockers"),
    text_column("next_step"),
    text_column("author"),
    Column("origin", String(16), nullable=False),
    Column("idempotency_key", String(200), nullable=False),
    # Nothing is deleted: what was withdrawn stays readable and counts in no figure. Withdrawn by nobody: a corrected
    # file brought another in its place.
    Column("withdrawn_at", UtcTime),
    text_column("withdrawn_by"),
    text_column("withdrawn_why"),
    UniqueConstraint("workspace_id", "idempotency_key"),
    ForeignKeyConstraint(["workspace_id", "key_result_key"], ["key_result.workspace_id", "key_result.key"]),
    Index(None, "workspace_id", "key_result_key", "at"),
)

# One row per change of a figure: what it was from then on.
progress = Table(
    "progress",
    metadata,
    row_id(),
    workspace_id(),
    Column("subject", String(80), nullable=False),  # key of a key result or objective, or issue:<connection>:<id>
    Column("at", UtcTime, nullable=False),
    Column("figure", JSON, nullable=False),
    Column("why", String(300), nullable=False, server_default=""),
    Index(None, "workspace_id", "subject", "at"),
)

# What changed of OKRs and why, for as long as they are kept; the log of activities forgets.
okr_change = Table(
    "okr_change",
    metadata,
    row_id(),
    workspace_id(),
    Column("subject", String(32), nullable=False),  # key of a key result or objective
    Column("kind", String(16), nullable=False),  # change | grade
    Column("at", UtcTime, nullable=False),
    text_column("who"),
    text_column("what"),
    text_column("why"),
    Index(None, "workspace_id", "subject"),
)
