"""The status page: how current everything is, what waits, and what an admin can do about it."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from sync.commands import running
from sync.queries.status import load_status
from web.pages import done, page, person, resources

views = Blueprint("status", __name__, url_prefix="/status")

REFRESH_SECONDS = 3
# What a database's column for numbers holds; a larger one cannot be anybody's.
LARGEST_NUMBER = 2**63 - 1


@views.get("")
def status() -> tuple[str, int]:
    on = resources()
    view = load_status(on, person().workspace_id, on.clock.now())
    return page("status/status.html", refresh_seconds=REFRESH_SECONDS, view=view)


@views.post("/pause")
def pause() -> Response:
    running.pause_writing(resources(), person().workspace_id, person().name)
    return done("All writing is paused. Jira is still read; no page is changed.", url_for("status.status"))


@views.post("/resume")
def resume() -> Response:
    running.resume_writing(resources(), person().workspace_id, person().name)
    return done("Writing goes on. What changed meanwhile is written now.", url_for("status.status"))


@views.post("/check")
def check() -> Response:
    running.check_everything(resources(), person().workspace_id, person().name)
    return done("A full check has begun. It reads everything that is linked once more.", url_for("status.status"))


@views.post(f"/set-aside/<int(max={LARGEST_NUMBER}):work_id>")
def try_again(work_id: int) -> Response:
    found = running.try_again(resources(), person().workspace_id, work_id, person().name)
    return done("It is tried again now." if found else "It is no longer set aside.", url_for("status.status"))
