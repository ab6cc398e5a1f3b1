"""Linking rules: the list, one rule with what saving it would do, and deciding about many links at once."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from connector.store.link_rules import LinkRule
from mapping.rules import InvalidRule, Rule, RuleKind
from sync.commands import NotPossible
from sync.commands import rules as commands
from sync.commands.rule_wish import RuleWish
from sync.commands.rules import NotAsShown, RuleChanged, SavedRule
from sync.queries.rules import Forecast, RulesView, find_rule, forecast, load_rules_view
from web.forms import Form
from web.language import gettext, kept_words, ngettext, said
from web.numbers import LARGEST_NUMBER
from web.pages import done, page, person, resources
from web.rights import only_for_key_results, only_for_rule, only_for_served
from web.rule_form import read_wish, rule_to_count, serve_options, ticked, typed_of
from web.texts_asked import why_not_asked

views = Blueprint("rules", __name__, url_prefix="/mappings/rules")

ONE = f"/<int(max={LARGEST_NUMBER}):rule_id>"

USUAL_PREFIX = "kr-"

Answer = Response | tuple[str, int]


@views.get("")
def list_() -> tuple[str, int]:
    return page("rules/list.html", view=_view())


@views.get("/new")
def new() -> tuple[str, int]:
    kind = _kind()
    if kind is not RuleKind.LABELS:
        return _page(_view(), None, Form({"weight": "1"}), kind)
    # What most begin with, so that the first look already shows something.
    return _page(_view(), None, Form({"wanted": USUAL_PREFIX}), kind, rule=Rule(kind, USUAL_PREFIX))


@views.post("/new/preview")
def preview_new() -> tuple[str, int]:
    return _preview(_view(), None, _kind())


@views.post("/new")
def add() -> Answer:
    return _save(_view(), None, _kind())


@views.get(ONE)
def show(rule_id: int) -> tuple[str, int]:
    kept = _kept(rule_id)
    return _page(_view(), kept, Form(typed_of(kept)), kept.rule.kind, rule=kept.rule)


@views.post(f"{ONE}/preview")
def preview(rule_id: int) -> tuple[str, int]:
    kept = _kept(rule_id)
    return _preview(_view(), kept, kept.rule.kind)


@views.post(ONE)
def save(rule_id: int) -> Answer:
    kept = _kept(rule_id)
    return _save(_view(), kept, kept.rule.kind)


@views.post(f"{ONE}/turn")
def turn(rule_id: int) -> Response:
    kept = _editable(rule_id)
    is_on = request.form.get("on") == "yes"
    commands.turn_rule(resources(), person().workspace_id, rule_id, is_on=is_on, who=person().name)
    off = gettext("The rule is off. It links nothing more; the links that it made stay.")
    return done(gettext("The rule is on. What matches is linked now.") if is_on else off, _address(kept.rule_id))


@views.get(f"{ONE}/waiting")
def waiting(rule_id: int) -> tuple[str, int]:
    return _waiting_page(_kept(rule_id), "")


@views.post(f"{ONE}/waiting")
def link_waiting(rule_id: int) -> Answer:
    kept = _editable(rule_id)
    shown = request.form.get("shown", "")
    try:
        linked = commands.link_waiting(
            resources(), person().workspace_id, rule_id, shown=shown, who=person().name
        )  # fmt: skip
    except NotPossible as refusal:
        return _waiting_page(kept, said(refusal), 422)
    return done(ngettext("%(n)s epic linked.", "%(n)s epics linked.", linked) % {"n": linked}, _address(rule_id))


@views.get(f"{ONE}/delete")
def ask_to_delete(rule_id: int) -> tuple[str, int]:
    kept = _kept(rule_id)
    row = next(row for row in _view().rows if row.kept.rule_id == kept.rule_id)
    return page("rules/delete.html", row=row)


@views.post(f"{ONE}/delete")
def delete(rule_id: int) -> Response:
    _editable(rule_id)
    name = commands.delete_rule(resources(), person().workspace_id, rule_id, who=person().name)
    return done(gettext("Rule “%(name)s” is deleted. Its links stay.") % {"name": name}, url_for("rules.list_"))


def _view() -> RulesView:
    return load_rules_view(resources(), person().workspace_id)


def _kind() -> RuleKind:
    """What a new rule finds epics by."""
    try:
        return RuleKind(request.values.get("kind", RuleKind.JQL))
    except ValueError:
        abort(404)


def _kept(rule_id: int) -> LinkRule:
    kept = find_rule(resources(), person().workspace_id, rule_id)
    if kept is None:
        abort(404)
    return kept


def _editable(rule_id: int) -> LinkRule:
    kept = _kept(rule_id)
    only_for_rule(rule_id)
    return kept


def _address(rule_id: int) -> str:
    return url_for("rules.show", rule_id=rule_id)


def _site(view: RulesView, kept: LinkRule | None, typed: Form) -> int:
    """The Jira that is meant; where there is only one, nobody is asked. 0: none of ours."""
    if kept is not None:
        return kept.connection_id
    chosen = typed.typed("site") if len(view.sites) > 1 else str(view.sites[0].id) if view.sites else ""
    return next((site.id for site in view.sites if str(site.id) == chosen), 0)


def _read(view: RulesView, kept: LinkRule | None, typed: Form, kind: RuleKind) -> RuleWish | None:
    wish = read_wish(typed, kind, _site(view, kept, typed))
    refused = why_not_asked(typed.typed("wanted")) if kind in {RuleKind.JQL, RuleKind.PROPERTY} else ""
    if refused:
        typed.faults["wanted"] = refused
    return None if refused else wish


def _preview(view: RulesView, kept: LinkRule | None, kind: RuleKind) -> tuple[str, int]:
    typed = Form(request.form)
    wish = _read(view, kept, typed, kind)
    if wish is None and set(typed.faults) == {"serve"}:
        return _page(view, kept, typed, kind, only_counted=rule_to_count(typed, kind))
    return _page(view, kept, typed, kind, rule=wish.rule if wish else None)


def _save(view: RulesView, kept: LinkRule | None, kind: RuleKind) -> Answer:
    typed = Form(request.form)
    if kept is not None:
        only_for_rule(kept.rule_id)
    wish = _read(view, kept, typed, kind)
    if wish is None:
        return _page(view, kept, typed, kind)
    only_for_served(wish.rule.key_result_key)
    unlink = ticked(typed.many("unlink"))
    # It may have served a key result of another team before; those links are that team's.
    only_for_key_results(*(key for _, key in unlink))
    try:
        saved = commands.save_rule(
            resources(), person().workspace_id, wish, who=person().name, rule_id=kept.rule_id if kept else None,
            seen=typed.typed("seen"), shown=typed.typed("shown"), unlink=unlink,
        )  # fmt: skip
    except InvalidRule as error:
        typed.faults[error.field] = said(error)
    except RuleChanged as refusal:
        typed.refused = said(refusal)
        return _page(view, _kept(kept.rule_id) if kept else None, typed, kind, rule=wish.rule, is_conflict=True)
    except (NotAsShown, NotPossible) as refusal:
        typed.refused = said(refusal)
    else:
        return done(_said(saved), _after(saved))
    return _page(view, kept, typed, kind, rule=None if typed.wrong("wanted") else wish.rule)


def _after(saved: SavedRule) -> str:
    return url_for("rules.waiting", rule_id=saved.rule_id) if saved.waiting else _address(saved.rule_id)


def _said(saved: SavedRule) -> str:
    if saved.away:
        return gettext("Saved. Jira does not answer just now (%(why)s); it is asked again by itself.") % {
            "why": kept_words(saved.away)
        }
    parts = [gettext("Saved.")]
    if saved.linked:
        parts.append(ngettext("%(n)s epic linked.", "%(n)s epics linked.", saved.linked) % {"n": saved.linked})
    if saved.unlinked:
        parts.append(ngettext("%(n)s link taken away.", "%(n)s links taken away.", saved.unlinked)
                     % {"n": saved.unlinked})  # fmt: skip
    return " ".join(parts)


def _page(
    view: RulesView,
    kept: LinkRule | None,
    typed: Form,
    kind: RuleKind,
    *,
    rule: Rule | None = None,
    only_counted: Rule | None = None,
    is_conflict: bool = False,
) -> tuple[str, int]:
    """The form; with a ``rule`` also what saving it would do, as Jira says just now. ``only_counted``: it is not known
    yet what it serves, but how much it matches."""
    ahead = _forecast(view, kept, typed, rule or only_counted)
    if ahead is not None and rule is None:
        ahead = replace(ahead, lines=(), new=())
    if ahead is not None and ahead.wrong:
        typed.faults["wanted"] = kept_words(ahead.wrong)
    return page(
        "rules/rule.html",
        200 if typed.is_good or request.method == "GET" else 422,
        refresh_seconds=0,
        view=view,
        kept=kept,
        kind=kind,
        form=typed,
        ahead=ahead,
        meant=rule,
        unlink=ticked(typed.many("unlink")),
        serve_options=serve_options(view, kept),
        before=typed_of(kept) if is_conflict and kept else None,
        seen=kept.fingerprint if kept and (is_conflict or not typed.typed("seen")) else typed.typed("seen"),
    )


def _forecast(view: RulesView, kept: LinkRule | None, typed: Form, rule: Rule | None) -> Forecast | None:
    connection_id = _site(view, kept, typed)
    if rule is None or not connection_id:
        return None
    return forecast(resources(), person().workspace_id, connection_id, rule, kept.rule_id if kept else None)


def _waiting_page(kept: LinkRule, refused: str, status: int = 200) -> tuple[str, int]:
    ahead = forecast(resources(), person().workspace_id, kept.connection_id, kept.rule, kept.rule_id)
    return page("rules/waiting.html", status, refresh_seconds=0, kept=kept, ahead=ahead, refused=refused)
