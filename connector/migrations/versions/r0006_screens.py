"""What people configure on the screens: who they are, what projects mean, rules, epics that serve no key result."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _extend_people()
    _extend_what_is_there()
    _create_project()
    _create_link_rule()
    _create_epic_choice()


def _extend_people() -> None:
    op.add_column("workspace", sa.Column("open_to_readers", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("workspace", sa.Column("steps_left_out", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("person", sa.Column("teams", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("person", sa.Column("language", sa.String(8), nullable=False, server_default=""))
    op.add_column("person", sa.Column("code_hash", sa.Text(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("code_until", TIME))
    op.add_column("person", sa.Column("signed_out_at", TIME))


def _extend_what_is_there() -> None:
    op.add_column("issue", sa.Column("title", sa.String(300), nullable=False, server_default=""))
    op.add_column("initiative", sa.Column("rule_id", ID))
    op.add_column("page_table", sa.Column("paused_at", TIME))
    op.add_column("page_table", sa.Column("paused_by", sa.Text(), nullable=False, server_default=""))


def _create_project() -> None:
    _create_of_connection(
        "project",
        sa.Column("project_id", sa.String(32), nullable=False),
        sa.Column("project_key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(300), nullable=False, server_default=""),
        sa.Column("choices", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("shows_titles", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("confirmed_at", TIME),
        sa.Column("confirmed_by", sa.Text(), nullable=False, server_default=""),
        unique=("workspace_id", "connection_id", "project_id"),
    )


def _create_link_rule() -> None:
    _create_of_connection(
        "link_rule",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("key_result_key", sa.String(32), nullable=False, server_default=""),
        sa.Column("role", sa.String(16), nullable=False, server_default="supports"),
        sa.Column("weight", sa.String(64), nullable=False, server_default="1"),
        sa.Column("step_key", sa.String(64), nullable=False, server_default=""),
        sa.Column("is_on", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("on_since", TIME),
        sa.Column("checked_at", TIME),
        sa.Column("matched", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("waiting", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("trouble", sa.Text(), nullable=False, server_default=""),
        sa.Column("trouble_since", TIME),
        unique=("workspace_id", "name"),
    )


def _create_epic_choice() -> None:
    _create_of_connection(
        "epic_choice",
        sa.Column("issue_id", sa.String(32), nullable=False),
        sa.Column("choice", sa.String(16), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.Text(), nullable=False, server_default=""),
        sa.Column("rule_id", ID),
        unique=("workspace_id", "connection_id", "issue_id"),
    )


def _create_of_connection(name: str, *columns: sa.Column[object], unique: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connection.workspace_id", "connection.id"],
            name=op.f(f"fk_{name}_workspace_id_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f(f"fk_{name}_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
    )
