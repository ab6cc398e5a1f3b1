"""What became of writes whose answers we never got: a lost reply, our own end in between, a sender that stood still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Transaction

from connector.errors import Gone
from connector.store import page_visits
from connector.store.claim_check import check_held
from connector.store.page_visits import Written
from connector.store.sendings import Sending, keep_sendings, load_open, sendings_of
from mapping.page_region import NotWellFormed
from sync.page_look import fields_from_json, fields_to_json, read_back, without_kept
from sync.page_memory import Visit, kept_still, was_asked_since
from sync.page_write import keep_comments
from sync.ports import Page, PageStore, PageVersion, Resources

# What ``page_memory.remember_sending`` keeps. An older release may have kept less: that cannot be settled.
_PARTS = frozenset({
    "message", "as_of", "fingerprint", "intended", "region", "kept", "must_write", "comments", "tokens", "tokens_at",
})  # fmt: skip


def settle_lost_reply(on: Resources, visit: Visit, client: PageStore, page: Page) -> bool:
    """True where a write was applied, and is remembered now: everything has to be looked at again.

    ``page`` as it was just read. What was to make a version that the page has is decided; what was to make a later one
    may still arrive, however late, and stays. A version is such a write only if our account made it with its message
    and it shows what we sent: another table of ours in the same page may have written the same message.
    """
    sent = [each for each in sendings_of(visit.table) if each.kept.keys() >= _PARTS]
    decided = [each for each in sent if each.number <= page.version]
    open_ones = [each for each in sent if each.number > page.version]
    found = _find_made(visit, client, decided)
    if found is not None:
        # First, because what is remembered ends it: whoever comes after a crash looks for comments again.
        _look_for_comments(on, visit, client, found[0])
        _remember_made(on, visit, *found, page)
    elif len(open_ones) < len(sendings_of(visit.table)):
        _keep_open(on, visit, open_ones)
    return found is not None


def _look_for_comments(on: Resources, visit: Visit, client: PageStore, sending: Sending) -> None:
    page = client.read(visit.table.page_id)
    if page.version == sending.number:
        keep_comments(on, visit, client, page, frozenset(sending.kept["comments"]))


def _keep_open(on: Resources, visit: Visit, open_ones: Sequence[Sending]) -> None:
    with on.database.write() as conn:
        check_held(conn, visit.claim)
        keep_sendings(conn, visit.claim.workspace_id, visit.table.id, open_ones)


def _find_made(visit: Visit, client: PageStore, decided: Sequence[Sending]) -> tuple[Sending, PageVersion] | None:
    """The latest version that one of these writes made."""
    if not decided:
        return None
    first = min(each.number for each in decided)
    versions = {version.number: version for version in client.versions(visit.table.page_id, first - 1)}
    for sending in sorted(decided, key=lambda each: each.number, reverse=True):
        version = versions.get(sending.number)
        if version is not None and _is_made_by(visit, client, sending, version):
            return sending, version
    return None


def _is_made_by(visit: Visit, client: PageStore, sending: Sending, version: PageVersion) -> bool:
    is_ours = version.author_id == (visit.account_id or version.author_id)
    if not is_ours or version.message != sending.kept["message"]:
        return False
    try:
        shown = read_back(client.read_version(visit.table.page_id, sending.number).body, visit.table).shown
    except (Gone, NotWellFormed):
        return False
    return shown == read_back(sending.kept["region"], visit.table).shown


def _remember_made(on: Resources, visit: Visit, sending: Sending, made: PageVersion, page: Page) -> None:
    workspace_id, table_id, kept = visit.claim.workspace_id, visit.table.id, sending.kept
    with on.database.write() as conn:
        check_held(conn, visit.claim)
        # Read again: a comment may just have been put back.
        open_ones = load_open(conn, workspace_id, table_id, page.version)
        page_visits.record_written(conn, workspace_id, table_id, _written(conn, visit, kept, made))
        keep_sendings(conn, workspace_id, table_id, open_ones)
        if kept["tokens"] is not None:
            counted_at = datetime.fromisoformat(kept["tokens_at"])
            page_visits.record_tokens(conn, workspace_id, table_id, kept["tokens"], counted_at)


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
