"""What is done about a table that stands: pause and resume, put back, stop keeping it."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from sync import commands
from web.language import gettext
from web.pages import done, page, person, resources
from web.table_access import open_table
from web.views.tables import ONE

views = Blueprint("table_acts", __name__, url_prefix=f"/tables{ONE}")


@views.post("/pause")
def pause(table_id: int) -> Response:
    open_table(table_id)
    commands.pause_table(resources(), person().workspace_id, table_id, who=person().name)
    return done(gettext("Paused. Nothing is written there until somebody resumes it."), _shown(table_id))


@views.post("/resume")
def resume(table_id: int) -> Response:
    open_table(table_id)
    commands.resume_table(resources(), person().workspace_id, table_id, who=person().name)
    return done(gettext("Resumed. The page is brought up to date within seconds."), _shown(table_id))


@views.post("/put-back")
def put_back(table_id: int) -> Response:
    open_table(table_id)
    commands.put_back_table(resources(), person().workspace_id, table_id, who=person().name)
    return done(gettext("It is put back within seconds. This page says when."), _shown(table_id))


@views.get("/remove")
def before_removing(table_id: int) -> tuple[str, int]:
    return page("tables/remove.html", refresh_seconds=0, table=open_table(table_id))


@views.post("/remove")
def remove(table_id: int) -> Response:
    open_table(table_id)
    title = commands.remove_table(resources(), person().workspace_id, table_id, who=person().name)
    message = gettext("The table in %(page)s is no longer kept. What stands in the page stays.") % {"page": title}
    return done(message, url_for("tables.list_"))


def _shown(table_id: int) -> str:
    return url_for("tables.show", table_id=table_id)
