"""What a table would look like in a page, and what writing it would change there. Nothing is written or kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from difflib import unified_diff
from itertools import islice

from connector.store import typed_texts
from connector.store.tables import PageTable
from mapping.page_region import has_placeholder
from mapping.region_reading import is_same_but_for_moment
from mapping.sentences import Explained
from mapping.storage_format import render_region
from mapping.table_as_typed import as_typed
from mapping.table_intended import intended
from mapping.table_parts import Table
from sync.commands.asking import asking
from sync.commands.table_plan import TablePlan, TableWish, choose_table, plan_table
from sync.composing import compose_table
from sync.page_look import look_at, put_in
from sync.ports import Resources
from sync.preview_text import table_as_text
from sync.queries.advice import load_advice
from sync.sketching import Sketch, sketch

__all__ = ["Preview", "Sketch", "preview_table", "sketch_kept_table", "sketch_table"]

MOST_CHANGED_LINES = 200


def sketch_table(on: Resources, workspace_id: int, wish: TableWish) -> Sketch:
    """What the wish would show now; no page is asked for. WrongChoice where no table can be so."""
    with on.database.read() as conn:
        as_kept = PageTable(**asdict(choose_table(conn, on, workspace_id, wish)), workspace_id=workspace_id)
        return sketch(conn, workspace_id, as_kept, on.settings, on.clock.now())


def sketch_kept_table(on: Resources, table: PageTable) -> Sketch:
    """The same of a table that is kept, as it was chosen, with what waits in its cells as it was typed."""
    with on.database.read() as conn:
        as_meant = sketch(conn, table.workspace_id, table, on.settings, on.clock.now())
        waiting = typed_texts.load_waiting(conn, table.workspace_id, table.id)
    stays = {(text.key_result_key, text.column): text.text for text in waiting}
    return replace(as_meant, table=as_typed(as_meant.table, stays))


@dataclass(frozen=True, slots=True)
class Preview:
    """``is_new``: no table of this name stands in the page yet; ``at_placeholder``: it would stand in place of the
    paragraph that names it. ``changes`` are the lines that writing would take out (-) and put in (+), in markup, none
    where the page says all of it already; beyond 200 they are cut.

    ``hindrance`` is why the table would not be written now although it may stand there, ``advice`` what would read
    better; each is empty where there is nothing to say.
    """

    table: Table
    page_title: str
    page_url: str
    page_version: int
    region_id: str
    is_new: bool
    at_placeholder: bool
    has_open_draft: bool
    hindrance: str
    markup: str
    text: str
    changes: tuple[str, ...]
    advice: Explained | None


def preview_table(
    on: Resources,
    workspace_id: int,
    wish: TableWish,
) -> Preview:
    """The table as it would stand in the page now. NotPossible where it cannot stand there."""
    plan = plan_table(on, workspace_id, wish)
    as_kept = _as_kept(plan, workspace_id)
    with on.database.read() as conn:
        table = compose_table(conn, workspace_id, as_kept, on.settings, on.clock.now())
        advice = load_advice(conn, workspace_id, as_kept, on.settings, on.clock.now())
    now = intended(table)
    look = look_at(plan.page, as_kept, now)
    after = plan.page.body if look.unreadable else put_in(plan.page, look, now, as_kept).body
    return Preview(
        table=table,
        page_title=plan.page.title,
        page_url=plan.page.url,
        page_version=plan.page.version,
        region_id=plan.new.region_id,
        is_new=look.sight is None,
        at_placeholder=look.sight is None and has_placeholder(plan.page.body, plan.new.region_id),
        has_open_draft=_has_open_draft(plan),
        hindrance=look.unreadable,
        markup=render_region(table),
        text=table_as_text(table),
        changes=_changes(plan.page.body, after),
        advice=advice,
    )


def _as_kept(plan: TablePlan, workspace_id: int) -> PageTable:
    """The table as it is kept, or as it would be kept: with nothing remembered yet."""
    if plan.existing is not None and not plan.was_taken_out:
        return plan.existing
    return PageTable(**asdict(plan.new), workspace_id=workspace_id)


def _has_open_draft(plan: TablePlan) -> bool:
    with asking(plan.connection.site_url):
        draft = plan.client.read_draft(plan.page.page_id)
    return draft.status == "draft" and draft.body != plan.page.body


def _changes(before: str, after: str) -> tuple[str, ...]:
    if is_same_but_for_moment(after, before):  # "as of" alone never causes a write
        return ()
    lines = unified_diff(_lines(before), _lines(after), lineterm="", n=0)
    changed = (line for line in lines if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"})
    return tuple(islice(changed, MOST_CHANGED_LINES))


def _lines(body: str) -> list[str]:
    """Markup has few line breaks of its own: one after each cell, row and paragraph makes it readable."""
    for closing in ("</td>", "</th>", "</tr>", "</p>", "</colgroup>", "</ac:structured-macro>"):
        body = body.replace(closing, closing + "\n")
    return [line for line in body.split("\n") if line.strip()]
