"""What a page says against what it would say after a write: both as they are read, so that like is compared with like.

No calls and no rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connector.store.tables import PageTable
from mapping.region_lines import line_changes, lines_of
from mapping.region_reading import RegionReading
from mapping.region_sight import seen_again, seen_in_full
from mapping.storage_scan import encoded
from mapping.table_diff import Changes, changes_between
from mapping.table_intended import Intended
from mapping.table_look import same_layout, same_wording
from sync.page_look import Look, look_at, put_in
from sync.ports import Page


@dataclass(frozen=True, slots=True)
class Compared:
    """``look`` at the page as it is, and what a write would change there; nothing where it cannot be read."""

    look: Look
    changes: Changes


def compare(page: Page, table: PageTable, now: Intended) -> Compared:
    """What people typed and nobody has taken yet stays, and so is no change. Raises NotWellFormed."""
    look = look_at(page, table, now)
    if look.unreadable:
        return Compared(look, Changes())
    after = _read_after(put_in(page, look, now, table).body, table, look)
    changes = changes_between(look.reading.fields if look.reading else {}, after.fields if after else {})
    lines = line_changes(lines_of(look.reading), lines_of(after))
    return Compared(look, replace(changes, lines=lines, looks_new=looks_new(table, now)))


def _read_after(body: str, table: PageTable, look: Look) -> RegionReading | None:
    """Of rows that stay as they are, nothing is read twice."""
    if look.sight is None:
        return read_region_of(body, table)
    return seen_again(encoded(body), table.region_id, look.sight).reading


def read_region_of(body: str, table: PageTable) -> RegionReading | None:
    """None where the table does not stand in the body. Raises NotWellFormed."""
    return seen_in_full(encoded(body), table.region_id).reading


def looks_new(table: PageTable, now: Intended) -> bool:
    """Whether another look was chosen than at our last write."""
    is_same = same_layout(table.intended, now.fingerprint) and same_wording(table.intended, now.fingerprint)
    return table.written_version > 0 and not is_same
