"""``INSERT … ON CONFLICT``, which SQLite and PostgreSQL both know but SQLAlchemy spells once for each."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that may go on with ``on_conflict_do_update`` or ``on_conflict_do_nothing``."""
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)
