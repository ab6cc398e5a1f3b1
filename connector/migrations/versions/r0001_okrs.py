"""Workspaces, people, connections and OKRs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_workspace()
    _create_connection()
    _create_cycle()
    _create_objective()
    _create_key_result()
    _create_check_in()
    _create_person()
    _create_activity()


def _create_workspace() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("writing_paused_at", TIME),
        sa.Column("writing_paused_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("setup_code_hash", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
    )


def _create_connection() -> None:
    op.create_table(
        "connection",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("product", sa.String(16), nullable=False),
        sa.Column("deployment", sa.String(16), nullable=False, server_default="cloud"),
        sa.Column("site_url", sa.String(400), nullable=False),
        sa.Column("api_url", sa.String(400), nullable=False),
        sa.Column("cloud_id", sa.String(64), nullable=False, server_default=""),
        sa.Column("auth_kind", sa.String(16), nullable=False),
        sa.Column("account_email", sa.String(320), nullable=False),
        sa.Column("account_id", sa.String(128), nullable=False, server_default=""),
        sa.Column("credentials", sa.LargeBinary(), nullable=False),
        sa.Column("webhook_secret", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("health", sa.String(32), nullable=False, server_default="current"),
        sa.Column("health_detail", sa.Text(), nullable=False, server_default=""),
        sa.Column("health_since", TIME, nullable=False),
        sa.Column("blocked_until", TIME),
        sa.Column("webhook_id", sa.String(64), nullable=False, server_default=""),
        sa.Column("last_event_at", TIME),
        sa.Column("last_poll_at", TIME),
        sa.Column("poll_from", TIME),
        sa.Column("last_full_check_at", TIME),
        sa.Column("calls_today", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("calls_day", sa.Date()),
        sa.Column("rejected_deliveries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_connection_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_connection_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id", "product", "site_url", name=op.f("uq_connection_workspace_id_product_site_url")
        ),
    )


def _create_cycle() -> None:
    op.create_table(
        "cycle",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_cycle_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_cycle_workspace_id_key")),
    )


def _create_objective() -> None:
    op.create_table(
        "objective",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("cycle_key", sa.String(40), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.Column("sponsor", sa.Text(), nullable=False, server_default=""),
        sa.Column("team", sa.Text(), nullable=False, server_default=""),
        sa.Column("parent_keys", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("weight", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "cycle_key"],
            ["cycle.workspace_id", "cycle.key"],
            name=op.f("fk_objective_workspace_id_cycle_key_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_objective_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_objective_workspace_id_key")),
    )
    op.create_index(op.f("ix_objective_workspace_id_cycle_key"), "objective", ["workspace_id", "cycle_key"])


def _create_key_result() -> None:
    op.create_table(
        "key_result",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("objective_key", sa.String(32), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False, server_default=""),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False, server_default=""),
        sa.Column("baseline", sa.String(64)),
        sa.Column("target", sa.String(64)),
        sa.Column("bound", sa.String(8)),
        sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("jql", sa.JSON()),
        sa.Column("phased", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("aspirational", sa.Boolean(), nullable=False),
        sa.Column("lagging", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("baseline_due_on", sa.Date()),
        sa.Column("dropped_on", sa.Date()),
        sa.Column("dropped_why", sa.Text(), nullable=False, server_default=""),
        sa.Column("jql_value", sa.String(64)),
        sa.Column("jql_as_of", TIME),
        sa.Column("jql_unreadable_since", TIME),
        sa.Column("jql_unreadable_why", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_result")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "objective_key"],
            ["objective.workspace_id", "objective.key"],
            name=op.f("fk_key_result_workspace_id_objective_key_objective"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_key_result_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_key_result_workspace_id_key")),
    )
    op.create_index(op.f("ix_key_result_workspace_id_objective_key"), "key_result", ["workspace_id", "objective_key"])


def _create_check_in() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("key_result_key", sa.String(32), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("value", sa.String(64)),
        sa.Column("confidence", sa.Integer()),
        sa.Column("done_since", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("blockers", sa.Text(), nullable=False, server_default=""),
        sa.Column("next_step", sa.Text(), nullable=False, server_default=""),
        sa.Column("author", sa.Text(), nullable=False, server_default=""),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("idempotency_key", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "key_result_key"],
            ["key_result.workspace_id", "key_result.key"],
            name=op.f("fk_check_in_workspace_id_key_result_key_key_result"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_check_in_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("workspace_id", "idempotency_key", name=op.f("uq_check_in_workspace_id_idempotency_key")),
    )
    op.create_index(
        op.f("ix_check_in_workspace_id_key_result_key_at"), "check_in", ["workspace_id", "key_result_key", "at"]
    )


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sign_in_after", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_person_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("workspace_id", "email", name=op.f("uq_person_workspace_id_email")),
    )


def _create_activity() -> None:
    op.create_table(
        "activity",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("url", sa.String(600), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_activity_workspace_id_workspace"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_activity_workspace_id_at"), "activity", ["workspace_id", "at"])
