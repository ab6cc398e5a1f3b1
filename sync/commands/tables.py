"""Putting OKR tables into pages, and taking them out of our hands again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection as Transaction

from connector.store import tables
from connector.store.activity import record_activity
from connector.store.tables import NewTable, PageTable, SameTable
from connector.store.work import mark_due
from sync.commands.not_possible import NotPossible
from sync.commands.running import AT_ONCE
from sync.commands.table_changes import load_known_table, title_of
from sync.commands.table_choices import WrongChoice
from sync.commands.table_plan import TablePlan, TableWish, plan_table
from sync.ports import Resources


@dataclass(frozen=True, slots=True)
class AddedTable:
    """``is_new``: False where the page had exactly this table already."""

    table_id: int
    page_title: str
    page_url: str
    is_new: bool


def add_table(
    on: Resources,
    workspace_id: int,
    wish: TableWish,
    *,
    who: str,
) -> AddedTable:
    """Put a table into a page; a worker writes it within seconds. The same wish again changes nothing.

    A table that a person took out of the page is put back, since that is asked for now. NotPossible where the page
    cannot hold it, or has another table of this name.
    """
    plan = plan_table(on, workspace_id, wish)
    now = on.clock.now()
    with on.database.write() as conn:
        table, is_new = _kept(conn, on, workspace_id, plan, who)
        mark_due(conn, workspace_id, "table", [str(table.id)], now, urgency=AT_ONCE, retry=True)
        if is_new:
            text = f"put the table {table.region_id} into {plan.page.title}"
            record_activity(conn, workspace_id, at=now, who=who, text=text, url=plan.new.page_url)
    on.bell.ring()
    return AddedTable(table.id, plan.page.title, plan.new.page_url, is_new)


def remove_table(on: Resources, workspace_id: int, table_id: int, *, who: str) -> str:
    """Keep the table current no longer; what stands in the page stays. Returns the page's title.

    NotPossible where there is no table of this number.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        table = load_known_table(conn, workspace_id, table_id)
        tables.remove_table(conn, workspace_id, table_id)
        text = f"stopped keeping the table {table.region_id} in {title_of(table)}"
        record_activity(conn, workspace_id, at=now, who=who, text=text, url=table.page_url)
    return title_of(table)


def _kept(conn: Transaction, on: Resources, workspace_id: int, plan: TablePlan, who: str) -> tuple[PageTable, bool]:
    if plan.existing is not None and not plan.was_taken_out:
        if not _is_the_same(plan.existing, plan.new):
            raise WrongChoice(
                "region_id",
                "The page {page} has a table {name} already, which shows something else. Change that one, or choose "
                "another name for this one.",
                page=plan.page.title,
                name=plan.new.region_id,
            )
        return plan.existing, False
    if plan.existing is not None:
        tables.remove_table(conn, workspace_id, plan.existing.id)
    try:
        return tables.add_table(conn, workspace_id, plan.new, at=on.clock.now(), by=who), True
    except SameTable as error:  # somebody else was quicker, a moment ago
        raise NotPossible("{page!r}: {error}.", page=plan.page.title, error=error) from error


def _is_the_same(there: PageTable, wished: NewTable) -> bool:
    return there.cycle_key == wished.cycle_key and tables.choices_of(there) == tables.choices_of(wished)
