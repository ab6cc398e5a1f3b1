"""The first set-up: where it goes on, what may be left for later, and its end."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from sync.commands import NotPossible
from sync.commands.set_up import leave_out_step
from sync.queries.set_up import MAY_BE_LEFT_OUT, SetUp, Step, load_set_up
from sync.queries.status import load_status
from web.pages import page, person, resources

views = Blueprint("set_up", __name__, url_prefix="/set-up")

# The view of each step.
ADDRESSES = {
    Step.SITE: "set_up_site.show",
    Step.EVENTS: "set_up_events.show",
    Step.OKRS: "set_up_okrs.show",
    Step.EPIC: "set_up_epic.show",
    Step.PAGE: "set_up_page.show",
}


@views.get("")
def go_on() -> Response:
    """To the first step that is open; to the end where none is."""
    return redirect(address_of(state().next))


@views.get("/done")
def done() -> tuple[str, int]:
    on = resources()
    status = load_status(on, person().workspace_id, on.clock.now())
    return page("set_up/done.html", refresh_seconds=2, set_up=state(), step=None, tables=status.tables)


@views.post("/leave-out/<step>")
def leave_out(step: str) -> Response:
    try:
        leave_out_step(resources(), person().workspace_id, step, who=person().name)
    except NotPossible:
        abort(404)
    return redirect(address_of(state().after(Step(step))), 303)


def state() -> SetUp:
    """How far it has come."""
    return load_set_up(resources(), person().workspace_id)


def step_page(
    step: Step, template: str, status: int = 200, refresh_seconds: int = 0, **values: object
) -> tuple[str, int]:
    """The page of one step; it goes on to the next one that is open."""
    set_up = state()
    return page(
        template, status, refresh_seconds, set_up=set_up, step=step, steps=tuple(Step), addresses=ADDRESSES,
        onward=address_of(set_up.after(step)), may_wait=step in MAY_BE_LEFT_OUT and step not in set_up.done, **values,
    )  # fmt: skip


def address_of(step: Step | None) -> str:
    """Of the page of a step; of the end where there is none."""
    return url_for("set_up.done" if step is None else ADDRESSES[step])
