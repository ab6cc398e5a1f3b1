"""What spares a visit to a page to read again what stands there as before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"


def upgrade() -> None:
    op.add_column("page_table", sa.Column("region_memory", sa.JSON(), nullable=False, server_default="{}"))
