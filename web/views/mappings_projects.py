"""How each project is read: found by itself, shown for confirmation."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mapping.issue import FieldChoice
from sync.commands import NotPossible
from sync.commands.projects import ProjectChangedMeanwhile, confirm_project, fingerprint_of, look_for_projects
from sync.queries.projects import ProjectView, load_choice_effect, load_project, load_projects_view
from web.forms import Form
from web.language import gettext, ngettext, said
from web.numbers import LARGEST_NUMBER, page_number
from web.pages import done, page, person, resources

views = Blueprint("mapping_projects", __name__, url_prefix="/mappings/projects")

ONE = f"/<int(max={LARGEST_NUMBER}):connection_id>/<project_id>"


@views.get("")
def projects() -> tuple[str, int]:
    view = load_projects_view(resources(), person().workspace_id, page_number())
    return page("mappings/projects.html", view=view)


@views.post("/look-again")
def look_again() -> Response:
    number = look_for_projects(resources(), person().workspace_id, who=person().name)
    text = ngettext("Jira shows us %(n)s project.", "Jira shows us %(n)s projects.", number) % {"n": number}
    return done(text, url_for("mapping_projects.projects"))


@views.get(ONE)
def form(connection_id: int, project_id: str) -> tuple[str, int]:
    view = _view(connection_id, project_id)
    return _page(view, Form(_as_kept(view)))


@views.post(f"{ONE}/look")
def look(connection_id: int, project_id: str) -> tuple[str, int]:
    """What confirming would change; nothing is kept."""
    view = _view(connection_id, project_id)
    typed = Form(request.form)
    _choice(view, typed)
    return _page(view, typed, 200 if typed.is_good else 422)


@views.post(ONE)
def save(connection_id: int, project_id: str) -> Response | tuple[str, int]:
    view = _view(connection_id, project_id)
    typed = Form(request.form)
    choice = _choice(view, typed)
    if not typed.is_good:
        return _page(view, typed, 422)
    try:
        confirm_project(
            resources(), person().workspace_id, connection_id, project_id, choice,
            seen=typed.typed("seen"), who=person().name,
        )  # fmt: skip
    except ProjectChangedMeanwhile:
        now = _view(connection_id, project_id)
        values = MultiDict(request.form)
        values["seen"] = fingerprint_of(now.row.project.choice)
        return _page(now, Form(values), 409, changed=True)
    except NotPossible as refusal:
        typed.refused = said(refusal)
        return _page(view, typed, 422)
    key = view.row.project.project_key
    words = gettext("%(project)s is read so from now on. Its figures follow within minutes.") % {"project": key}
    return done(words, url_for("mapping_projects.projects"))


@views.app_template_global()
def projects_address(number: int) -> str:
    """Another page of the list of projects."""
    return url_for("mapping_projects.projects", page=number)


@views.app_template_global()
def field_options(view: ProjectView) -> list[tuple[str, str]]:
    """The number fields to choose from; two of the same name are told apart by their ids."""
    return [(each.field_id, f"{each.name} ({each.field_id})") for each in view.number_fields]


@views.app_template_global()
def resolution_options(view: ProjectView) -> list[tuple[str, str]]:
    """The resolutions to choose from."""
    return [(each.resolution_id, each.name) for each in view.resolutions]


def _view(connection_id: int, project_id: str) -> ProjectView:
    view = load_project(resources(), person().workspace_id, connection_id, project_id[:40])
    if view is None:
        abort(404)
    return view


def _as_kept(view: ProjectView) -> MultiDict[str, str]:
    """What somebody confirmed; else what we found, to be confirmed."""
    project = view.row.project
    choice = project.choice or view.found
    values = MultiDict([("wont_do", one) for one in sorted(choice.wont_do_resolution_ids)])
    values["estimate"] = choice.estimate_field_id or ""
    values["count"] = "estimates" if choice.by_points else "issues"
    values["titles"] = "yes" if project.shows_titles else ""
    values["seen"] = fingerprint_of(project.choice)
    return values


def _choice(view: ProjectView, typed: Form) -> FieldChoice:
    """What the form says; where Jira is away, its fields stay as they are."""
    kept = view.row.project.choice or view.found
    estimate, wont_do = kept.estimate_field_id, kept.wont_do_resolution_ids
    if not view.away:
        estimate = typed.stripped("estimate") or None
        wont_do = frozenset(one for one in typed.many("wont_do") if one)
        _check(view, typed, estimate, wont_do)
    by_points = typed.typed("count") == "estimates"
    if by_points and estimate is None:
        typed.faults["count"] = gettext("Estimates can only be counted where a field for them is chosen.")
    return FieldChoice(estimate, wont_do, by_points, shows_titles=bool(typed.typed("titles")))


def _check(view: ProjectView, typed: Form, estimate: str | None, wont_do: frozenset[str]) -> None:
    if estimate is not None and estimate not in {each.field_id for each in view.number_fields}:
        typed.faults["estimate"] = gettext("Jira has no such field. Choose one of these.")
    if not wont_do <= {each.resolution_id for each in view.resolutions}:
        typed.faults["wont_do"] = gettext("Jira has no such resolution. Choose from these.")


def _page(view: ProjectView, typed: Form, status: int = 200, *, changed: bool = False) -> tuple[str, int]:
    choice = _choice(view, Form(typed.values))
    effect = load_choice_effect(resources(), person().workspace_id, view.row, choice)
    return page(
        "mappings/project.html", status, refresh_seconds=0, view=view, form=typed, effect=effect, changed=changed,
        titles_change=choice.shows_titles != view.row.project.shows_titles, titles=choice.shows_titles,
    )  # fmt: skip
