"""The three piles of epics: undecided, to be done anyway, serving a key result."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from sync.commands.epic_choices import just_do_it, undecide
from sync.commands.known_epics import look_for_epics
from sync.queries.piles import load_piles
from web.language import gettext, ngettext
from web.numbers import page_number
from web.pages import done, page, person, resources
from web.views.mappings import tally_is

views = Blueprint("mapping_epics", __name__, url_prefix="/mappings/epics")


@views.get("")
def epics() -> tuple[str, int]:
    view = load_piles(resources(), person().workspace_id, page_number())
    tally_is(view.tally)
    return page("mappings/epics.html", view=view)


@views.app_template_global()
def epics_address(number: int) -> str:
    """Another page of all three piles."""
    return url_for("mapping_epics.epics", page=number)


@views.post("/look-again")
def look_again() -> Response:
    report = look_for_epics(resources(), person().workspace_id, who=person().name)
    text = ngettext("%(n)s open epic is there.", "%(n)s open epics are there.", report.epics) % {"n": report.epics}
    if not report.all_of_them:
        more = gettext("There are more: only the latest changed ones are shown.")
        text = f"{text} {more}"
    return done(text, url_for("mapping_epics.epics"))


@views.post("/just-do-it")
def do_it() -> Response:
    key = just_do_it(resources(), person().workspace_id, request.form.get("epic", ""), who=person().name)
    return done(gettext("%(epic)s is on the pile “Just do it”.") % {"epic": key}, _back())


@views.post("/undecided")
def undecided() -> Response:
    undecide(resources(), person().workspace_id, request.form.get("epic", ""), who=person().name)
    return done(gettext("It is undecided again."), _back())


def _back() -> str:
    return url_for("mapping_epics.epics", page=page_number() if page_number() > 1 else None)
