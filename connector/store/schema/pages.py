"""Tables in Confluence pages, what we wrote there, what people typed and who they are."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from connector.store.column_types import UtcTime
from connector.store.schema.columns import Id, metadata, row_id, text_column, workspace_id

page_table = Table(
    "page_table",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("page_id", String(32), nullable=False),
    Column("region_id", String(80), nullable=False),
    Column("cycle_key", String(40), nullable=False),
    Column("teams", JSON, nullable=False, server_default="[]"),
    Column("objective_keys", JSON, nullable=False, server_default="[]"),
    Column("columns", JSON, nullable=False, server_default="[]"),  # empty: the default columns
    Column("language", String(8), nullable=False, server_default="en"),
    Column("design", String(16), nullable=False, server_default="normal"),
    # table | objective | attention | meeting | health | snapshot
    Column("shape", String(16), nullable=False, server_default="table"),
    Column("width", String(16), nullable=False, server_default="wide"),  # wide | narrow
    Column("container", String(16), nullable=False, server_default="details"),  # details | excerpt
    Column("replaces", JSON(none_as_null=True)),  # the hand-made table whose place it takes, until it has
    Column("check_in_by", String(16), nullable=False, server_default="editors"),  # owner | team | editors
    Column("write_bucket", Integer),  # null: as in the settings
    Column("write_refill_minutes", Integer),
    Column("created_at", UtcTime, nullable=False),
    text_column("created_by"),
    # waiting | current | held | removed | no_page | no_permission | not_readable | paused | finished
    Column("state", String(32), nullable=False, server_default="waiting"),
    text_column("state_detail"),
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
    text_column("read_back_lines"),  # what stood above the table at our own last version
    # Digests of that version: what is the same need not be read again (mapping.region_memory). Empty: all is read.
    Column("region_memory", JSON, nullable=False, server_default="{}"),
    # A person gave up what was typed, or asked for it: the next visit writes even where nothing else changed.
    Column("must_write", Boolean, nullable=False, server_default=false()),
    Column("findings", JSON, nullable=False, server_default="[]"),  # what is shown beside the table
    # A write that was sent and whose answer is not known yet.
    Column("sending_version", Integer),
    Column("sending", JSON(none_as_null=True)),
    Column("tokens", Integer, nullable=False, server_default="0"),
    Column("tokens_at", UtcTime),
    Column("last_visit_at", UtcTime),
    # Set where a backup was put back, until we have written again or found the page as it should be.
    Column("put_back_at", UtcTime),
    # Set while somebody has paused writing to this page.
    Column("paused_at", UtcTime),
    text_column("paused_by"),
    UniqueConstraint("workspace_id", "connection_id", "page_id", "region_id"),
    UniqueConstraint("workspace_id", "id"),
    ForeignKeyConstraint(["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"]),
    ForeignKeyConstraint(["workspace_id", "cycle_key"], ["cycle.workspace_id", "cycle.key"]),
)

# Versions of pages that we wrote. They are counted by page, also where the table that they were for was removed.
page_version = Table(
    "page_version",
    metadata,
    row_id(),
    workspace_id(),
    Column("table_id", Id),  # null: the table was removed since
    Column("connection_id", Id),
    Column("page_id", String(32), nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("message", String(300), nullable=False),
    Column("fingerprint", String(80), nullable=False),
    # people | jira | time; empty of versions from before this was kept
    Column("cause", String(16), nullable=False, server_default=""),
    UniqueConstraint("workspace_id", "table_id", "version"),
    ForeignKeyConstraint(
        ["workspace_id", "table_id"], ["page_table.workspace_id", "page_table.id"], ondelete="CASCADE"
    ),
    ForeignKeyConstraint(
        ["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"], ondelete="CASCADE"
    ),
    Index(None, "workspace_id", "connection_id", "page_id"),
)

# What a person typed on a page and where it stood, before anything was written over it.
typed_text = Table(
    "typed_text",
    metadata,
    row_id(),
    workspace_id(),
    Column("table_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("key_result_key", String(32), nullable=False),
    Column("column", String(32), nullable=False),
    Column("text", Text, nullable=False),
    text_column("author_id"),
    text_column("author_name"),
    Column("at", UtcTime, nullable=False),
    # taken | not_understood | not_allowed | to_confirm | given_up | superseded | replaced
    Column("outcome", String(32), nullable=False),
    Column("settled_at", UtcTime),
    text_column("settled_by"),
    UniqueConstraint("workspace_id", "table_id", "version", "key_result_key", "column"),
    ForeignKeyConstraint(
        ["workspace_id", "table_id"], ["page_table.workspace_id", "page_table.id"], ondelete="CASCADE"
    ),
)

# Accounts that edited pages with our tables, as their site names them.
site_account = Table(
    "site_account",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("account_id", String(128), nullable=False),
    Column("display_name", String(300), nullable=False),
    Column("account_type", String(16), nullable=False),  # person | app | unknown
    Column("looked_up_at", UtcTime, nullable=False),
    UniqueConstraint("workspace_id", "connection_id", "account_id"),
    ForeignKeyConstraint(
        ["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"], ondelete="CASCADE"
    ),
)

# Which account an owner's name stands for: the first one of that name that checked in, until an admin says otherwise.
owner_account = Table(
    "owner_account",
    metadata,
    row_id(),
    workspace_id(),
    Column("connection_id", Id, nullable=False),
    Column("name", String(300), nullable=False),
    Column("account_id", String(128), nullable=False),
    Column("since", UtcTime, nullable=False),
    UniqueConstraint("workspace_id", "connection_id", "name"),
    ForeignKeyConstraint(
        ["workspace_id", "connection_id"], ["connection.workspace_id", "connection.id"], ondelete="CASCADE"
    ),
)
