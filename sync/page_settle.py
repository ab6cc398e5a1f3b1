"""What became of a write whose answer we never got: a lost reply, or our own end in between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Transaction

from connector.errors import Gone
from connector.store import page_visits
from connector.store.claim_check import check_held
from connector.store.page_visits import Written
from mapping.page_region import NotWellFormed
from sync.page_look import fields_from_json, fields_to_json, read_back, without_kept
from sync.page_memory import Visit, forget_sending, kept_still, was_asked_since
from sync.page_write import keep_comments
from sync.ports import PageStore, PageVersion, Resources

# What ``page_memory.remember_sending`` keeps. An older release may have kept less: that cannot be settled.
_PARTS = frozenset({
    "message", "as_of", "fingerprint", "intended", "region", "kept", "must_write", "comments", "tokens", "tokens_at",
})  # fmt: skip


def settle_lost_reply(on: Resources, visit: Visit, client: PageStore) -> bool:
    """True where the write was applied, and is remembered now: everything has to be looked at again.

    A version is that write only if our account made it with its message and it shows what we sent: another table of
    ours in the same page may have written the same message.
    """
    table, sending, number = visit.table, visit.table.sending, visit.table.sending_version
    if sending is None or number is None:
        return False
    made = _version_made(visit, client, sending, number) if sending.keys() >= _PARTS else None
    if made is None:
        forget_sending(on, visit)
        return False
    _remember_made(on, visit, sending, made)
    page = client.read(table.page_id)
    if page.version == number:
        keep_comments(on, visit, client, page, frozenset(sending["comments"]))
    return True


def _version_made(visit: Visit, client: PageStore, sending: dict[str, Any], number: int) -> PageVersion | None:
    found = [v for v in client.versions(visit.table.page_id, number - 1) if v.number == number]
    ours = [v for v in found if v.author_id == (visit.account_id or v.author_id) and v.message == sending["message"]]
    if not ours:
        return None
    try:
        shown = read_back(client.read_version(visit.table.page_id, number).body, visit.table).shown
    except (Gone, NotWellFormed):
        return None
    return ours[0] if shown == read_back(sending["region"], visit.table).shown else None


def _remember_made(on: Resources, visit: Visit, sending: dict[str, Any], made: PageVersion) -> None:
    workspace_id, table_id = visit.claim.workspace_id, visit.table.id
    with on.database.write() as conn:
        check_held(conn, visit.claim)
        page_visits.record_written(conn, workspace_id, table_id, _written(conn, visit, sending, made))
        if sending["tokens"] is not None:
            counted_at = datetime.fromisoformat(sending["tokens_at"])
            page_visits.record_tokens(conn, workspace_id, table_id, sending["tokens"], counted_at)


def _written(conn: Transaction, visit: Visit, sending: dict[str, Any], made: PageVersion) -> Written:
    """What a person settled, or asked for, since it was sent is to be seen to by another write."""
    sent = read_back(sending["region"], visit.table)
    kept = kept_still(conn, visit, fields_from_json(sending["kept"]))
    all_kept = fields_to_json(kept) == sending["kept"]
    return Written(
        version=made.number,
        at=made.at,
        as_of=datetime.fromisoformat(sending["as_of"]),
        message=sending["message"],
        fingerprint=sending["fingerprint"],
        intended_fields=sending["intended"],
        read_back=fields_to_json(without_kept(sent.fields, kept)),
        read_back_lines=sent.lines,
        must_write=not all_kept or was_asked_since(conn, visit, sending["must_write"]),
        cause=sending.get("cause", ""),
    )
