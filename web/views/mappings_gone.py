"""Links whose epic Jira no longer shows us."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from sync.commands.gone_links import look_for_gone
from sync.queries.mappings import load_gone
from web.language import gettext, ngettext
from web.numbers import page_number
from web.pages import done, page, person, resources
from web.views.mappings import tally_is

views = Blueprint("mapping_gone", __name__, url_prefix="/mappings/gone")

REFRESH_SECONDS = 5


@views.get("")
def gone() -> tuple[str, int]:
    view = load_gone(resources(), person().workspace_id, page_number())
    tally_is(view.tally)
    return page("mappings/gone.html", refresh_seconds=REFRESH_SECONDS, view=view)


@views.app_template_global()
def gone_address(number: int) -> str:
    """Another page of what is gone."""
    return url_for("mapping_gone.gone", page=number)


@views.post("/look-again")
def look_again() -> Response:
    number = look_for_gone(resources(), person().workspace_id, who=person().name)
    if not number:
        return done(gettext("Nothing that is linked is gone."), url_for("mapping_gone.gone"))
    text = ngettext("%(n)s epic is looked for again now. If it is back, it leaves this list.",
                    "%(n)s epics are looked for again now. Those that are back leave this list.", number)  # fmt: skip
    return done(text % {"n": number}, url_for("mapping_gone.gone"))
