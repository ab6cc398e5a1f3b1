"""What visits to a page leave behind: what was seen, sent and written there, and what people had typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from connector.store.rows import Values, rows_as
from connector.store.schema import page_table, page_version, typed_text
from connector.store.table_glance import place_of
from connector.store.tables import set_table
from connector.store.upsert import insert_once


@dataclass(frozen=True, slots=True)
class Written:
    """A version of a page that we wrote, and what we remember of it (see PageTable). ``must_write``: while it was
    written, somebody asked for another one. ``cause``: people | jira | time."""

    version: int
    at: datetime
    as_of: datetime
    message: str
    fingerprint: str
    intended_fields: Mapping[str, Any]
    read_back: Mapping[str, Any]
    read_back_lines: str = ""
    region_memory: Mapping[str, Any] = field(default_factory=dict)
    must_write: bool = False
    cause: str = ""


@dataclass(frozen=True, slots=True)
class WrittenVersion:
    """One version that we wrote."""

    version: int
    at: datetime
    message: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class TypedText:
    """What a person typed into a cell, in which version, and what became of it.

    ``outcome``: taken (it is a check-in) | not_understood | not_allowed | to_confirm (these three wait for a person,
    and the cell stays as typed) | given_up | superseded (somebody typed something newer) | replaced (a computed cell).
    ``settled_at`` and ``settled_by`` are set where a person decided.
    """

    version: int
    key_result_key: str
    column: str
    text: str
    author_id: str
    author_name: str
    at: datetime
    outcome: str
    settled_at: datetime | None = None
    settled_by: str = ""


def record_visit(
    conn: Connection,
    workspace_id: int,
    table_id: int,
    *,
    at: datetime,
    seen_version: int,
    page_title: str,
    page_url: str,
    findings: Sequence[Any] = (),
) -> None:
    """The page was read at ``at`` in its version ``seen_version``; ``findings`` are what is to be shown beside it."""
    values: Values = {
        "last_visit_at": at,
        "seen_version": seen_version,
        "page_title": page_title,
        "page_url": page_url,
        "findings": list(findings),
    }
    set_table(conn, workspace_id, table_id, values)


def record_written(conn: Connection, workspace_id: int, table_id: int, written: Written) -> None:
    """The page has our version now; nothing is being sent any more. The same version again changes nothing."""
    record_version(
        conn, workspace_id, table_id, written.version, written.at, written.message,
        fingerprint=written.fingerprint, cause=written.cause,
    )  # fmt: skip
    values: Values = {
        "seen_version": written.version,
        "written_version": written.version,
        "written_at": written.at,
        "written_as_of": written.as_of,
        "intended": written.fingerprint,
        "intended_fields": dict(written.intended_fields),
        "read_back": dict(written.read_back),
        "read_back_lines": written.read_back_lines,
        "region_memory": dict(written.region_memory),
        "must_write": written.must_write,
        "sending_version": None,
        "sending": None,
    }
    set_table(conn, workspace_id, table_id, values)


def record_intention(
    conn: Connection, workspace_id: int, table_id: int, fingerprint: str, intended_fields: Mapping[str, Any]
) -> None:
    """What we want the page to say has changed, and the page says it already."""
    values: Values = {"intended": fingerprint, "intended_fields": dict(intended_fields)}
    set_table(conn, workspace_id, table_id, values)


def record_settled(
    conn: Connection,
    workspace_id: int,
    table_id: int,
    *,
    read_back: Mapping[str, Any],
    findings: Sequence[Any],
    must_write: bool,
) -> None:
    """What was typed became something: from now on the cells are compared with ``read_back``."""
    values: Values = {"read_back": dict(read_back), "findings": list(findings), "must_write": must_write}
    set_table(conn, workspace_id, table_id, values)


def record_version(
    conn: Connection,
    workspace_id: int,
    table_id: int,
    version: int,
    at: datetime,
    message: str,
    *,
    fingerprint: str = "",
    cause: str = "",
) -> None:
    """A version of the page is ours, written because of what ``cause`` says. The same one again changes nothing. Raises
    UnknownTable."""
    connection_id, page_id = place_of(conn, workspace_id, table_id)
    row = {
        "workspace_id": workspace_id,
        "table_id": table_id,
        "connection_id": connection_id,
        "page_id": page_id,
        "version": version,
        "at": at,
        "message": message[:300],
        "fingerprint": fingerprint,
        "cause": cause,
    }
    insert_once(conn, page_version, row)


def record_tokens(conn: Connection, workspace_id: int, table_id: int, tokens: int, at: datetime) -> None:
    """How many writes the budget of the table's page had left at ``at``: all tables in a page share it. Raises
    UnknownTable."""
    c = page_table.c
    connection_id, page_id = place_of(conn, workspace_id, table_id)
    same_page = c.workspace_id == workspace_id, c.connection_id == connection_id, c.page_id == page_id
    conn.execute(update(page_table).where(*same_page).values(tokens=tokens, tokens_at=at))


def our_versions(conn: Connection, workspace_id: int, table_id: int, limit: int = 50) -> tuple[WrittenVersion, ...]:
    """The last versions that we wrote, newest first."""
    c = page_version.c
    found = select(c.version, c.at, c.message, c.fingerprint).where(
        c.workspace_id == workspace_id, c.table_id == table_id
    )
    return rows_as(WrittenVersion, conn, found.order_by(c.version.desc()).limit(limit))


def versions_of_page(
    conn: Connection, workspace_id: int, connection_id: int, page_id: str, after: int
) -> frozenset[int]:
    """The versions of a page above ``after`` that we wrote, for whichever of our tables in it."""
    c = page_version.c
    this_page = c.workspace_id == workspace_id, c.connection_id == connection_id, c.page_id == page_id
    return frozenset(conn.execute(select(c.version).where(*this_page, c.version > after)).scalars())


def record_typed_text(conn: Connection, workspace_id: int, table_id: int, typed: TypedText) -> bool:
    """Keep what a person had typed. Where it was kept before (page, version, row and column are the same), its outcome
    is the new one: its cell may be computed by now, or be so no more. False where that is no news."""
    row = {
        "workspace_id": workspace_id,
        "table_id": table_id,
        "version": typed.version,
        "key_result_key": typed.key_result_key,
        "column": typed.column,
        "text": typed.text,
        "author_id": typed.author_id,
        "author_name": typed.author_name,
        "at": typed.at,
        "outcome": typed.outcome,
        "settled_at": typed.settled_at,
        "settled_by": typed.settled_by,
    }
    return insert_once(conn, typed_text, row) or _record_anew(conn, row)


def _record_anew(conn: Connection, row: Values) -> bool:
    c = typed_text.c
    same = (c[name] == row[name] for name in ("workspace_id", "table_id", "version", "key_result_key", "column"))
    is_news = (c.outcome != row["outcome"]) | (c.text != row["text"])
    return conn.execute(update(typed_text).where(*same, is_news).values(row)).rowcount > 0
