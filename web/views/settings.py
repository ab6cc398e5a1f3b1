"""What holds for the whole workspace: for admins."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from sync.commands import workspace as commands
from sync.queries.workspace import load_workspace
from web.access import Answer
from web.forms import Form
from web.language import gettext
from web.pages import done, page, person, resources

views = Blueprint("settings", __name__, url_prefix="/settings")


@views.get("")
def show() -> Answer:
    view = load_workspace(resources(), person().workspace_id)
    return _page(Form({"name": view.name, "open": "yes" if view.open_to_readers else "", "seen": _seen()}))


@views.post("")
def save() -> Answer:
    form = Form(request.form)
    form.needs("name", gettext("Enter a name, such as that of the company."), most=commands.LONGEST_NAME)
    if not form.is_good:
        return _page(form, 422)
    if form.typed("seen") != _seen():
        form.refused = gettext("Somebody else changed this meanwhile.")
        return _page(form, 409)
    on, me = resources(), person()
    commands.rename_workspace(on, me.workspace_id, form.stripped("name"), me.name)
    commands.open_reading(on, me.workspace_id, form.typed("open") == "yes", me.name)
    return done(gettext("Saved."), url_for("settings.show"))


def _seen() -> str:
    """What two admins would take from each other."""
    view = load_workspace(resources(), person().workspace_id)
    return f"{'open' if view.open_to_readers else 'closed'} {view.name}"


def _page(form: Form, status: int = 200) -> tuple[str, int]:
    view = load_workspace(resources(), person().workspace_id)
    return page("settings/settings.html", status=status, refresh_seconds=0, form=form, view=view, seen=_seen())
