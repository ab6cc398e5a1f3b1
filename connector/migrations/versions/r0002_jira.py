"""Initiatives, issues and their completion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_initiative()
    _create_issue()
    _create_completion()
    _create_progress()


def _create_initiative() -> None:
    op.create_table(
        "initiative",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("key_result_key", sa.String(32), nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        sa.Column("issue_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("weight", sa.String(64), nullable=False),
        sa.Column("step_key", sa.String(64), nullable=False, server_default=""),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("linked_at", TIME, nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connection.workspace_id", "connection.id"],
            name=op.f("fk_initiative_workspace_id_connection_id_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "key_result_key"],
            ["key_result.workspace_id", "key_result.key"],
            name=op.f("fk_initiative_workspace_id_key_result_key_key_result"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_initiative_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "key_result_key",
            "connection_id",
            "issue_id",
            name=op.f("uq_initiative_workspace_id_key_result_key_connection_id_issue_id"),
        ),
    )
    op.create_index(
        op.f("ix_initiative_workspace_id_connection_id_issue_id"),
        "initiative",
        ["workspace_id", "connection_id", "issue_id"],
    )


def _create_issue() -> None:
    op.create_table(
        "issue",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        sa.Column("issue_id", sa.String(32), nullable=False),
        sa.Column("issue_key", sa.String(64), nullable=False),
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("project_key", sa.String(64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(32)),
        sa.Column("parent_since", TIME, nullable=False),
        sa.Column("status_category", sa.String(16), nullable=False),
        sa.Column("resolution_id", sa.String(32)),
        sa.Column("wont_do", sa.Boolean(), nullable=False),
        sa.Column("estimate", sa.String(64)),
        sa.Column("created", TIME, nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.Column("gone_since", TIME),
        sa.Column("gone_why", sa.Text(), nullable=False, server_default=""),
        sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connection.workspace_id", "connection.id"],
            name=op.f("fk_issue_workspace_id_connection_id_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_issue_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "workspace_id", "connection_id", "issue_id", name=op.f("uq_issue_workspace_id_connection_id_issue_id")
        ),
    )
    op.create_index(
        op.f("ix_issue_workspace_id_connection_id_issue_key"), "issue", ["workspace_id", "connection_id", "issue_key"]
    )
    op.create_index(
        op.f("ix_issue_workspace_id_connection_id_parent_id"), "issue", ["workspace_id", "connection_id", "parent_id"]
    )


def _create_completion() -> None:
    op.create_table(
        "completion",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        sa.Column("issue_id", sa.String(32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("wont_do", sa.Integer(), nullable=False),
        sa.Column("points_done", sa.String(64), nullable=False),
        sa.Column("points_total", sa.String(64), nullable=False),
        sa.Column("unestimated", sa.Integer(), nullable=False),
        sa.Column("own_status", sa.String(16), nullable=False),
        sa.Column("own_wont_do", sa.Boolean(), nullable=False),
        sa.Column("scanned_at", TIME),
        sa.Column("counted_at", TIME),
        sa.Column("unreadable_since", TIME),
        sa.Column("unreadable_why", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_completion_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(
            "workspace_id", "connection_id", "issue_id", name=op.f("uq_completion_workspace_id_connection_id_issue_id")
        ),
    )


def _create_progress() -> None:
    op.create_table(
        "progress",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("figure", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(300), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_progress_workspace_id_workspace"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_progress_workspace_id_subject_at"), "progress", ["workspace_id", "subject", "at"])
