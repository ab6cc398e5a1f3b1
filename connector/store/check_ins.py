"""Check-ins: only ever added, each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from connector.store.batches import in_batches
from connector.store.okr_rows import check_in_of, check_in_values
from connector.store.okrs import UnknownOkr, load_key_results
from connector.store.schema import check_in
from connector.store.upsert import insert_once
from mapping.okr import CheckIn


def record_check_in(
    conn: Connection, workspace_id: int, said: CheckIn, *, idempotency_key: str, recorded_at: datetime
) -> bool:
    """Add a check-in. False, and nothing is written, where the workspace has one of this idempotency key already.

    ``idempotency_key`` (1 to 200 characters) names the act, e.g. page, version, row and field, or the form that was
    sent. Raises UnknownOkr where there is no such key result.
    """
    if not 1 <= len(idempotency_key) <= 200:
        raise ValueError("an idempotency key has 1 to 200 characters")
    if not load_key_results(conn, workspace_id, [said.key_result_key]):
        raise UnknownOkr(f"there is no key result {said.key_result_key}")
    row = {
        **check_in_values(said),
        "workspace_id": workspace_id,
        "idempotency_key": idempotency_key,
        "recorded_at": recorded_at,
    }
    return insert_once(conn, check_in, row)


def load_check_ins(
    conn: Connection, workspace_id: int, key_result_keys: Collection[str]
) -> dict[str, tuple[CheckIn, ...]]:
    """The check-ins of each key result, oldest first; an empty tuple where there is none."""
    keys: Sequence[str] = sorted(set(key_result_keys))
    found: dict[str, list[CheckIn]] = {key: [] for key in keys}
    c = check_in.c
    for batch in in_batches(keys):
        statement = select(check_in).where(c.workspace_id == workspace_id, c.key_result_key.in_(batch))
        for row in conn.execute(statement.order_by(c.at, c.id)):
            found[row.key_result_key].append(check_in_of(row))
    return {key: tuple(rows) for key, rows in found.items()}
