"""Objectives: one of them to be read, and the forms to write and change it."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mapping.okr import Objective, Stage
from mapping.practice import Hint, Limits, many_objectives
from sync.commands import NotPossible
from sync.commands.objectives import add_objective, change_objective, delete_objective
from sync.commands.okr_refusals import ChangedMeanwhile
from sync.queries.objective import load_objective
from sync.queries.okr_forms import ObjectiveForm, OkrChoices, load_choices, load_objective_form
from web.changed_meanwhile import Difference, differences
from web.forms import Form
from web.language import gettext, said
from web.objective_fields import read_objective, typed_of_objective
from web.pages import done, page, person, resources
from web.refused import tell_refusal
from web.rights import may_edit, may_edit_team, only_for_objectives, only_for_team

views = Blueprint("objectives", __name__)

Answer = Response | tuple[str, int]


@views.get("/objectives/<key>")
def show(key: str) -> Answer:
    on = resources()
    view = load_objective(on, person().workspace_id, key, on.clock.now())
    if view is None:
        abort(404)
    return page("okrs/objective.html", view=view)


@views.get("/objectives/new")
def new() -> Answer:
    choices = _choices_for_writing()
    keys = [each.key for each in choices.cycles]
    cycle_key = request.args.get("cycle", "") if request.args.get("cycle", "") in keys else keys[0]
    typed = {
        "cycle_key": cycle_key,
        "position": str(choices.next_position(cycle_key)),
        "team": request.args.get("team", "")[:100] or next(iter(person().teams), ""),
        "stage": str(Stage.DRAFT),
        "weight": "1",
    }
    return _page(Form(typed), choices)


@views.post("/objectives/new")
def create() -> Answer:
    choices = _choices_for_writing()
    typed = Form(request.form)
    if typed.typed("look"):
        return _page(typed, choices)
    key = typed.stripped("key").upper() or choices.next_objective_key(typed.stripped("team"))
    objective = read_objective(typed, key, Stage.DRAFT)
    if objective is None or not _may_be_of(typed, objective):
        return _page(typed, choices, status=422)
    try:
        key = add_objective(resources(), person().workspace_id, objective, who=person().name)
    except NotPossible as refusal:
        tell_refusal(typed, refusal)
        return _page(typed, choices, status=422)
    text = gettext("{key} is written. By what would one notice that it is reached?").format(key=key)
    return done(text, url_for("key_results.new", objective=key))


@views.get("/objectives/<key>/edit")
def edit(key: str) -> Answer:
    known = _known(key)
    return _page(Form({**typed_of_objective(known.objective), "seen": known.seen}), known.choices, known)


@views.post("/objectives/<key>/edit")
def change(key: str) -> Answer:
    known = _known(key)
    typed = Form(request.form)
    if typed.typed("look"):
        return _page(typed, known.choices, known)
    objective = read_objective(typed, key, known.objective.stage)
    if objective is None or not _may_be_of(typed, objective):
        return _page(typed, known.choices, known, status=422)
    try:
        changed = _change(typed, objective)
    except ChangedMeanwhile as refusal:
        typed.refused = said(refusal)
        told = differences(typed, typed_of_objective(known.objective))
        typed.values = MultiDict({**typed.values, "seen": known.seen})
        return _page(typed, known.choices, known, told, status=422)
    except NotPossible as refusal:
        tell_refusal(typed, refusal)
        return _page(typed, known.choices, known, status=422)
    return done(gettext("Saved.") if changed else gettext("Nothing was changed."), _own_page(key))


@views.post("/objectives/<key>/delete")
def delete(key: str) -> Answer:
    known = _known(key)
    delete_objective(resources(), person().workspace_id, key, who=person().name)
    text = gettext("The draft {key} is deleted.").format(key=key)
    return done(text, url_for("board.of_cycle", key=known.objective.cycle_key))


def _change(typed: Form, objective: Objective) -> bool:
    return change_objective(
        resources(),
        person().workspace_id,
        objective,
        seen=typed.typed("seen"),
        reason=typed.stripped("reason")[:1000],
        who=person().name,
    )


def _choices_for_writing() -> OkrChoices:
    """Without a cycle there is nothing to write an objective for."""
    if not may_edit(person()):
        abort(403)
    choices = load_choices(resources(), person().workspace_id)
    if not choices.cycles:
        raise NotPossible("There is no cycle yet. Make one first, such as the present quarter.")
    return choices


def _known(key: str) -> ObjectiveForm:
    found = load_objective_form(resources(), person().workspace_id, key)
    if found is None:
        abort(404)
    only_for_objectives(key)
    return found


def _may_be_of(typed: Form, objective: Objective) -> bool:
    if not may_edit_team(person(), objective.team):
        typed.faults["team"] = gettext("You may write for these teams: {teams}.").format(
            teams=", ".join(person().teams)
        )
    if typed.is_good:
        only_for_team(objective.team)
    return typed.is_good


def _page(
    typed: Form,
    choices: OkrChoices,
    known: ObjectiveForm | None = None,
    told: tuple[Difference, ...] = (),
    *,
    status: int = 200,
) -> tuple[str, int]:
    return page(
        "okrs/objective_form.html",
        status,
        refresh_seconds=0,
        form=typed,
        choices=choices,
        known=known,
        differences=told,
        next_key=choices.next_objective_key(typed.stripped("team")),
        hints=_hints(typed, choices, known),
    )


def _hints(typed: Form, choices: OkrChoices, known: ObjectiveForm | None) -> tuple[Hint, ...]:
    team, cycle = typed.stripped("team"), typed.typed("cycle_key")
    own_key = known.objective.key if known else ""
    others = sum((each.team, each.cycle_key) == (team, cycle) and each.key != own_key for each in choices.objectives)
    limits = Limits()
    return (many_objectives(team, others + 1, limits),) if team and others >= limits.objectives_per_team else ()


def _own_page(key: str) -> str:
    return url_for("objectives.show", key=key)


@views.app_template_global()
def asked(hint: Hint) -> str:
    """What a coach would ask, in the reader's language."""
    return gettext(hint.text).format(**hint.values)
