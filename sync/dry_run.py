"""A dry run of everything: every site asked, every table made as it would come out. Reads, and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from connector.http import at_most
from connector.store import tables
from connector.store.tables import PageTable
from sync.commands import NotPossible
from sync.commands.table_plan import TableWish
from sync.doctor import Finding, examine
from sync.ports import Resources
from sync.preview import Preview, preview_table

PATIENCE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class TableRun:
    """One table as it would come out; ``why_not`` says why nothing can, empty where it can."""

    table_id: int
    page_name: str
    preview: Preview | None
    why_not: str = ""

    @property
    def would_write(self) -> bool:
        """Whether the page says something else by now."""
        return self.preview is not None and not self.preview.hindrance and bool(self.preview.changes)


@dataclass(frozen=True, slots=True)
class DryRun:
    findings: tuple[Finding, ...]
    tables: tuple[TableRun, ...]


def run_dry(on: Resources, workspace_id: int) -> DryRun:
    """One report. A site that does not answer is said and does not stop the rest."""
    with at_most(PATIENCE_SECONDS):
        findings = examine(on, workspace_id)
        with on.database.read() as conn:
            kept = tables.load_tables(conn, workspace_id)
        return DryRun(tuple(findings), tuple(_run(on, workspace_id, each) for each in kept))


def _run(on: Resources, workspace_id: int, table: PageTable) -> TableRun:
    name = table.page_title or table.page_id
    try:
        return TableRun(table.id, name, preview_table(on, workspace_id, wish_of(table)))
    except NotPossible as why:
        return TableRun(table.id, name, None, str(why))


def wish_of(table: PageTable) -> TableWish:
    """What was chosen for a table that is there."""
    return TableWish(
        page=table.page_url if "/pages/" in table.page_url else table.page_id,
        cycle_key=table.cycle_key,
        teams=table.teams,
        objective_keys=table.objective_keys,
        region_id=table.region_id,
        language=table.language,
        design=table.design,
        shape=table.shape,
        columns=table.columns,
        width=table.width,
        container=table.container,
        check_in_by=table.check_in_by,
        write_bucket=table.write_bucket,
        write_refill_minutes=table.write_refill_minutes,
    )
