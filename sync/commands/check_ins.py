"""A person says how a key result stands."""

from __future__ import annotations

from decimal import Decimal

from connector.store import check_ins, tables
from connector.store.okrs import UnknownOkr
from connector.store.work import mark_due
from mapping.okr import CheckIn, CheckInOrigin, InvalidOkr
from sync.commands.not_possible import NotPossible
from sync.commands.running import AT_ONCE
from sync.ports import Resources


def record_check_in(
    on: Resources,
    workspace_id: int,
    *,
    key: str,
    value: Decimal | None,
    confidence: int | None,
    done_since: str,
    note: str,
    blockers: str,
    next_step: str,
    author: str,
    origin: CheckInOrigin,
    idempotency_key: str,
) -> None:
    """Add a check-in of now; every page that shows the key result is brought up to date at once.

    The same ``idempotency_key`` again changes nothing. NotPossible where there is no such key result, or where the
    confidence is not one of 0 to 10.
    """
    now = on.clock.now()
    try:
        said = CheckIn(key, now, value, confidence, done_since, note, blockers, next_step, author, origin)
        with on.database.write() as conn:
            check_ins.record_check_in(conn, workspace_id, said, idempotency_key=idempotency_key, recorded_at=now)
            showing = tables.tables_showing(conn, workspace_id, [key])
            mark_due(conn, workspace_id, "table", map(str, showing), now, urgency=AT_ONCE, retry=True)
    except (UnknownOkr, InvalidOkr) as error:
        raise NotPossible("The check-in was not taken: {error}.", error=error) from error
    on.bell.ring()
