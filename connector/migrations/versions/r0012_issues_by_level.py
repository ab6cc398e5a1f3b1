"""Epics are found among many issues without going through all of them."""

from __future__ import annotations

from alembic import op

revision = "r0012"
down_revision = "r0011"


def upgrade() -> None:
    op.create_index(op.f("ix_issue_workspace_id_level"), "issue", ["workspace_id", "level"])
