"""What people typed in a table and what waits for a decision: taken as check-ins, or given up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection as Transaction

from connector.store import okrs, page_visits, tables, typed_texts
from connector.store.activity import record_activity
from connector.store.page_visits import TypedText
from connector.store.tables import PageTable
from connector.store.work import mark_due
from mapping.okr import KeyResult
from mapping.table_parts import Column
from mapping.typed_check_in import understand
from sync.commands.not_possible import NotPossible
from sync.commands.running import AT_ONCE
from sync.commands.table_changes import load_known_table, title_of
from sync.ports import Resources
from sync.typed_check_ins import language_of, record_typed
from sync.typed_judgement import TAKEN

GIVEN_UP = "given_up"
Fields = Collection[tuple[str, str]]
# In which version of the page each was typed.
Versions = Mapping[tuple[str, str], int]


def take_typed(
    on: Resources,
    workspace_id: int,
    table_id: int,
    fields: Fields | None,
    *,
    who: str,
    seen: Versions | None = None,
) -> int:
    """Make check-ins of what waits, each in the name of its author; the table is written at once. Returns how many
    texts were taken.

    ``fields`` are pairs of key and column; None: everything that can be understood. NotPossible where there is no such
    table, where nothing waits there, or where one of the fields cannot be understood. ``seen``: the texts that whoever
    decides had in view; NotPossible where something newer was typed since, of which nobody has decided anything.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        table = load_known_table(conn, workspace_id, table_id)
        waiting = _chosen(conn, workspace_id, table, fields)
        _check_seen(waiting, seen)
        key_results = okrs.load_key_results(conn, workspace_id, {text.key_result_key for text in waiting})
        clear = [text for text in waiting if _is_clear(text, key_results, table)]
        _check_clear(waiting, clear, table, all_asked=fields is not None)
        keys = record_typed(conn, workspace_id, table, clear, key_results, now)
        typed_texts.settle_typed(conn, workspace_id, table_id, clear, TAKEN, at=now, by=who)
        _leave(conn, on, workspace_id, table, clear, who, "confirmed")
        showing = map(str, tables.tables_showing(conn, workspace_id, keys))
        mark_due(conn, workspace_id, "table", showing, now, urgency=AT_ONCE, retry=True)
    on.bell.ring()
    return len(clear)


def give_up_typed(
    on: Resources,
    workspace_id: int,
    table_id: int,
    fields: Fields | None,
    *,
    who: str,
    seen: Versions | None = None,
) -> int:
    """What waits is no check-in and never becomes one; its cells are filled again at once. Returns how many texts.

    ``fields`` and ``seen`` as for ``take_typed``; None: everything that waits. NotPossible where there is no such
    table, where nothing waits there, or where something newer was typed.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        table = load_known_table(conn, workspace_id, table_id)
        waiting = _chosen(conn, workspace_id, table, fields)
        _check_seen(waiting, seen)
        typed_texts.settle_typed(conn, workspace_id, table_id, waiting, GIVEN_UP, at=now, by=who)
        _leave(conn, on, workspace_id, table, waiting, who, "gave up")
    on.bell.ring()
    return len(waiting)


def _chosen(conn: Transaction, workspace_id: int, table: PageTable, fields: Fields | None) -> list[TypedText]:
    waiting = typed_texts.load_waiting(conn, workspace_id, table.id)
    by_field = {(text.key_result_key, text.column): text for text in waiting}
    wanted = list(by_field) if fields is None else list(dict.fromkeys(fields))
    missing = [field for field in wanted if field not in by_field]
    if missing:
        names = ", ".join(f"{column} of {key}" for key, column in missing)
        raise NotPossible(
            "In {page!r} nothing that was typed waits for a decision under {names}.", page=title_of(table), names=names
        )
    if not wanted:
        raise NotPossible("In {page!r} nothing that was typed waits for a decision.", page=title_of(table))
    return [by_field[field] for field in wanted]


def _check_seen(waiting: Sequence[TypedText], seen: Versions | None) -> None:
    if seen is None:
        return
    newer = [each for each in waiting if seen.get((each.key_result_key, each.column)) != each.version]
    if newer:
        names = ", ".join(f"{each.column} of {each.key_result_key}" for each in newer)
        raise NotPossible(
            "Something newer was typed meanwhile under {names}. Look at it, and decide then.", names=names
        )


def _is_clear(text: TypedText, key_results: dict[str, KeyResult], table: PageTable) -> bool:
    kr = key_results[text.key_result_key]
    return understand(Column(text.column), text.text, kr, language_of(table)) is not None


def _check_clear(
    waiting: Sequence[TypedText], clear: Sequence[TypedText], table: PageTable, *, all_asked: bool
) -> None:
    unclear = [text for text in waiting if text not in clear]
    if unclear and (all_asked or not clear):
        names = ", ".join(f"{text.column} of {text.key_result_key} ({text.text!r})" for text in unclear)
        raise NotPossible(
            "In {page!r} this cannot be read as a check-in: {names}. Check in by form, or give it up so that "
            "the cell is filled again.",
            page=title_of(table),
            names=names,
        )


def _leave(
    conn: Transaction,
    on: Resources,
    workspace_id: int,
    table: PageTable,
    texts: Sequence[TypedText],
    who: str,
    did: str,
) -> None:
    """The cells are compared with what they say now, and filled at the next visit, which is due at once."""
    now = on.clock.now()
    settled = {(text.key_result_key, text.column) for text in texts}
    page_visits.record_settled(
        conn,
        workspace_id,
        table.id,
        read_back=table.read_back | {f"{text.key_result_key}|{text.column}": text.text for text in texts},
        findings=[each for each in table.findings if (each["key"], each["column"]) not in settled],
        must_write=True,
    )
    mark_due(conn, workspace_id, "table", [str(table.id)], now, urgency=AT_ONCE, retry=True)
    for text in texts:
        said = f"{did} what {text.author_name} typed in {title_of(table)}: {text.column} of {text.key_result_key}"
        record_activity(conn, workspace_id, at=now, who=who, text=f"{said}, “{text.text}”", url=table.page_url)
