"""Choosing anew for a table: what the next write would change, and how the table would look, before it is saved."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from connector.store.tables import PageTable
from sync import commands
from sync.commands import NotPossible, TableChange
from sync.commands.table_changes import ChangedSince, choices_seen, differing
from sync.commands.table_choices import WrongChoice
from sync.preview import Sketch, sketch_kept_table
from sync.queries.next_write import NextWrite, load_next_write
from sync.queries.table import load_table_view
from sync.queries.table_options import load_table_options
from web.forms import Form
from web.language import gettext, said
from web.pages import done, page, person, resources
from web.rights import only_for_teams
from web.table_access import open_table
from web.table_form import change_of, column_fields, fault, form_for
from web.views.tables import ONE

views = Blueprint("table_edit", __name__, url_prefix=f"/tables{ONE}/edit")


@views.get("")
def form(table_id: int) -> tuple[str, int]:
    """Opens at once, however slow Confluence is; the comparison with its page is asked for by itself."""
    table = open_table(table_id)
    return _page(table, _opened(table), sketch=sketch_kept_table(resources(), table))


@views.post("/preview")
def preview(table_id: int) -> tuple[str, int]:
    """The same page with what the next write would change; nothing is kept."""
    table, typed = open_table(table_id), Form(request.form)
    change = change_of(typed)
    return _page(table, typed, change if typed.is_good else None, status=200 if typed.is_good else 422)


@views.post("")
def save(table_id: int) -> Response | tuple[str, int]:
    table, typed = open_table(table_id), Form(request.form)
    change = change_of(typed)
    only_for_teams(change.teams or ())
    if not typed.is_good:
        return _page(table, typed, status=422)
    try:
        return _saved(table, change, typed.typed("seen"))
    except ChangedSince:
        table = open_table(table_id)
        return _page(table, _as_seen_now(typed, table), change, changed_since=True, status=422)
    except WrongChoice as wrong:
        fault(typed, wrong)
    except NotPossible as refusal:
        typed.refused = said(refusal)
    return _page(table, typed, status=422)


def _saved(table: PageTable, change: TableChange, seen: str) -> Response:
    on, workspace_id = resources(), person().workspace_id
    saved = commands.change_table(on, workspace_id, table.id, change, who=person().name, seen=seen)
    message = gettext("Saved. The page is written within seconds, unless something stands in the way.")
    return done(
        message if saved.changed else gettext("Nothing was changed."), url_for("tables.show", table_id=table.id)
    )


def _opened(table: PageTable) -> Form:
    return _as_seen_now(form_for(table), table)


def _as_seen_now(form: Form, table: PageTable) -> Form:
    """So that the next attempt to save it is made knowingly."""
    values = MultiDict(form.values)
    values["seen"] = choices_seen(table)
    return Form(values, form.faults, form.refused)


def _next_write(table: PageTable, typed: Form, change: TableChange | None) -> NextWrite | None:
    """None where no table can be so; the form says why."""
    if change is None:
        return None
    try:
        return load_next_write(resources(), person().workspace_id, table.id, change)
    except WrongChoice as wrong:
        fault(typed, wrong)
        return None


def _page(
    table: PageTable,
    typed: Form,
    change: TableChange | None = None,
    *,
    sketch: Sketch | None = None,
    changed_since: bool = False,
    status: int = 200,
) -> tuple[str, int]:
    view = load_table_view(resources(), person().workspace_id, table.id, resources().clock.now())
    if view is None:
        abort(404)
    coming = _next_write(table, typed, change)
    options = load_table_options(resources(), person().workspace_id)
    return page(
        "tables/edit.html", status, refresh_seconds=0, view=view, form=typed, coming=coming, options=options,
        cycle=options.cycle(table.cycle_key), columns=column_fields(typed), sketch=coming.sketch if coming else sketch,
        theirs=differing(table, coming.chosen) if changed_since and coming else (),
        changed_since=changed_since, mine=coming.chosen if coming else table,
    )  # fmt: skip
