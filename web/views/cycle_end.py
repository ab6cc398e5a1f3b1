"""The end of a cycle: taking what is unfinished into another, and grading its objectives."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from mapping import written
from sync.commands import NotPossible
from sync.commands.carrying_over import carry_over, is_unfinished
from sync.commands.grading import grade_objectives, may_be_graded
from sync.queries.board import BoardView, load_board
from web.forms import Form
from web.language import gettext, ngettext, said
from web.pages import done, page, person, resources
from web.rights import may_edit, may_edit_team, only_for_objectives
from web.typed_values import words

views = Blueprint("cycle_end", __name__)

Answer = Response | tuple[str, int]
MOST_SENTENCE = 300


@views.get("/cycles/<key>/carry-over")
def ask_to_carry_over(key: str) -> Answer:
    view = _cycle(key)
    return _carry_page(view, Form({"to": next((c.key for c in view.cycles if c.key != key), "")}), is_first=True)


@views.post("/cycles/<key>/carry-over")
def carry(key: str) -> Answer:
    view = _cycle(key)
    typed = Form(request.form)
    chosen = set(typed.many("objective"))
    only_for_objectives(*chosen)
    if not chosen & {figure.objective.key for figure in view.figure.objectives}:
        typed.faults["objective"] = gettext("Tick at least one objective.")
        return _carry_page(view, typed, status=422)
    to = typed.typed("to")
    try:
        carried = carry_over(resources(), person().workspace_id, key, to, chosen, who=person().name)
    except NotPossible as refusal:
        typed.faults["to"] = said(refusal)
        return _carry_page(view, typed, status=422)
    text = ngettext(
        "{n} objective is there now as a draft.", "{n} objectives are there now as drafts.", carried.written
    )
    return done(text.format(n=carried.written), url_for("board.of_cycle", key=to))


@views.get("/cycles/<key>/grade")
def ask_to_grade(key: str) -> Answer:
    view = _cycle(key)
    return _grade_page(view, Form({f"why-{each}": grade.why for each, grade in view.grades.items()}))


@views.post("/cycles/<key>/grade")
def grade(key: str) -> Answer:
    view = _cycle(key)
    typed = Form(request.form)
    own = [each.objective for each in view.figure.objectives if may_edit_team(person(), each.objective.team)]
    sentences = {each.key: words(typed, f"why-{each.key}", MOST_SENTENCE) for each in own}
    given = {key: why for key, why in sentences.items() if why}
    if typed.is_good and not given:
        typed.refused = gettext("Nothing was written, so nothing was graded. One sentence for one objective is enough.")
    if typed.is_good:
        only_for_objectives(*given)
        try:
            number = grade_objectives(resources(), person().workspace_id, key, given, who=person().name)
        except NotPossible as refusal:
            typed.refused = said(refusal)
        else:
            text = ngettext("{n} objective is graded.", "{n} objectives are graded.", number).format(n=number)
            return done(text, url_for("board.of_cycle", key=key))
    return _grade_page(view, typed, 422)


def _cycle(key: str) -> BoardView:
    """For those who may write something; 404 where there is no such cycle."""
    if not may_edit(person()):
        abort(403)
    on = resources()
    view = load_board(on, person().workspace_id, on.clock.now(), cycle_key=key, team="", only_attention=False)
    if view is None:
        abort(404)
    return view


def _carry_page(view: BoardView, typed: Form, status: int = 200, *, is_first: bool = False) -> tuple[str, int]:
    unfinished = [
        each for each in view.figure.objectives if is_unfinished(each) and may_edit_team(person(), each.objective.team)
    ]
    chosen = {each.objective.key for each in unfinished} if is_first else set(typed.many("objective"))
    return page(
        "okrs/carry_over.html", status, refresh_seconds=0, view=view, form=typed, unfinished=unfinished, chosen=chosen
    )


def _grade_page(view: BoardView, typed: Form, status: int = 200) -> tuple[str, int]:
    may = may_be_graded(view.figure.cycle, resources().clock.now())
    own = [each for each in view.figure.objectives if may_edit_team(person(), each.objective.team)]
    return page("okrs/grade.html", status, refresh_seconds=0, view=view, form=typed, own=own, may_be_graded=may)


@views.app_template_filter()
def score(exact: str) -> str:
    """A score as it is kept, as people read it: 72 %."""
    return written.percent(Fraction(exact))
