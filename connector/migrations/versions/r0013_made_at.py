"""When a key result was made, so that nobody is told to be late with news of a new one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0013"
down_revision = "r0012"


def upgrade() -> None:
    op.add_column("key_result", sa.Column("made_at", sa.DateTime(timezone=True)))
