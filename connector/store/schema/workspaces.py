"""Workspaces, their people, their connections and the log of what was done."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, UniqueConstraint, false

from connector.store.column_types import UtcTime
from connector.store.schema.columns import metadata, row_id, text_column, workspace_id

workspace = Table(
    "workspace",
    metadata,
    row_id(),
    Column("name", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # Set while an admin has paused all writing to Confluence.
    Column("writing_paused_at", UtcTime),
    text_column("writing_paused_by"),
    # The one-time code with which the first visitor takes possession (argon2 hash), until it was used.
    text_column("setup_code_hash"),
    # Whoever reaches the service may read its OKRs without an account.
    Column("open_to_readers", Boolean, nullable=False, server_default=false()),
    # Steps of the first set-up that somebody chose to leave out.
    Column("steps_left_out", JSON, nullable=False, server_default="[]"),
)

person = Table(
    "person",
    metadata,
    row_id(),
    workspace_id(),
    Column("email", String(320), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),  # admin | editor | reader
    Column("password_hash", String(200), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("failed_sign_ins", Integer, nullable=False, server_default="0"),
    Column("sign_in_after", UtcTime),  # after too many failures: not before this time
    Column("teams", JSON, nullable=False, server_default="[]"),  # of an editor; empty: all teams
    Column("language", String(8), nullable=False, server_default=""),  # of the screens; empty: as the browser asks
    # A one-time code with which a new person, or one without a password, comes in (argon2 hash), until it is used.
    text_column("code_hash"),
    Column("code_until", UtcTime),
    Column("signed_out_at", UtcTime),  # sign-ins from before this moment do not hold
    # Single sign-ins that were ended: pairs of which one, and until when it would have held.
    Column("ended_sign_ins", JSON, nullable=False, server_default="[]"),
    UniqueConstraint("workspace_id", "email"),
)

connection = Table(
    "connection",
    metadata,
    row_id(),
    workspace_id(),
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
    text_column("health_detail"),
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
    # How many calls the site said it still allows, of how many; null: it never said.
    Column("room_left", Integer),
    Column("room_of", Integer),
    Column("room_at", UtcTime),
    Column("credentials_at", UtcTime),  # when they were renewed last; null: as first connected
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("workspace_id", "product", "site_url"),
    UniqueConstraint("workspace_id", "id"),
)

# Who changed what and when, and what the service did: the log that people read.
activity = Table(
    "activity",
    metadata,
    row_id(),
    workspace_id(),
    Column("at", UtcTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("text", String(500), nullable=False),
    Column("url", String(600), nullable=False, server_default=""),
    Index(None, "workspace_id", "at"),
)
