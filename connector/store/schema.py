"""Every table. Each row belongs to one workspace; ids of Jira and Confluence are unique only within a connection.

Times are stored in UTC and come back aware; decimals are stored as text, so that the decimals a person wrote stay.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from connector.store.column_types import DecimalText, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


Id = BigInteger().with_variant(Integer, "sqlite")


def _workspace() -> Column[int]:
    return Column("workspace_id", Id, ForeignKey("workspace.id", ondelete="CASCADE"), nullable=False)


def _row_id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _text(name: str, **kwargs: Any) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="", **kwargs)


workspace = Table(
    "workspace",
    metadata,
    _row_id(),
    Column("name", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # Set while an admin has paused all writing to Confluence.
    Column("writing_paused_at", UtcTime),
    _text("writing_paused_by"),
    # The one-time code with which the first visitor takes possession (argon2 hash), until it was used.
    _text("setup_code_hash"),
)

connection = Table(
    "connection",
    metadata,
    _row_id(),
    _workspace(),
    Column("product", String(16), nullable=False),  # jira | confluence
    Column("deployment", String(16), nullable=False, server_default="cloud"),
    Column("site_url", String(400), nullable=False),  # what people open, e.g. https://acme.atlassian.net
    Column("api_url", String(400), nullable=False),  # where calls go: the site, or the gateway for scoped tokens
    Column("cloud_id", String(64), nullable=False, server_default=""),
    Column("auth_kind", String(16), nullable=False),  # classic | scoped
    Column("account_email", String(320), nullable=False),
    Column("account_id", String(128), nullable=False, server_default=""),
    Column("credentials", LargeBinary, nullable=False),  # encrypted
    Column("webhook_secret", LargeBinary, nullable=False),  # encrypted
    Column("choices", JSON, nullable=False, server_default="{}"),  # estimate field, won't-do resolutions
    # current | needs_credentials | needs_permission | unreachable | rate_limited
    Column("health", String(32), nullable=False, server_default="current"),
    _text("health_detail"),
    Column("health_since", UtcTime, nullable=False),
    Column("blocked_until", UtcTime),  # no call before this time: the remote asked for patience
    Column("webhook_id", String(64), nullable=False, server_default=""),
    Column("last_event_at", UtcTime),
    Column("last_poll_at", UtcTime),
    Column("poll_from", UtcTime),  # the next poll asks for what changed since then, in Jira's time
    Column("last_full_check_at", UtcTime),
    Column("calls_today", Integer, nullable=False, server_default="0"),
    Column("calls_day", Date),
    Column("rejected_deliveries", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("workspace_id", "product", "site_url"),
    UniqueConstraint("workspace_id", "id"),
)

cycle = Table(
    "cycle",
    metadata,
    _row_id(),
    _workspace(),
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
    _row_id(),
    _workspace(),
    Column("key", String(32), nullable=False),
    Column("cycle_key", String(40), nullable=False),
    Column("title", String(300), nullable=False),
    _text("why"),
    _text("sponsor"),
    _text("team"),
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
    _row_id(),
    _workspace(),
    Column("key", String(32), nullable=False),
    Column("objective_key", String(32), nullable=False),
    Column("title", String(300), nullable=False),
    Column("kind", String(16), nullable=False),
    _text("owner"),
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
    _text("dropped_why"),
    # The present value of a JQL source, and since when it cannot be read.
    Column("jql_value", DecimalText),
    Column("jql_as_of", UtcTime),
    Column("jql_unreadable_since", UtcTime),
    _text("jql_unreadable_why"),
    UniqueConstraint("workspace_id", "key"),
    ForeignKeyConstraint(["workspace_id", "objective_key"], ["objective.workspace_id", "objective.key"]),
    Index(None, "workspace_id", "objective_key"),
)

check_in = Table(
    "check_in",
    metadata,
    _row_id(),
    _workspace(),
    Column("key_result_key", String(32), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("value", DecimalText),
    Column("confidence", Integer),
    _text("done_since"),
    _text("note"),
    _text("blockers"),
    _text("next_step"),
    _text("author"),
    Column("origin", String(16), nullable=False),
    Column("idempotency_key", String(200), nullable=False),
    UniqueConstraint("workspace_id", "idempotency_key"),
    ForeignKeyConstraint(["workspace_id", "key_result_key"], ["key_result.workspace_id", "key_result.key"]),
    Index(None, "workspace_id", "key_result_key", "at"),
)

initiative = Table(
    "initiative",
    metadata,
    _row_id(),
    _workspace(),
    Column("key_result_key", String(32), nullable=False),
    Column("connection_id", Id, nullable=False),
    Column("issue_id", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("weight", DecimalText, nullable=False),
    Column("step_key", String(64), nullable=False, server_default=""),
    Column("origin", String(16), nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    _text("linked_by"),
    UniqueConstraint("workspace_id", "key_result_key", "connection_id", "issue_id"),
    ForeignKeyConstraint(["workspace_id", "key_result_key"], ["key_result.workspace_id", "key_result.key"]),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    Index(None, "workspace_id", "connection_id", "issue_id"),
)

# What Jira last said of each issue that is linked, or lies directly below a linked one.
issue = Table(
    "issue",
    metadata,
    _row_id(),
    _workspace(),
    Column("connection_id", Id, nullable=False),
    Column("issue_id", String(32), nullable=False),
    Column("issue_key", String(64), nullable=False),
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
    _text("gone_why"),
    # Gone because its whole project is closed to us: nothing is known about it, it does not count as taken away.
    Column("hidden", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("workspace_id", "connection_id", "issue_id"),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    Index(None, "workspace_id", "connection_id", "parent_id"),
    Index(None, "workspace_id", "connection_id", "issue_key"),
)

# The completion of each linked issue, as last rolled up; a figure that cannot be read any more stays, with its age.
completion = Table(
    "completion",
    metadata,
    _row_id(),
    _workspace(),
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
    _text("unreadable_why"),
    UniqueConstraint("workspace_id", "connection_id", "issue_id"),
)

# One row per change of a figure: what it was from then on.
progress = Table(
    "progress",
    metadata,
    _row_id(),
    _workspace(),
    Column("subject", String(80), nullable=False),  # key of a key result or objective, or issue:<connection>:<id>
    Column("at", UtcTime, nullable=False),
    Column("figure", JSON, nullable=False),
    Column("why", String(300), nullable=False, server_default=""),
    Index(None, "workspace_id", "subject", "at"),
)

page_table = Table(
    "page_table",
    metadata,
    _row_id(),
    _workspace(),
    Column("connection_id", Id, nullable=False),
    Column("page_id", String(32), nullable=False),
    Column("region_id", String(80), nullable=False),
    Column("cycle_key", String(40), nullable=False),
    Column("teams", JSON, nullable=False, server_default="[]"),
    Column("objective_keys", JSON, nullable=False, server_default="[]"),
    Column("columns", JSON, nullable=False, server_default="[]"),  # empty: the default columns
    Column("language", String(8), nullable=False, server_default="en"),
    Column("design", String(16), nullable=False, server_default="normal"),
    Column("check_in_by", String(16), nullable=False, server_default="editors"),  # owner | team | editors
    Column("write_bucket", Integer),  # null: as in the settings
    Column("write_refill_minutes", Integer),
    Column("created_at", UtcTime, nullable=False),
    _text("created_by"),
    # waiting | current | held | removed | no_page | no_permission | not_readable | paused
    Column("state", String(32), nullable=False, server_default="waiting"),
    _text("state_detail"),
    Column("state_since", UtcTime, nullable=False),
    Column("page_title", String(400), nullable=False, server_default=""),
    Column("page_url", String(600), nullable=False, server_default=""),
    # Two memories: what we last intended, and the input fields as read back at our own last version.
    Column("seen_version", Integer, nullable=False, server_default="0"),
    Column("written_version", Integer, nullable=False, server_default="0"),
    Column("written_at", UtcTime),
    Column("written_as_of", UtcTime),
    Column("intended", String(80), nullable=False, server_default=""),
    Column("intended_fields", JSON, nullable=False, server_default="{}"),
    Column("read_back", JSON, nullable=False, server_default="{}"),
    Column("findings", JSON, nullable=False, server_default="[]"),  # what is shown beside the table
    # A write that was sent and whose answer is not known yet.
    Column("sending_version", Integer),
    Column("sending", JSON(none_as_null=True)),
    Column("tokens", Integer, nullable=False, server_default="0"),
    Column("tokens_at", UtcTime),
    Column("last_visit_at", UtcTime),
    UniqueConstraint("workspace_id", "connection_id", "page_id", "region_id"),
    UniqueConstraint("workspace_id", "id"),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    ForeignKeyConstraint(["workspace_id", "cycle_key"], ["cycle.workspace_id", "cycle.key"]),
)

# Versions of pages that we wrote.
page_version = Table(
    "page_version",
    metadata,
    _row_id(),
    _workspace(),
    Column("table_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("message", String(300), nullable=False),
    Column("fingerprint", String(80), nullable=False),
    UniqueConstraint("workspace_id", "table_id", "version"),
    ForeignKeyConstraint(
        ["workspace_id", "table_id"], ["page_table.workspace_id", "page_table.id"], ondelete="CASCADE"
    ),
)

# What a person typed on a page and where it stood, before anything was written over it.
typed_text = Table(
    "typed_text",
    metadata,
    _row_id(),
    _workspace(),
    Column("table_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("key_result_key", String(32), nullable=False),
    Column("column", String(32), nullable=False),
    Column("text", Text, nullable=False),
    _text("author"),
    Column("at", UtcTime, nullable=False),
    Column("outcome", String(32), nullable=False),  # replaced | kept | taken
    UniqueConstraint("workspace_id", "table_id", "version", "key_result_key", "column"),
    ForeignKeyConstraint(
        ["workspace_id", "table_id"], ["page_table.workspace_id", "page_table.id"], ondelete="CASCADE"
    ),
)

# One accepted webhook. Ids and a hash, no contents.
delivery = Table(
    "delivery",
    metadata,
    _row_id(),
    _workspace(),
    Column("connection_id", Id, nullable=False),
    Column("identifier", String(128), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("event", String(80), nullable=False),
    Column("issue_ids", JSON, nullable=False),
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
    _row_id(),
    _workspace(),
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
    _text("last_error"),
    Column("parked_at", UtcTime),
    _text("parked_reason"),
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
    _row_id(),
    _workspace(),
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
    _text("outcome"),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    Index(None, "workspace_id", "connection_id", "started_at"),
)

# Who changed what and when, and what the service did: the log that people read.
activity = Table(
    "activity",
    metadata,
    _row_id(),
    _workspace(),
    Column("at", UtcTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("text", String(500), nullable=False),
    Column("url", String(600), nullable=False, server_default=""),
    Index(None, "workspace_id", "at"),
)

person = Table(
    "person",
    metadata,
    _row_id(),
    _workspace(),
    Column("email", String(320), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),  # admin | editor | reader
    Column("password_hash", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("failed_sign_ins", Integer, nullable=False, server_default="0"),
    Column("sign_in_after", UtcTime),  # after too many failures: not before this time
    UniqueConstraint("workspace_id", "email"),
)
