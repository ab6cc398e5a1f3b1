"""The status page: how current everything is, what waits, and what an admin can do about it; and the log."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from sync.commands import running
from sync.queries.log import load_log
from sync.queries.status import load_status
from web.forms import Form
from web.language import gettext, ngettext
from web.numbers import LARGEST_NUMBER
from web.pages import done, page, person, resources

views = Blueprint("status", __name__, url_prefix="/status")

REFRESH_SECONDS = 3
# What a database's column for numbers holds; a larger one cannot be anybody's.
LONGEST_WORDS = 200


@views.get("")
def status() -> tuple[str, int]:
    on = resources()
    view = load_status(on, person().workspace_id, on.clock.now())
    return page("status/status.html", refresh_seconds=REFRESH_SECONDS, view=view)


@views.get("/log")
def log() -> tuple[str, int]:
    on = resources()
    form = Form(request.args)
    by, _, who = form.typed("who").partition(":")
    view = load_log(
        on,
        person().workspace_id,
        on.clock.now(),
        who=who if by == "person" else "",
        by=by if by in {"people", "service"} else "",
        words=form.stripped("words")[:LONGEST_WORDS],
        before=request.args.get("before", None, type=_number),
    )
    return page("status/log.html", refresh_seconds=0, view=view, form=form)


@views.post("/pause")
def pause() -> Response:
    running.pause_writing(resources(), person().workspace_id, person().name)
    return _done(gettext("All writing is paused. Jira is still read; no page is changed."))


@views.post("/resume")
def resume() -> Response:
    running.resume_writing(resources(), person().workspace_id, person().name)
    return _done(gettext("Writing goes on. What changed meanwhile is written now."))


@views.post("/check")
def check() -> Response:
    running.check_everything(resources(), person().workspace_id, person().name)
    return _done(gettext("A full check has begun. It reads everything that is linked once more."))


@views.post(f"/set-aside/<int(max={LARGEST_NUMBER}):work_id>")
def try_again(work_id: int) -> Response:
    found = running.try_again(resources(), person().workspace_id, work_id, person().name)
    return _done(gettext("It is tried again now.") if found else gettext("It is no longer set aside."))


@views.post("/set-aside")
def try_all_again() -> Response:
    found = running.try_all_again(resources(), person().workspace_id, person().name)
    many = ngettext("One thing is tried again now.", "{n} things are tried again now.", found)
    return _done(many.format(n=found) if found else gettext("Nothing is set aside any more."))


def _number(text: str) -> int:
    """Of a line of the log. ValueError for what cannot be one."""
    number = int(text)
    if not 0 < number <= LARGEST_NUMBER:
        raise ValueError(text)
    return number


def _done(message: str) -> Response:
    return done(message, url_for("status.status"))
