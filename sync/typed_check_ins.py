"""What people typed, as check-ins: each exactly once, however often it is tried."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import check_ins
from connector.store.page_visits import TypedText
from connector.store.tables import PageTable
from mapping.okr import KeyResult
from mapping.table_parts import Column
from mapping.typed_check_in import check_in_of
from mapping.words import Language

TypedRow = tuple[int, str, str]


def record_typed(
    conn: Transaction,
    workspace_id: int,
    table: PageTable,
    texts: Sequence[TypedText],
    key_results: Mapping[str, KeyResult],
    now: datetime,
) -> tuple[str, ...]:
    """What one author typed in one row in one version becomes one check-in, at the time of that version.

    Every text must be one that can be understood. Returns the keys of the key results, each once, in that order.
    """
    language = language_of(table)
    for (_, key, _), row in rows_of(texts).items():
        cells = {Column(text.column): text.text for text in row}
        at = _moment(row[0].at, table, now)
        said = check_in_of(key_results[key], cells, language, at=at, author=row[0].author_name)
        check_ins.record_check_in(
            conn, workspace_id, said, idempotency_key=_idempotency_key(table, row), recorded_at=now
        )
    return tuple(dict.fromkeys(text.key_result_key for text in texts))


def language_of(table: PageTable) -> Language:
    """The language in which numbers are typed into the table."""
    return "de" if table.language == "de" else "en"


def rows_of(texts: Sequence[TypedText]) -> dict[TypedRow, list[TypedText]]:
    """By version, key result and author; the oldest version first."""
    rows: dict[TypedRow, list[TypedText]] = {}
    for text in sorted(texts, key=lambda each: each.version):
        rows.setdefault((text.version, text.key_result_key, text.author_id), []).append(text)
    return rows


def _moment(typed_at: datetime, table: PageTable, now: datetime) -> datetime:
    """Never later than now, and never before the figures that stood in the page when it was typed: the site's clock is
    not ours."""
    return min(max(typed_at, table.written_as_of or typed_at), now)


def _idempotency_key(table: PageTable, row: Sequence[TypedText]) -> str:
    """Of the page, the version, the row and what its cells said."""
    first = row[0]
    cells = "\n".join(sorted(f"{text.column}={text.text}" for text in row))
    digest = hashlib.sha256(cells.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"confluence:{table.connection_id}:{table.page_id}:{first.version}:{first.key_result_key}:{digest}"
