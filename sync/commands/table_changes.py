"""Choosing anew for a table that stands in its page, and asking for a write."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from hashlib import sha256

from sqlalchemy import Connection as Transaction

from connector.store import tables
from connector.store.activity import record_activity
from connector.store.rows import Values
from connector.store.tables import PageTable, TableState, UnknownTable
from connector.store.work import mark_due
from sync.commands.not_possible import NotPossible
from sync.commands.running import AT_ONCE, SOON
from sync.commands.table_choices import WrongChoice, check_choices
from sync.commands.table_plan import load_cycle_okrs
from sync.ports import Resources

# What is not seen in the page; a change of it alone is no reason to write.
_UNSEEN = frozenset({"write_bucket", "write_refill_minutes"})


@dataclass(frozen=True, slots=True)
class TableChange:
    """What is to be another; None leaves it as it is, empty means all of the cycle, or the columns of the shape. A new
    shape takes its own columns where none are named. ``usual_budget``: as often as the settings say where no other
    number is given."""

    teams: tuple[str, ...] | None = None
    objective_keys: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    language: str | None = None
    design: str | None = None
    shape: str | None = None
    width: str | None = None
    container: str | None = None
    check_in_by: str | None = None
    write_bucket: int | None = None
    write_refill_minutes: int | None = None
    usual_budget: bool = False


@dataclass(frozen=True, slots=True)
class ChangedTable:
    """``changed`` names the choices that are others now, as in TableChange; empty where all was so already."""

    page_title: str
    changed: tuple[str, ...]


class ChangedSince(NotPossible):
    """Somebody else chose anew meanwhile."""


def change_table(
    on: Resources, workspace_id: int, table_id: int, change: TableChange, *, who: str, seen: str | None = None
) -> ChangedTable:
    """Choose anew; the page keeps what stands there until the next visit, which is a person's own act and so waits for
    no budget. ``seen``: ``choices_seen`` of the table as whoever decides had it in view.

    NotPossible where there is no such table, or none can be so; ChangedSince where it is chosen otherwise by now.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        table = load_known_table(conn, workspace_id, table_id)
        if seen is not None and seen != choices_seen(table):
            raise ChangedSince("Somebody changed this table while you were at it.")
        chosen = chosen_anew(conn, on, table, change)
        changed = differing(table, chosen)
        if changed:
            is_seen = not _UNSEEN.issuperset(changed)
            finished = table.state is TableState.FINISHED
            tables.change_choices(conn, workspace_id, table_id, chosen, must_write=is_seen and finished)
            urgency = AT_ONCE if is_seen else SOON
            mark_due(conn, workspace_id, "table", [str(table_id)], now, urgency=urgency, retry=True)
            text = f"changed the table {table.region_id} in {title_of(table)}: {', '.join(map(spoken, changed))}"
            record_activity(conn, workspace_id, at=now, who=who, text=text, url=table.page_url)
    on.bell.ring()
    return ChangedTable(title_of(table), changed)


def chosen_anew(conn: Transaction, on: Resources, table: PageTable, change: TableChange) -> PageTable:
    """The table as it would be chosen. WrongChoice where none can be so."""
    chosen = _applied(table, change)
    okrs = load_cycle_okrs(conn, table.workspace_id, chosen.cycle_key)
    chosen = replace(chosen, columns=check_choices(chosen, okrs, on.settings.public_url).columns)
    _check_container(table, chosen)
    return chosen


def choices_seen(table: PageTable) -> str:
    """A fingerprint: another one as soon as anybody chose anything else."""
    return sha256(json.dumps(tables.choices_of(table), sort_keys=True).encode()).hexdigest()[:16]


def differing(one: PageTable, other: PageTable) -> tuple[str, ...]:
    """The names of what is chosen differently for the two."""
    before, after = tables.choices_of(one), tables.choices_of(other)
    return tuple(sorted(name for name in after if after[name] != before[name]))


def write_table(on: Resources, workspace_id: int, table_id: int, *, who: str) -> str:
    """Write the table now, even where nothing changed and whatever its budget says. Returns the page's title.

    NotPossible where there is no such table, where a person took it out of the page, or paused it.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        table = load_known_table(conn, workspace_id, table_id)
        if table.state is TableState.REMOVED:
            raise NotPossible(
                "A person took the table out of {page}, and we never put it back unasked. To ask for it: "
                "okr table put-back {number}",
                page=title_of(table),
                number=table.id,
            )
        if table.paused_at is not None:
            raise NotPossible("{who} paused this table. Resume it, and it is written.", who=table.paused_by)
        tables.ask_to_write(conn, workspace_id, table_id)
        mark_due(conn, workspace_id, "table", [str(table_id)], now, urgency=AT_ONCE, retry=True)
        text = f"asked to write the table {table.region_id} in {title_of(table)} now"
        record_activity(conn, workspace_id, at=now, who=who, text=text, url=table.page_url)
    on.bell.ring()
    return title_of(table)


def load_known_table(conn: Transaction, workspace_id: int, table_id: int) -> PageTable:
    """NotPossible where there is no table of this number."""
    try:
        return tables.load_table(conn, workspace_id, table_id)
    except UnknownTable:
        raise NotPossible("There is no table {number}. `okr table list` shows them.", number=table_id) from None


def title_of(table: PageTable) -> str:
    """The title of its page, as far as it is known."""
    return table.page_title or f"page {table.page_id}"


def spoken(choice: str) -> str:
    """A choice as people call it: ``check_in_by`` is who may check in."""
    return _SPOKEN.get(choice, choice)


_SPOKEN = {
    "objective_keys": "objectives",
    "container": "macro",
    "check_in_by": "who may check in",
    "write_bucket": "write budget",
    "write_refill_minutes": "time between writes",
}


def _applied(table: PageTable, change: TableChange) -> PageTable:
    wanted: Values = {"write_bucket": None, "write_refill_minutes": None} if change.usual_budget else {}
    named = {each.name: getattr(change, each.name) for each in fields(change) if each.name != "usual_budget"}
    wanted |= {name: value for name, value in named.items() if value is not None}
    if wanted.get("shape", table.shape) != table.shape:
        wanted.setdefault("columns", ())
    return replace(table, **wanted)


def _check_container(table: PageTable, chosen: PageTable) -> None:
    if table.written_version and table.container != chosen.container:
        raise WrongChoice(
            "container",
            "The table stands in {page} within its macro already, which is not exchanged. Stop keeping it, take it out "
            "of the page, and put it there anew.",
            page=title_of(table),
        )
