"""Which tables were put back from a backup: what is remembered of their pages may be older than what stands there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision = "r0014"


def upgrade() -> None:
    op.add_column("page_table", sa.Column("put_back_at", sa.DateTime(timezone=True)))
