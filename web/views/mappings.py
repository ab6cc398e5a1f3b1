"""Which epics serve which key result: searching for epics and linking many at once, and the list of all links."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, current_app, g, request, url_for
from werkzeug.wrappers import Response

from connector.store.link_list import Tally
from mapping.okr import Initiative, KeyResult, Kind, Role, Source
from mapping.typed_text import parse_number
from mapping.words import LANGUAGES
from sync.commands import NotPossible
from sync.commands.link_many import LinkWish, check_wish, initiative_of_wish, link_many
from sync.commands.okrs import export_okrs
from sync.queries.epic_search import EpicSearch, FoundEpic, load_epics, search_epics
from sync.queries.link_effect import LinkEffect, effect_of_links
from sync.queries.mappings import Target, load_links_view, load_tally, load_targets
from web.forms import Form
from web.language import gettext, ngettext, said
from web.numbers import page_number
from web.pages import done, page, person, resources
from web.rights import may_edit, may_edit_team, only_for_key_results
from web.texts_asked import may_ask_about_texts, too_much_asked

views = Blueprint("mappings", __name__, url_prefix="/mappings")

MOST_SEARCHED = 1000
_MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Linking:
    """The box in which epics are found and linked: what was typed, and what that gives."""

    form: Form
    search: EpicSearch | None
    chosen: tuple[FoundEpic, ...]
    targets: tuple[Target, ...]
    target: Target | None
    wish: LinkWish | None
    effect: LinkEffect | None

    @property
    def shown(self) -> tuple[FoundEpic, ...]:
        """What was ticked stays in sight, whatever is searched for next."""
        found = self.search.found if self.search else ()
        names = {each.name for each in found}
        return (*(each for each in self.chosen if each.name not in names), *found)

    @property
    def news(self) -> int:
        """How many of the ticked epics are not linked so yet."""
        key = self.target.key_result.key if self.target else ""
        return sum(not _is_linked_so(each, key, self.wish) for each in self.chosen)


@views.get("")
def links() -> tuple[str, int]:
    form = Form(request.args)
    linking = _looked_at(form) if may_edit(person()) else None
    return _page(linking)


@views.post("/look")
def look() -> tuple[str, int]:
    """What linking would do; nothing is kept."""
    form = Form(request.form)
    linking = _looked_at(form)
    return _page(linking, 200 if form.is_good else 422)


@views.post("/link")
def link() -> Response | tuple[str, int]:
    form = Form(request.form)
    target = _target(form, _targets())
    wish = _wish(form, target)
    if not form.many("epic"):
        form.refused = gettext("Nothing is linked yet: tick at least one epic.")
    if target is not None and wish is not None and form.is_good:
        only_for_key_results(target.key_result.key)
        try:
            report = link_many(
                resources(), person().workspace_id, target.key_result.key, form.many("epic"), wish, who=person().name
            )
        except NotPossible as refusal:
            form.refused = said(refusal)
        else:
            number = len(report.added) + len(report.changed)
            return done(_done_words(number, target.key_result.key), url_for("mappings.links"))
    return _page(_looked_at(form), 422)


@views.get("/export")
def export() -> Response:
    """Everything as the file that can be imported again."""
    text = export_okrs(resources(), person().workspace_id)
    headers = {"Content-Disposition": "attachment; filename=okrs.yaml"}
    return Response(text, content_type="application/yaml; charset=utf-8", headers=headers)


@views.app_template_global()
def mapping_tally() -> object:
    """What stands on the tabs, for every page that has them."""
    if "mapping_tally" not in g:
        g.mapping_tally = load_tally(resources(), person().workspace_id)
    return g.mapping_tally


def tally_is(known: Tally) -> None:
    """The view of this page counted it already."""
    g.mapping_tally = known


@views.app_template_global()
def may_change(team: str) -> bool:
    """Whether the reader may change what belongs to this team."""
    return may_edit_team(person(), team)


@views.app_template_global()
def links_address(number: int) -> str:
    """Another page of the same list of links."""
    kept = {name: request.args[name] for name in ("key_result", "words") if request.args.get(name)}
    values: dict[str, Any] = {"page": number, **kept}
    return url_for("mappings.links", **values)


@views.app_template_test("a_page")
def is_a_page(endpoint: str) -> bool:
    """True where this installation has such a page."""
    return endpoint in current_app.view_functions


def read_wish(form: Form, key_result: KeyResult) -> LinkWish | None:
    """How the form says that a link serves; None, with what is wrong beside its field, where it cannot serve so."""
    role, _, step = (form.stripped("how") or "supports").partition(":")
    weight = _weight(form) if role == "drives" else Decimal(1)
    if weight is None or role not in set(Role):
        form.faults.setdefault("how", gettext("Choose one of these."))
        return None
    wish = LinkWish(Role(role), weight, step if role == "step" else "")
    try:
        check_wish(key_result, wish)
    except NotPossible as refusal:
        form.faults["weight" if role == "drives" and key_result.source is Source.INITIATIVES else "how"] = said(refusal)
        return None
    return wish


def ways_to_serve(key_result: KeyResult) -> list[tuple[str, str]]:
    """What a link to this key result may be: only what makes sense for it."""
    ways = [("supports", gettext("supports"))]
    if key_result.source is Source.INITIATIVES:
        ways.append(("drives", gettext("drives, with a weight")))
    if key_result.kind is Kind.MILESTONE:
        ways += [(f"step:{step.key}", gettext("step: %(title)s") % {"title": step.title}) for step in key_result.steps]
    return ways


def _page(linking: Linking | None, status: int = 200) -> tuple[str, int]:
    key = request.args.get("key_result", "")[:40]
    words = request.args.get("words", "")[:MOST_SEARCHED]
    view = load_links_view(
        resources(), person().workspace_id, key_result_key=key, words=words, page=page_number()
    )  # fmt: skip
    tally_is(view.tally)
    ways = ways_to_serve(linking.target.key_result) if linking and linking.target else []
    return page(
        "mappings/links.html", status, refresh_seconds=0, view=view, linking=linking, ways=ways,
        only_key=key, words=words,
    )  # fmt: skip


def _targets() -> tuple[Target, ...]:
    """Those that the person may link to."""
    found = load_targets(resources(), person().workspace_id)
    return tuple(each for each in found if may_edit_team(person(), each.team))


def _target(form: Form, targets: tuple[Target, ...]) -> Target | None:
    wanted = form.stripped("key_result")
    target = next((each for each in targets if each.key_result.key == wanted), None)
    if target is None and wanted:
        form.faults["key_result"] = gettext("There is no such key result that you may link to.")
    return target


def _looked_at(form: Form) -> Linking:
    on, workspace_id = resources(), person().workspace_id
    targets = _targets()
    target = _target(form, targets)
    form.at_most("q", MOST_SEARCHED)
    typed = form.stripped("q") if not form.wrong("q") else ""
    stories_too, only_shown = bool(form.typed("stories")), not may_ask_about_texts()
    search = search_epics(on, workspace_id, typed, stories_too=stories_too, only_shown=only_shown) if typed else None
    if search and search.asks_too_much:
        form.faults["q"] = too_much_asked()
    elif search and search.wrong:
        form.faults["q"] = gettext("Jira says: %(words)s") % {"words": search.wrong}
    chosen = _chosen(form, search)
    wish = _wish(form, target)
    effect = _effect(chosen, target, wish)
    return Linking(form, search, chosen, targets, target, wish, effect)


def _chosen(form: Form, search: EpicSearch | None) -> tuple[FoundEpic, ...]:
    names = [name for name in form.many("epic") if name]
    found = {each.name: each for each in search.found} if search else {}
    others = load_epics(resources(), person().workspace_id, [name for name in names if name not in found])
    known = found | {each.name: each for each in others}
    return tuple(known[name] for name in dict.fromkeys(names) if name in known)


def _wish(form: Form, target: Target | None) -> LinkWish | None:
    return None if target is None else read_wish(form, target.key_result)


def _effect(chosen: tuple[FoundEpic, ...], target: Target | None, wish: LinkWish | None) -> LinkEffect | None:
    if not chosen or target is None or wish is None:
        return None
    key = target.key_result.key
    pairs = [(epic, _as_linked(epic, key, wish)) for epic in chosen]
    return effect_of_links(resources(), person().workspace_id, pairs, key, resources().clock.now())


def _as_linked(epic: FoundEpic, key: str, wish: LinkWish) -> Initiative:
    return initiative_of_wish(key, epic.connection_id, epic.issue_id, wish)


def _is_linked_so(epic: FoundEpic, key: str, wish: LinkWish | None) -> bool:
    links = [each for each in epic.serves if each.key_result_key == key]
    return wish is not None and any(
        (each.role, each.weight, each.step_key) == (wish.role, wish.weight, wish.step_key) for each in links
    )


def _weight(form: Form) -> Decimal | None:
    text = form.stripped("weight") or "1"
    read = {parse_number(text, language, "") for language in LANGUAGES} if len(text) <= _MOST_DIGITS else {None}
    found = [value for value in read if value is not None]
    if len(found) != 1:
        form.faults["weight"] = gettext("A weight is a number above 0, such as 1 or 0.5.")
        return None
    return found[0]


def _done_words(number: int, key: str) -> str:
    if not number:
        return gettext("They were linked so already; nothing changed.")
    text = ngettext("%(n)s epic serves %(key)s now. Its figures follow within seconds.",
                    "%(n)s epics serve %(key)s now. Its figures follow within seconds.", number)  # fmt: skip
    return text % {"n": number, "key": key}
