"""``INSERT … ON CONFLICT``, which SQLite and PostgreSQL both know but SQLAlchemy spells once for each."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from connector.store.rows import Values


def insert_into(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that may go on with ``on_conflict_do_update`` or ``on_conflict_do_nothing``.

    It is the same object each time, which nothing changes: every step on from it makes a copy. Take ``excluded`` from
    it and not from a copy, since making that takes longer than the rest of a small insert.
    """
    return insert_of(conn.dialect.name, table)


@cache
def insert_of(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """``insert_into`` for a dialect by its name, where the whole statement is kept for it."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_once(conn: Connection, table: Table, row: Values) -> bool:
    """Add the row. False, and nothing is written, where a unique key of it is taken already."""
    # Not ``rowcount``: with psycopg it says nothing for a single insert.
    return conn.execute(_once(conn.dialect.name, table), row).first() is not None


@cache
def _once(dialect: str, table: Table) -> Executable:
    return insert_of(dialect, table).on_conflict_do_nothing().returning(table.c.id)
