"""Single sign-ins that were ended; how many calls a site still allows; since when credentials are in use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("ended_sign_ins", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("connection", sa.Column("room_left", sa.Integer()))
    op.add_column("connection", sa.Column("room_of", sa.Integer()))
    op.add_column("connection", sa.Column("room_at", TIME))
    op.add_column("connection", sa.Column("credentials_at", TIME))
