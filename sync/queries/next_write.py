"""What the next write of a table changes in its page, and what stays there as somebody typed it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection as Transaction

from connector.errors import OutsideError
from connector.http import at_most
from connector.store import connections, tables, typed_texts
from connector.store.connections import Connection
from connector.store.page_visits import TypedText
from connector.store.tables import PageTable, UnknownTable
from mapping.page_region import NotWellFormed
from mapping.region_lines import RegionLines, line_changes, lines_of, plain_above
from mapping.storage_format import render_region
from mapping.table_as_typed import as_typed
from mapping.table_diff import Changes, changes_between
from mapping.table_intended import Intended, intended
from sync.commands.table_changes import TableChange, chosen_anew, differing
from sync.composing import load_table_facts, table_of_figure, table_spec
from sync.page_comparing import compare, looks_new, read_region_of
from sync.page_look import fields_from_json
from sync.ports import Page, Resources
from sync.sketching import Sketch, as_sketch
from sync.typed_judgement import TAKEN

# Somebody waits for the screen; what is remembered of the page serves as well.
SECONDS = 4.0
MOST_TYPED = 20


@dataclass(frozen=True, slots=True)
class NextWrite:
    """``sketch``: the table as it would stand in the page; ``chosen`` with what was changed by ``different`` choices.

    ``page_version`` is the page's own, 0 where it could not be asked: then the comparison is with what stood there at
    our last version, and ``trouble`` says why. ``hindrance``: why it would not be written although it could be read.
    ``typed``: what stays as somebody typed it.
    """

    sketch: Sketch
    chosen: PageTable
    different: tuple[str, ...]
    page_version: int
    trouble: str
    hindrance: str
    stands_there: bool
    changes: Changes
    typed: tuple[TypedText, ...]

    @property
    def is_nothing(self) -> bool:
        """True where the page says all of it already, or did after our last write where it cannot be asked."""
        return self.stands_there and self.changes.is_nothing and not self.hindrance


@dataclass(frozen=True, slots=True)
class _Found:
    """What is compared, before and after, and what is known of the page."""

    changes: Changes
    page_version: int = 0
    trouble: str = ""
    hindrance: str = ""
    stands_there: bool = True


def load_next_write(on: Resources, workspace_id: int, table_id: int, change: TableChange) -> NextWrite | None:
    """As the table would be with this change. None where there is no such table; WrongChoice where none can be so."""
    with on.database.read() as conn:
        try:
            table = tables.load_table(conn, workspace_id, table_id)
        except UnknownTable:
            return None
        chosen = chosen_anew(conn, on, table, change)
        at, spec = on.clock.now(), table_spec(chosen, on.settings)
        figure = load_table_facts(conn, workspace_id, chosen).figure(at, spec.thresholds)
        now = intended(table_of_figure(conn, workspace_id, chosen, on.settings, figure, at))
        connection = connections.load_connection(conn, workspace_id, table.connection_id)
        typed = _typed(conn, table)
        stays = {(text.key_result_key, text.column): text.text for text in reversed(typed)}
    sketch = as_sketch(as_typed(now.table, stays), figure, spec)
    found = _compared(on, connection, chosen, now)
    return NextWrite(
        sketch=sketch,
        chosen=chosen,
        different=differing(table, chosen),
        page_version=found.page_version,
        trouble=found.trouble,
        hindrance=found.hindrance,
        stands_there=found.stands_there,
        changes=found.changes,
        typed=typed,
    )


def _typed(conn: Transaction, table: PageTable) -> tuple[TypedText, ...]:
    """What waits for a decision, and what became a check-in since our last version."""
    settled = typed_texts.load_settled(conn, table.workspace_id, table.id, MOST_TYPED)
    taken = (text for text in settled if text.outcome == TAKEN and text.version > table.written_version)
    return (*typed_texts.load_waiting(conn, table.workspace_id, table.id), *taken)


def _compared(on: Resources, connection: Connection, table: PageTable, now: Intended) -> _Found:
    try:
        with at_most(SECONDS):
            page = on.sites.confluence(connection).read(table.page_id)
        return _with_page(page, table, now)
    except OutsideError as error:
        return _Found(_with_memory(table, now), trouble=str(error), stands_there=bool(table.written_version))
    except NotWellFormed as error:
        return _Found(Changes(), hindrance=f"The page's markup cannot be read ({error}), so it is left as it is.")


def _with_page(page: Page, table: PageTable, now: Intended) -> _Found:
    found = compare(page, table, now)
    if found.look.unreadable:
        return _Found(Changes(), page.version, hindrance=found.look.unreadable)
    return _Found(found.changes, page.version, stands_there=found.look.sight is not None)


def _with_memory(table: PageTable, now: Intended) -> Changes:
    """The same against what stood there after our last write, of which the objectives are not remembered."""
    before = RegionLines(plain_above(table.read_back_lines), None)
    after = lines_of(read_region_of(render_region(now.table), table))
    changes = changes_between(fields_from_json(table.read_back), now.fields)
    return replace(changes, lines=line_changes(before, after), looks_new=looks_new(table, now))
