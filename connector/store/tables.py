"""OKR tables in pages: what is shown where, and how each stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Update, bindparam, delete, insert, select, update

from connector.store.prepared import prepared
from connector.store.rows import AnyRow, Values
from connector.store.schema import key_result, objective, page_table, page_version
from mapping.okr import Objective

_CHOICES = frozenset({
    "teams", "objective_keys", "columns", "language", "design", "shape", "width", "container", "check_in_by",
    "write_bucket", "write_refill_minutes",
})  # fmt: skip


class TableState(StrEnum):
    """What stands between a table and its page, if anything."""

    WAITING = "waiting"
    CURRENT = "current"
    HELD = "held"
    REMOVED = "removed"
    NO_PAGE = "no_page"
    NO_PERMISSION = "no_permission"
    NOT_READABLE = "not_readable"
    PAUSED = "paused"
    FINISHED = "finished"


class SameTable(ValueError):
    """The page has a table under this name already."""


class UnknownTable(LookupError):
    """There is no table of this number in this workspace."""


@dataclass(frozen=True, slots=True)
class NewTable:
    """What is needed to add a table. Empty ``teams`` and ``objective_keys``: all of the cycle; empty ``columns``: the
    default ones. ``write_bucket`` and ``write_refill_minutes`` None: as in the settings. ``replaces`` describes the
    hand-made table whose place it takes at its first write."""

    connection_id: int
    page_id: str
    region_id: str
    cycle_key: str
    teams: tuple[str, ...] = ()
    objective_keys: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    language: str = "en"
    design: str = "normal"
    shape: str = "table"
    width: str = "wide"
    container: str = "details"
    check_in_by: str = "editors"
    write_bucket: int | None = None
    write_refill_minutes: int | None = None
    page_title: str = ""
    page_url: str = ""
    replaces: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PageTable(NewTable):
    """A table as it stands.

    Two memories: ``intended`` (a fingerprint) and ``intended_fields`` are what we last wanted the page to say;
    ``read_back`` is what the cells said when we read our own last version, ``read_back_lines`` what stood above them.
    ``region_memory`` spares a visit to read again what is the same there (``mapping.region_memory``).
    ``must_write``: the next visit writes even where nothing changed. ``sending``, at ``sending_version``, are writes
    that were sent and of which nobody knows what became (see ``sendings``). ``findings`` are shown beside the table.
    ``paused_at``: since when ``paused_by`` wants nothing written to this page. ``put_back_at``: a backup was put back
    then, and there may be versions of ours that nobody here remembers.
    """

    id: int = 0
    workspace_id: int = 0
    created_at: datetime | None = None
    created_by: str = ""
    state: TableState = TableState.WAITING
    state_detail: str = ""
    state_since: datetime | None = None
    seen_version: int = 0
    written_version: int = 0
    written_at: datetime | None = None
    written_as_of: datetime | None = None
    intended: str = ""
    intended_fields: dict[str, Any] = field(default_factory=dict)
    read_back: dict[str, Any] = field(default_factory=dict)
    read_back_lines: str = ""
    region_memory: dict[str, Any] = field(default_factory=dict)
    must_write: bool = False
    findings: tuple[Any, ...] = ()
    sending_version: int | None = None
    sending: dict[str, Any] | None = None
    tokens: int = 0
    tokens_at: datetime | None = None
    last_visit_at: datetime | None = None
    paused_at: datetime | None = None
    paused_by: str = ""
    put_back_at: datetime | None = None


def add_table(conn: Connection, workspace_id: int, new: NewTable, *, at: datetime, by: str) -> PageTable:
    """Keep a new table; it waits for its first visit, and shares the write budget of its page. Raises SameTable where
    the page has one of this name already."""
    c = page_table.c
    in_page = (c.connection_id == new.connection_id, c.page_id == new.page_id)
    found = select(page_table).where(*in_page, c.workspace_id == workspace_id).order_by(c.id)
    others = _tables(conn, found)
    if any(other.region_id == new.region_id for other in others):
        raise SameTable(f"page {new.page_id} has a table {new.region_id!r} already")
    stamp = {"workspace_id": workspace_id, "created_at": at, "created_by": by, "state_since": at}
    stamp |= {"tokens": others[0].tokens, "tokens_at": others[0].tokens_at} if others else {}
    made = insert(page_table).values(stamp | _values(new)).returning(c.id)
    return load_table(conn, workspace_id, conn.execute(made).scalar_one())


def load_table(conn: Connection, workspace_id: int, table_id: int) -> PageTable:
    """Raises UnknownTable."""
    found = _tables(conn, *_one(workspace_id, table_id))
    if not found:
        raise UnknownTable(f"there is no table {table_id}")
    return found[0]


def load_tables(
    conn: Connection, workspace_id: int, cycle_keys: Collection[str] | None = None
) -> tuple[PageTable, ...]:
    """All tables, or those that show one of the cycles, in the order in which they were added."""
    if cycle_keys is None:
        return _tables(conn, *_all(workspace_id))
    return _tables(conn, *_of_cycles(workspace_id, sorted(cycle_keys)))


def watched(conn: Connection, workspace_id: int, connection_id: int) -> tuple[PageTable, ...]:
    """The tables in the pages of one Confluence."""
    return _tables(conn, *_in_pages_of(workspace_id, connection_id))


def not_visited_since(conn: Connection, workspace_id: int, connection_id: int, before: datetime) -> tuple[int, ...]:
    """The numbers of the tables in pages of one Confluence that were last looked at before then; a snapshot that is
    finished is looked at no more."""
    return tuple(conn.execute(*_unseen(workspace_id, connection_id, before)).scalars())


def tables_showing(conn: Connection, workspace_id: int, key_result_keys: Collection[str]) -> tuple[int, ...]:
    """The numbers of the tables that show any of these key results."""
    shown = conn.execute(*_above(workspace_id, sorted(key_result_keys)))
    objectives = [(row.cycle_key, row.team, row.key) for row in shown]
    tables = load_tables(conn, workspace_id, {cycle_key for cycle_key, _, _ in objectives})
    return tuple(table.id for table in tables if any(_shows(table, *found) for found in objectives))


def tables_with_objective(conn: Connection, workspace_id: int, objective: Objective) -> tuple[int, ...]:
    """The numbers of the tables that show this objective, or would show it; it need not be kept."""
    of_cycle = load_tables(conn, workspace_id, [objective.cycle_key])
    found = objective.cycle_key, objective.team, objective.key
    return tuple(table.id for table in of_cycle if _shows(table, *found))


def remove_table(conn: Connection, workspace_id: int, table_id: int) -> bool:
    """Forget a table and what was typed there; the page stays as it is, and its versions of ours stay counted. False
    where there was none."""
    c = page_version.c
    of_table = c.workspace_id == workspace_id, c.table_id == table_id
    conn.execute(update(page_version).where(*of_table).values(table_id=None))
    return conn.execute(delete(page_table).where(*_this(workspace_id, table_id))).rowcount > 0


def choices_of(table: NewTable) -> Values:
    """What may be chosen anew for a table that stands in its page."""
    return {name: value for name, value in _values(table).items() if name in _CHOICES}


def change_choices(conn: Connection, workspace_id: int, table_id: int, chosen: NewTable, *, must_write: bool) -> None:
    """Choose anew; page, name and cycle stay. ``must_write``: the next visit writes even if it would not otherwise.
    Raises UnknownTable."""
    set_table(conn, workspace_id, table_id, choices_of(chosen) | ({"must_write": True} if must_write else {}))


def ask_to_write(conn: Connection, workspace_id: int, table_id: int) -> None:
    """The next visit writes even where nothing changed. Raises UnknownTable."""
    set_table(conn, workspace_id, table_id, {"must_write": True})


def record_table_state(
    conn: Connection, workspace_id: int, table_id: int, state: TableState, at: datetime, detail: str = ""
) -> bool:
    """How the table stands. True where its state changed; ``state_since`` moves only then. Raises UnknownTable."""
    # Not the whole table: what it remembers is large.
    before = one_of(conn, workspace_id, table_id, "state", "state_detail")
    if (before.state, before.state_detail) == (str(state), detail):
        return False
    changed: bool = before.state != str(state)
    values: Values = {"state": str(state), "state_detail": detail}
    set_table(conn, workspace_id, table_id, values | ({"state_since": at} if changed else {}))
    return changed


def set_table(conn: Connection, workspace_id: int, table_id: int, values: Values) -> None:
    """Change columns of one table; for the functions of this package. Raises UnknownTable."""
    statement, this = _change(workspace_id, table_id)
    if not conn.execute(statement, this | values).rowcount:
        raise UnknownTable(f"there is no table {table_id}")


def _tables(conn: Connection, found: Select[Any], given: Values | None = None) -> tuple[PageTable, ...]:
    return tuple(_table(row) for row in conn.execute(found, given).mappings())


@prepared
def _one(workspace_id: int, table_id: int) -> Select[Any]:
    return select(page_table).where(*_this(workspace_id, table_id))


@prepared
def _all(workspace_id: int) -> Select[Any]:
    return select(page_table).where(page_table.c.workspace_id == workspace_id).order_by(page_table.c.id)


@prepared
def _of_cycles(workspace_id: int, cycle_keys: Sequence[str]) -> Select[Any]:
    c = page_table.c
    return select(page_table).where(c.workspace_id == workspace_id, c.cycle_key.in_(cycle_keys)).order_by(c.id)


@prepared
def _in_pages_of(workspace_id: int, connection_id: int) -> Select[Any]:
    c = page_table.c
    return select(page_table).where(c.workspace_id == workspace_id, c.connection_id == connection_id).order_by(c.id)


@prepared
def _unseen(workspace_id: int, connection_id: int, before: datetime) -> Select[Any]:
    c = page_table.c
    here = c.workspace_id == workspace_id, c.connection_id == connection_id, c.last_visit_at < before
    return select(c.id).where(*here, c.state != str(TableState.FINISHED)).order_by(c.id)


@prepared
def _above(workspace_id: int, key_result_keys: Sequence[str]) -> Select[Any]:
    """The objectives of key results."""
    o, k = objective.c, key_result.c
    belongs = (o.workspace_id == k.workspace_id) & (o.key == k.objective_key)
    these = (k.workspace_id == workspace_id, k.key.in_(key_result_keys))
    return select(o.cycle_key, o.team, o.key).join_from(key_result, objective, belongs).where(*these).distinct()


@prepared
def _change(workspace_id: int, table_id: int) -> Update:
    return update(page_table).where(*_this(workspace_id, table_id))


def one_of(conn: Connection, workspace_id: int, table_id: int, *columns: str) -> AnyRow:
    """Some columns of one table; for the functions of this package. Raises UnknownTable."""
    found = conn.execute(_columns(columns), {"this_workspace": workspace_id, "this_id": table_id}).first()
    if found is None:
        raise UnknownTable(f"there is no table {table_id}")
    return found


@cache
def _columns(names: tuple[str, ...]) -> Select[Any]:
    this = (page_table.c.workspace_id == bindparam("this_workspace"), page_table.c.id == bindparam("this_id"))
    return select(*(page_table.c[name] for name in names)).where(*this)


def _this(workspace_id: int, table_id: int) -> tuple[ColumnElement[bool], ...]:
    return page_table.c.workspace_id == workspace_id, page_table.c.id == table_id


def _shows(table: PageTable, cycle_key: str, team: str, objective_key: str) -> bool:
    return (
        table.cycle_key == cycle_key
        and (not table.teams or team in table.teams)
        and (not table.objective_keys or objective_key in table.objective_keys)
    )


def _values(new: NewTable) -> Values:
    return {
        "connection_id": new.connection_id,
        "page_id": new.page_id,
        "region_id": new.region_id,
        "cycle_key": new.cycle_key,
        "teams": list(new.teams),
        "objective_keys": list(new.objective_keys),
        "columns": list(new.columns),
        "language": new.language,
        "design": new.design,
        "shape": new.shape,
        "width": new.width,
        "container": new.container,
        "replaces": new.replaces,
        "check_in_by": new.check_in_by,
        "write_bucket": new.write_bucket,
        "write_refill_minutes": new.write_refill_minutes,
        "page_title": new.page_title,
        "page_url": new.page_url,
    }


def _table(row: RowMapping) -> PageTable:
    lists = {name: tuple(row[name]) for name in ("teams", "objective_keys", "columns", "findings")}
    return PageTable(**dict(row) | lists | {"state": TableState(row["state"])})
