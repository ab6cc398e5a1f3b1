"""Cycles: making and changing them, taking what is unfinished into the next, grading at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mapping.okr import Cycle, CycleState
from sync.commands import NotPossible
from sync.commands.cycles import add_cycle, change_cycle
from sync.commands.okr_refusals import ChangedMeanwhile
from sync.queries.okr_forms import load_choices, load_cycle_to_change, propose_cycle
from web.changed_meanwhile import differences
from web.cycle_fields import read_cycle, typed_of_cycle
from web.forms import Form
from web.language import gettext, said
from web.pages import done, page, person, resources
from web.refused import tell_refusal
from web.rights import only_for_team

views = Blueprint("cycles", __name__)

Answer = Response | tuple[str, int]
# A cycle belongs to every team.
EVERYBODY = ""


@views.get("/cycles/new")
def new() -> Answer:
    only_for_team(EVERYBODY)
    proposed = propose_cycle(load_choices(resources(), person().workspace_id).cycles, resources().clock.now())
    typed = typed_of_cycle(proposed) if proposed else {"state": str(CycleState.PLANNED)}
    return _page(Form(typed), None)


@views.post("/cycles/new")
def create() -> Answer:
    only_for_team(EVERYBODY)
    typed = Form(request.form)
    cycle = read_cycle(typed)
    if cycle is None:
        return _page(typed, None, 422)
    try:
        add_cycle(resources(), person().workspace_id, cycle, who=person().name)
    except NotPossible as refusal:
        tell_refusal(typed, refusal)
        return _page(typed, None, 422)
    return done(gettext("{name} is there. Write its first objective.").format(name=cycle.name), _board(cycle.key))


@views.get("/cycles/<key>/edit")
def edit(key: str) -> Answer:
    only_for_team(EVERYBODY)
    cycle, seen = _known(key)
    return _page(Form({**typed_of_cycle(cycle), "seen": seen}), cycle)


@views.post("/cycles/<key>/edit")
def change(key: str) -> Answer:
    only_for_team(EVERYBODY)
    known, _ = _known(key)
    typed = Form(request.form)
    cycle = read_cycle(typed, key)
    if cycle is None:
        return _page(typed, known, 422)
    try:
        seen = typed.typed("seen")
        changed = change_cycle(resources(), person().workspace_id, cycle, seen=seen, who=person().name)
    except ChangedMeanwhile as refusal:
        return _seen_anew(typed, key, refusal)
    except NotPossible as refusal:
        tell_refusal(typed, refusal)
        return _page(typed, known, 422)
    return done(gettext("Saved.") if changed else gettext("Nothing was changed."), _board(key))


def _seen_anew(typed: Form, key: str, refusal: NotPossible) -> Answer:
    known, seen = _known(key)
    typed.refused = said(refusal)
    now: Mapping[str, str] = typed_of_cycle(known)
    told = differences(typed, now)
    typed.values = MultiDict({**typed.values, "seen": seen})
    return _page(typed, known, 422, told)


def _known(key: str) -> tuple[Cycle, str]:
    found = load_cycle_to_change(resources(), person().workspace_id, key)
    if found is None:
        abort(404)
    return found


def _page(typed: Form, cycle: Cycle | None, status: int = 200, told: object = ()) -> tuple[str, int]:
    return page("okrs/cycle.html", status, refresh_seconds=0, form=typed, cycle=cycle, differences=told)


def _board(key: str) -> str:
    return url_for("board.of_cycle", key=key)


@views.app_template_global()
def cycle_options(cycles: Iterable[Cycle]) -> list[tuple[str, str]]:
    """What a field in which a cycle is chosen offers."""
    return [(each.key, each.name) for each in cycles]
