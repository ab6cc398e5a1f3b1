"""Tables in pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_page_table()
    _create_page_version()
    _create_typed_text()


def _create_page_table() -> None:
    op.create_table(
        "page_table",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        sa.Column("page_id", sa.String(32), nullable=False),
        sa.Column("region_id", sa.String(80), nullable=False),
        sa.Column("cycle_key", sa.String(40), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("objective_keys", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("columns", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("language", sa.String(8), nullable=False, server_default="en"),
        sa.Column("design", sa.String(16), nullable=False, server_default="normal"),
        sa.Column("check_in_by", sa.String(16), nullable=False, server_default="editors"),
        sa.Column("write_bucket", sa.Integer()),
        sa.Column("write_refill_minutes", sa.Integer()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("state", sa.String(32), nullable=False, server_default="waiting"),
        sa.Column("state_detail", sa.Text(), nullable=False, server_default=""),
        sa.Column("state_since", TIME, nullable=False),
        sa.Column("page_title", sa.String(400), nullable=False, server_default=""),
        sa.Column("page_url", sa.String(600), nullable=False, server_default=""),
        sa.Column("seen_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("written_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("written_at", TIME),
        sa.Column("written_as_of", TIME),
        sa.Column("intended", sa.String(80), nullable=False, server_default=""),
        sa.Column("intended_fields", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("read_back", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("findings", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("sending_version", sa.Integer()),
        sa.Column("sending", sa.JSON()),
        sa.Column("tokens", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("tokens_at", TIME),
        sa.Column("last_visit_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_table")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connection.workspace_id", "connection.id"],
            name=op.f("fk_page_table_workspace_id_connection_id_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_key"],
            ["cycle.workspace_id", "cycle.key"],
            name=op.f("fk_page_table_workspace_id_cycle_key_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_page_table_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "connection_id",
            "page_id",
            "region_id",
            name=op.f("uq_page_table_workspace_id_connection_id_page_id_region_id"),
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_page_table_workspace_id_id")),
    )


def _create_page_version() -> None:
    op.create_table(
        "page_version",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("table_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("message", sa.String(300), nullable=False),
        sa.Column("fingerprint", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_version")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "table_id"],
            ["page_table.workspace_id", "page_table.id"],
            name=op.f("fk_page_version_workspace_id_table_id_page_table"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_page_version_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "workspace_id", "table_id", "version", name=op.f("uq_page_version_workspace_id_table_id_version")
        ),
    )


def _create_typed_text() -> None:
    op.create_table(
        "typed_text",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("table_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_result_key", sa.String(32), nullable=False),
        sa.Column("column", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_text")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "table_id"],
            ["page_table.workspace_id", "page_table.id"],
            name=op.f("fk_typed_text_workspace_id_table_id_page_table"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_typed_text_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "table_id",
            "version",
            "key_result_key",
            "column",
            name=op.f("uq_typed_text_workspace_id_table_id_version_key_result_key_column"),
        ),
    )
