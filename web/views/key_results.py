"""The forms in which key results are written, changed, dropped and deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mapping.okr import KeyResult, Kind, Source
from mapping.practice import Hint, Limits, draft_hints
from sync.commands import NotPossible
from sync.commands.key_results import (
    add_key_result,
    change_key_result,
    delete_key_result,
    drop_key_result,
    take_up_key_result,
)
from sync.commands.okr_refusals import ChangedMeanwhile
from sync.queries.okr_forms import KeyResultForm, load_key_result_form
from sync.queries.query_check import QueryCheck, check_query
from web.changed_meanwhile import Difference, differences
from web.forms import Form
from web.key_result_fields import new_key_result_typed, read_key_result, typed_of_key_result
from web.key_result_rows import day_rows, step_rows
from web.language import gettext, said
from web.objective_fields import MOST_TITLE
from web.pages import done, page, person, resources
from web.refused import tell_refusal
from web.rights import only_for_key_results, only_for_objectives
from web.texts_asked import why_not_asked

views = Blueprint("key_results", __name__)

Answer = Response | tuple[str, int]
MOST_REASON = 1000
TAKE_UP = "take_up"
_FIELDS = {"steps": "step_title", "why": "reason"}


@dataclass(frozen=True, slots=True)
class Opened:
    """The form, and what Jira says of the query in it."""

    form: Form
    known: KeyResultForm
    query: QueryCheck | None = None
    told: tuple[Difference, ...] = ()


@views.get("/kr/new")
def new() -> Answer:
    known = _below(request.args.get("objective", ""))
    return _page(Opened(Form(new_key_result_typed(known.next_position)), known))


@views.post("/kr/new")
def create() -> Answer:
    typed = Form(request.form)
    known = _below(typed.typed("objective") or request.args.get("objective", ""))
    if typed.typed("look"):
        return _look(typed, known)
    key = typed.stripped("key").upper() or known.next_key
    made = read_key_result(typed, key, known.objective.key)
    query = _checked_query(typed, known)
    if made is None or not typed.is_good:
        return _page(Opened(typed, known, query), 422)
    try:
        key = add_key_result(resources(), person().workspace_id, made, who=person().name)
    except NotPossible as refusal:
        tell_refusal(typed, refusal, _FIELDS)
        return _page(Opened(typed, known, query), 422)
    return done(gettext("{key} is written.").format(key=key), _own_page(key))


@views.get("/kr/<key>/edit")
def edit(key: str) -> Answer:
    known, key_result = _known(key)
    typed = typed_of_key_result(key_result)
    typed["seen"] = known.seen
    return _page(Opened(Form(typed), known))


@views.post("/kr/<key>/edit")
def change(key: str) -> Answer:
    known, key_result = _known(key)
    typed = Form(request.form)
    if typed.typed("look"):
        return _look(typed, known)
    made = read_key_result(typed, key, known.objective.key)
    query = _checked_query(typed, known)
    if made is None or not typed.is_good:
        return _page(Opened(typed, known, query), 422)
    made = replace(made, dropped_on=key_result.dropped_on, dropped_why=key_result.dropped_why)
    try:
        changed = _change(typed, made)
    except ChangedMeanwhile as refusal:
        return _page(_seen_anew(typed, known, key_result, refusal), 422)
    except NotPossible as refusal:
        tell_refusal(typed, refusal, _FIELDS)
        return _page(Opened(typed, known, query), 422)
    return done(gettext("Saved.") if changed else gettext("Nothing was changed."), _own_page(key))


@views.get("/kr/<key>/drop")
def ask_to_drop(key: str) -> Answer:
    known, _ = _known(key)
    return _drop_page(Form(), known)


@views.post("/kr/<key>/drop")
def drop(key: str) -> Answer:
    known, _ = _known(key)
    typed = Form(request.form)
    typed.at_most("reason", MOST_REASON)
    # What its button said, not the opposite of what is: the same form sent twice takes nothing back.
    is_back = typed.typed("does") == TAKE_UP
    act = take_up_key_result if is_back else drop_key_result
    if typed.is_good:
        try:
            act(resources(), person().workspace_id, key, why=typed.stripped("reason"), who=person().name)
        except NotPossible as refusal:
            tell_refusal(typed, refusal, _FIELDS)
    if not typed.is_good:
        return _drop_page(typed, known, 422)
    text = gettext("{key} counts again.") if is_back else gettext("{key} is dropped. What was said stays.")
    return done(text.format(key=key), _own_page(key))


@views.post("/kr/<key>/delete")
def delete(key: str) -> Answer:
    known, _ = _known(key)
    delete_key_result(resources(), person().workspace_id, key, who=person().name)
    text = gettext("The draft {key} is deleted.").format(key=key)
    return done(text, url_for("objectives.show", key=known.objective.key))


def _change(typed: Form, made: KeyResult) -> bool:
    return change_key_result(
        resources(),
        person().workspace_id,
        made,
        seen=typed.typed("seen"),
        reason=typed.stripped("reason")[:MOST_REASON],
        who=person().name,
    )


def _seen_anew(typed: Form, known: KeyResultForm, kept: KeyResult, refusal: NotPossible) -> Opened:
    typed.refused = said(refusal)
    told = differences(
        typed, {name: value for name, value in typed_of_key_result(kept).items() if name in typed.values}
    )
    values = MultiDict(request.form)
    values["seen"] = known.seen
    typed.values = values
    return Opened(typed, known, None, told)


def _below(objective_key: str) -> KeyResultForm:
    return _allowed(load_key_result_form(resources(), person().workspace_id, objective_key=objective_key))


def _known(key: str) -> tuple[KeyResultForm, KeyResult]:
    known = _allowed(load_key_result_form(resources(), person().workspace_id, key=key) if key else None)
    if known.key_result is None:
        abort(404)
    only_for_key_results(key)
    return known, known.key_result


def _allowed(known: KeyResultForm | None) -> KeyResultForm:
    if known is None:
        abort(404)
    only_for_objectives(known.objective.key)
    return known


def _look(typed: Form, known: KeyResultForm) -> tuple[str, int]:
    """The page as it would be, with nothing saved and nothing called wrong while somebody still types."""
    return _page(Opened(typed, known, _checked_query(typed, known)))


def _checked_query(typed: Form, known: KeyResultForm) -> QueryCheck | None:
    """What Jira says of the query; asked again only where it is another than the one that was asked for last."""
    jql = typed.stripped("jql")
    if typed.typed("source") != Source.JQL or typed.typed("kind") not in {"metric", "threshold"} or not jql:
        return None
    kept = known.key_result.jql if known.key_result else None
    refused = why_not_asked(jql) if kept is None or kept.jql != jql else ""
    if refused:
        typed.faults["jql"] = refused
        return None
    found = typed.typed("asked_found")
    if typed.typed("asked") == jql and found.isascii() and found.isdigit() and len(found) <= 9:
        return QueryCheck(typed.typed("asked_site"), int(found))
    checked = check_query(resources(), person().workspace_id, jql)
    if checked is not None and checked.is_refused:
        typed.faults["jql"] = gettext("Jira does not understand it: {why}").format(why=checked.trouble)
    return checked


def _hints(opened: Opened) -> tuple[Hint, ...]:
    """About what can be understood of it so far; without a baseline, that is what is asked for."""
    kept, typed = opened.known.key_result, Form(opened.form.values)
    key, objective_key = kept.key if kept else opened.known.next_key, opened.known.objective.key
    title = typed.stripped("title")[:MOST_TITLE]
    if not title:
        return ()
    begun = KeyResult(key, objective_key, title, Kind.TO_MEASURE, owner=typed.stripped("owner"))
    return draft_hints(read_key_result(typed, key, objective_key) or begun, opened.known.siblings, Limits())


def _page(opened: Opened, status: int = 200) -> tuple[str, int]:
    return page(
        "okrs/key_result_form.html",
        status,
        refresh_seconds=0,
        form=opened.form,
        known=opened.known,
        query=opened.query,
        differences=opened.told,
        steps=step_rows(opened.form),
        days=day_rows(opened.form),
        hints=_hints(opened),
    )


def _drop_page(typed: Form, known: KeyResultForm, status: int = 200) -> tuple[str, int]:
    return page("okrs/drop.html", status, refresh_seconds=0, form=typed, known=known)


def _own_page(key: str) -> str:
    return url_for("key_result.show", key=key)
