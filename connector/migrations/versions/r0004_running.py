"""Deliveries, work, leases, workers and long runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_delivery()
    _create_work()
    _create_lease()
    _create_worker()
    _create_sync_run()


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        sa.Column("identifier", sa.String(128), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("event", sa.String(80), nullable=False),
        sa.Column("issue_ids", sa.JSON(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("handled_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connection.workspace_id", "connection.id"],
            name=op.f("fk_delivery_workspace_id_connection_id_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_delivery_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "connection_id",
            "identifier",
            name=op.f("uq_delivery_workspace_id_connection_id_identifier"),
        ),
    )
    op.create_index(op.f("ix_delivery_received_at"), "delivery", ["received_at"])
    op.create_index(
        op.f("ix_delivery_workspace_id_connection_id_handled_at"),
        "delivery",
        ["workspace_id", "connection_id", "handled_at"],
    )


def _create_work() -> None:
    op.create_table(
        "work",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target", sa.String(120), nullable=False),
        sa.Column("target_group", sa.String(120), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("not_before", TIME),
        sa.Column("urgency", sa.Integer(), nullable=False, server_default="5"),
        sa.Column("generation", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("claim_token", sa.String(32)),
        sa.Column("claimed_until", TIME),
        sa.Column("claimed_generation", sa.Integer()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text(), nullable=False, server_default=""),
        sa.Column("parked_at", TIME),
        sa.Column("parked_reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("marked_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_work_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("workspace_id", "kind", "target", name=op.f("uq_work_workspace_id_kind_target")),
    )
    op.create_index(op.f("ix_work_claimed_until"), "work", ["claimed_until"])
    op.create_index(
        op.f("ix_work_waiting"),
        "work",
        ["urgency", "due_at"],
        sqlite_where=sa.text("claim_token IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("claim_token IS NULL AND parked_at IS NULL"),
    )


def _create_lease() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("holder", sa.String(120), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )


def _create_worker() -> None:
    op.create_table(
        "worker",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("redis", sa.String(200), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker")),
    )


def _create_sync_run() -> None:
    op.create_table(
        "sync_run",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("moved_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("total", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("done", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("issues", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("calls", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("changed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("outcome", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_run")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connection.workspace_id", "connection.id"],
            name=op.f("fk_sync_run_workspace_id_connection_id_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_sync_run_workspace_id_workspace"), ondelete="CASCADE"
        ),
    )
    op.create_index(
        op.f("ix_sync_run_workspace_id_connection_id_started_at"),
        "sync_run",
        ["workspace_id", "connection_id", "started_at"],
    )
