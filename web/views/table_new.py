"""Putting a table on a page: choosing, looking at it as Confluence will show it, writing."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from sync import commands
from sync.commands import AddedTable, NotPossible, TableWish
from sync.commands.table_choices import WrongChoice
from sync.preview import Preview, Sketch, preview_table, sketch_table
from sync.queries.page_search import FoundPage, find_pages
from sync.queries.table_options import TableOptions, load_table_options
from web.forms import Form
from web.language import gettext, said
from web.pages import done, page, person, resources
from web.rights import may_edit, only_for_teams
from web.table_form import column_fields, fault, form_for_new, wish_of
from web.table_html import render_preview

views = Blueprint("table_new", __name__, url_prefix="/tables/new")

MOST_PAGE = 600
views.add_app_template_filter(render_preview, "preview")


@views.get("")
def form() -> tuple[str, int]:
    if not may_edit(person()):
        abort(403)
    options = load_table_options(resources(), person().workspace_id)
    typed = form_for_new(_first_cycle(options), request.args.get("page", ""))
    return _page(options, typed, _sketch(typed, wish_of(typed)))


@views.post("/preview")
def preview() -> tuple[str, int]:
    """The same page with the table as it would be; nothing is kept. A page that was not named yet is no fault."""
    options, typed = load_table_options(resources(), person().workspace_id), Form(request.form)
    wish, pages = _wish(typed)
    placed = _placed(typed, wish) if len(pages) == 1 else None
    sketch = _sketch(typed, wish)
    return _page(options, typed, sketch, placed, pages, status=200 if typed.is_good else 422)


@views.post("")
def add() -> Response | tuple[str, int]:
    options, typed = load_table_options(resources(), person().workspace_id), Form(request.form)
    typed.needs("page", gettext("Say which page: its address or its title."), MOST_PAGE)
    wish, pages = _wish(typed)
    if len(pages) > 1:
        typed.faults.setdefault("page", gettext("Several pages have this title. Choose one of them."))
    added = _added(typed, wish) if typed.is_good else None
    if added is None:
        return _page(options, typed, _sketch(typed, wish), None, pages, status=422)
    return done(_said(added), url_for("tables.show", table_id=added.table_id))


def _added(typed: Form, wish: TableWish) -> AddedTable | None:
    """None where it was refused; the form says why."""
    only_for_teams(wish.teams)
    try:
        return commands.add_table(resources(), person().workspace_id, wish, who=person().name)
    except WrongChoice as wrong:
        fault(typed, wrong)
    except NotPossible as refusal:
        typed.faults["page"] = said(refusal)
    return None


def _said(added: AddedTable) -> str:
    if not added.is_new:
        return gettext("The page had exactly this table already.")
    return gettext("It is written within seconds of reading Jira. This page says when.")


def _wish(typed: Form) -> tuple[TableWish, tuple[FoundPage, ...]]:
    """What is wished, with its page by its address, and the pages that may be meant."""
    wish = wish_of(typed)
    typed.at_most("page", MOST_PAGE)
    if not wish.page or typed.wrong("page"):
        return wish, ()
    try:
        pages = find_pages(resources(), person().workspace_id, wish.page)
    except NotPossible as refusal:
        typed.faults["page"] = said(refusal)
        return wish, ()
    meant = [each for each in pages if each.address == typed.typed("meant")] or pages
    if not pages:
        typed.faults["page"] = gettext("No page has exactly this title, or our account may not see it.")
    return replace(wish, page=meant[0].address if len(meant) == 1 else ""), tuple(meant)


def _sketch(typed: Form, wish: TableWish) -> Sketch | None:
    """None where no table can be so; the form says why."""
    if not wish.cycle_key or not typed.typed("cycle_key"):
        return None
    try:
        return sketch_table(resources(), person().workspace_id, wish)
    except WrongChoice as wrong:
        fault(typed, wrong)
        return None


def _placed(typed: Form, wish: TableWish) -> Preview | None:
    """Where it would stand; None where that cannot be told, and the form says why."""
    try:
        return preview_table(resources(), person().workspace_id, wish)
    except WrongChoice as wrong:
        fault(typed, wrong)
    except NotPossible as refusal:
        typed.faults["page"] = said(refusal)
    return None


def _first_cycle(options: TableOptions) -> str:
    """The one that was asked for, else the newest that is open."""
    wanted = request.args.get("cycle", "")
    if options.cycle(wanted):
        return wanted
    fallback = options.cycles[0].key if options.cycles else ""
    return next((each.key for each in options.cycles if each.is_open), fallback)


def _page(
    options: TableOptions,
    typed: Form,
    sketch: Sketch | None,
    placed: Preview | None = None,
    pages: tuple[FoundPage, ...] = (),
    *,
    status: int = 200,
) -> tuple[str, int]:
    return page(
        "tables/new.html", status, refresh_seconds=0, options=options, form=typed, sketch=sketch, placed=placed,
        pages=pages, cycle=options.cycle(typed.typed("cycle_key")), columns=column_fields(typed),
    )  # fmt: skip
