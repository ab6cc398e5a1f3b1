"""A check-in can be withdrawn, and what changed of agreed OKRs is kept with its reason for as long as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("check_in", sa.Column("withdrawn_at", TIME))
    op.add_column("check_in", sa.Column("withdrawn_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("check_in", sa.Column("withdrawn_why", sa.Text(), nullable=False, server_default=""))
    _create_okr_change()


def _create_okr_change() -> None:
    op.create_table(
        "okr_change",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("what", sa.Text(), nullable=False, server_default=""),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_okr_change")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_okr_change_workspace_id_workspace"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_okr_change_workspace_id_subject"), "okr_change", ["workspace_id", "subject"])
