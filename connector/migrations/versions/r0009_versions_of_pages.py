"""Versions of a page are counted by page and by why they were written, whatever becomes of their table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PAGE_OF_TABLE = """
UPDATE page_version SET
connection_id = (SELECT t.connection_id FROM page_table t WHERE t.workspace_id = page_version.workspace_id
                 AND t.id = page_version.table_id),
page_id = (SELECT t.page_id FROM page_table t WHERE t.workspace_id = page_version.workspace_id
           AND t.id = page_version.table_id)
"""


def upgrade() -> None:
    with op.batch_alter_table("page_version") as page_version:
        page_version.alter_column("table_id", existing_type=ID, nullable=True)
        page_version.add_column(sa.Column("connection_id", ID))
        page_version.add_column(sa.Column("page_id", sa.String(32), nullable=False, server_default=""))
        page_version.add_column(sa.Column("cause", sa.String(16), nullable=False, server_default=""))
        page_version.create_foreign_key(
            op.f("fk_page_version_workspace_id_connection_id_connection"),
            "connection",
            ["workspace_id", "connection_id"],
            ["workspace_id", "id"],
            ondelete="CASCADE",
        )
    op.create_index(
        op.f("ix_page_version_workspace_id_connection_id_page_id"),
        "page_version",
        ["workspace_id", "connection_id", "page_id"],
    )
    op.execute(_PAGE_OF_TABLE)
