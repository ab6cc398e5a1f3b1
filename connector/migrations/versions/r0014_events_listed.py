"""What came in is listed by what was done about it; bodies of events that nobody here knows are kept for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0014"
down_revision = "r0013"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("page_id", sa.String(32), nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("handling", sa.String(16), nullable=False, server_default="read_again"))
    op.add_column("delivery", sa.Column("body", sa.LargeBinary()))
