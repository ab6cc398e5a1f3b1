"""What was chosen of a table's look and place, what people typed into it, and who they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _extend_page_table()
    _extend_typed_text()
    _create_site_account()
    _create_owner_account()


def _extend_page_table() -> None:
    for column in (
        sa.Column("shape", sa.String(16), nullable=False, server_default="table"),
        sa.Column("width", sa.String(16), nullable=False, server_default="wide"),
        sa.Column("container", sa.String(16), nullable=False, server_default="details"),
        sa.Column("replaces", sa.JSON()),
        sa.Column("read_back_lines", sa.Text(), nullable=False, server_default=""),
        sa.Column("must_write", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("page_table", column)


def _extend_typed_text() -> None:
    op.execute("ALTER TABLE typed_text RENAME COLUMN author TO author_id")
    # Seen once more at the next visit, and then with its author and as a check-in.
    op.execute("DELETE FROM typed_text WHERE outcome = 'kept'")
    op.add_column("typed_text", sa.Column("author_name", sa.Text(), nullable=False, server_default=""))
    op.add_column("typed_text", sa.Column("settled_at", TIME))
    op.add_column("typed_text", sa.Column("settled_by", sa.Text(), nullable=False, server_default=""))


def _create_site_account() -> None:
    op.create_table(
        "site_account",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        sa.Column("account_id", sa.String(128), nullable=False),
        sa.Column("display_name", sa.String(300), nullable=False),
        sa.Column("account_type", sa.String(16), nullable=False),
        sa.Column("looked_up_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_account")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connection.workspace_id", "connection.id"],
            name=op.f("fk_site_account_workspace_id_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_site_account_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "connection_id",
            "account_id",
            name=op.f("uq_site_account_workspace_id_connection_id_account_id"),
        ),
    )


def _create_owner_account() -> None:
    op.create_table(
        "owner_account",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("connection_id", ID, nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("account_id", sa.String(128), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_account")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "connection_id"],
            ["connection.workspace_id", "connection.id"],
            name=op.f("fk_owner_account_workspace_id_connection_id_connection"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_owner_account_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "workspace_id", "connection_id", "name", name=op.f("uq_owner_account_workspace_id_connection_id_name")
        ),
    )
