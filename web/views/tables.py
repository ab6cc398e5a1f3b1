"""The tables in Confluence pages: how each stands, what people typed in it, and what to do about that."""

from __future__ import annotations

import re

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from sync import commands
from sync.queries.advice import advise
from sync.queries.status import load_status
from sync.queries.table import TableView, load_table_view
from web.access import safe_next
from web.language import gettext, ngettext
from web.numbers import LARGEST_NUMBER
from web.pages import done, page, person, resources
from web.rights import only_for_key_results
from web.table_access import open_table

views = Blueprint("tables", __name__, url_prefix="/tables")

REFRESH_SECONDS = 5
# What a database's column for numbers holds; a larger one cannot be anybody's.
_FIELD = re.compile(r"(\S{1,40}) (\S{1,40}) ([0-9]{1,9})")
ONE = f"/<int(max={LARGEST_NUMBER}):table_id>"


@views.get("")
def list_() -> tuple[str, int]:
    on = resources()
    view = load_status(on, person().workspace_id, on.clock.now())
    return page("tables/list.html", refresh_seconds=REFRESH_SECONDS, view=view)


@views.get(ONE)
def show(table_id: int) -> tuple[str, int]:
    view = _view(table_id)
    advice = advise(resources(), view.chosen)
    return page("tables/table.html", refresh_seconds=REFRESH_SECONDS, view=view, advice=advice)


@views.post(f"{ONE}/write")
def write(table_id: int) -> Response:
    open_table(table_id)
    commands.write_table(resources(), person().workspace_id, table_id, who=person().name)
    return done(
        gettext("It is written within seconds, unless something stands in the way. This page says it then."),
        url_for("tables.show", table_id=table_id),
    )


@views.post(f"{ONE}/take")
def take(table_id: int) -> Response:
    _view(table_id)
    seen = _seen_by_editor()
    taken = commands.take_typed(resources(), person().workspace_id, table_id, seen, who=person().name, seen=seen)
    text = ngettext("1 text is now a check-in.", "{n} texts are check-ins now.", taken)
    return done(text.format(n=taken), _back(table_id))


@views.post(f"{ONE}/give-up")
def give_up(table_id: int) -> Response:
    _view(table_id)
    seen = _seen_by_editor()
    given = commands.give_up_typed(resources(), person().workspace_id, table_id, seen, who=person().name, seen=seen)
    text = ngettext(
        "1 text is given up. The table says again what is known.",
        "{n} texts are given up. The table says again what is known.",
        given,
    )
    return done(text.format(n=given), _back(table_id))


def _view(table_id: int) -> TableView:
    view = load_table_view(resources(), person().workspace_id, table_id, resources().clock.now())
    if view is None:
        abort(404)
    return view


def _seen_by_editor() -> dict[tuple[str, str], int]:
    """As ``_seen``; only for whoever may check in for all of these key results, whatever else the table shows."""
    seen = _seen()
    only_for_key_results(*(key for key, _ in seen))
    return seen


def _seen() -> dict[tuple[str, str], int]:
    """Each text is named by its key result, its column and its version; never all of them by leaving the names out, and
    never one that was typed while the person was looking at another."""
    named = [_FIELD.fullmatch(field) for field in request.form.getlist("field")]
    found = {(each[1], each[2]): int(each[3]) for each in named if each is not None}
    if not named or None in named:
        abort(400)
    return found


def _back(table_id: int) -> str:
    """To where the button stood: the table's page, or the check-in form."""
    return safe_next(request.form.get("back", url_for("tables.show", table_id=table_id)))
