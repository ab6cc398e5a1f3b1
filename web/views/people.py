"""Who may come in, and what they may: for admins."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from sync.commands import NotPossible, members
from sync.commands.members import ChangedMeanwhile, Invitation, Wish
from sync.commands.names import NameRefused
from sync.queries.people import PersonRow, load_member, load_people, load_teams
from web.access import Answer
from web.forms import Form
from web.language import gettext, said
from web.numbers import LARGEST_NUMBER
from web.pages import done, page, person, resources
from web.views.entry import check_email

views = Blueprint("people", __name__, url_prefix="/people")

ONE = f"/<int(max={LARGEST_NUMBER}):person_id>"


@views.get("")
def list_() -> Answer:
    on = resources()
    everybody = load_people(on, person().workspace_id, on.clock.now())
    return page("people/list.html", refresh_seconds=0, everybody=everybody)


@views.get("/new")
def new() -> Answer:
    return _new_page(Form({"role": "editor"}))


@views.post("/new")
def add() -> Answer:
    form = Form(request.form)
    _check(form, _teams())
    check_email(form)
    if form.is_good:
        try:
            added = members.add_member(
                resources(), person().workspace_id, form.stripped("email"), _wish(form), person().name
            )
        except NameRefused as refusal:
            form.faults["name"] = said(refusal)
        except NotPossible as refusal:
            form.faults["email"] = said(refusal)
        else:
            return _code_page(added)
    return _new_page(form, 422)


@views.get(ONE)
def one(person_id: int) -> Answer:
    return _one_page(_member(person_id), None)


@views.post(ONE)
def change(person_id: int) -> Answer:
    form, now = Form(request.form), _member(person_id)
    _check(form, _teams(now))
    if form.is_good:
        try:
            _change(person_id, form)
        except ChangedMeanwhile as refusal:
            form.refused = said(refusal)
            return _one_page(_member(person_id), form, 409)
        except NameRefused as refusal:
            form.faults["name"] = said(refusal)
        except NotPossible as refusal:
            form.faults["role"] = said(refusal)
    if not form.is_good:
        return _one_page(now, form, 422)
    return done(gettext("Saved."), url_for("people.list_"))


@views.post(f"{ONE}/code")
def make_code(person_id: int) -> Answer:
    _member(person_id)
    return _code_page(members.make_code(resources(), person().workspace_id, person_id, person().name))


@views.get(f"{ONE}/remove")
def ask_to_remove(person_id: int) -> Answer:
    return page("people/remove.html", refresh_seconds=0, member=_member(person_id))


@views.post(f"{ONE}/remove")
def remove(person_id: int) -> Response:
    _member(person_id)
    name = members.remove_member(resources(), person().workspace_id, person_id, person().name)
    return done(gettext("{name} was removed.").format(name=name), url_for("people.list_"))


def _check(form: Form, teams: tuple[str, ...]) -> None:
    form.needs("name", gettext("Enter a name."), most=200)
    if form.typed("role") not in members.ROLES:
        form.faults["role"] = gettext("Choose one of these.")
    if not set(_wish(form).teams) <= set(teams):
        form.faults["team"] = gettext("Choose from these teams.")


def _wish(form: Form) -> Wish:
    return Wish(form.stripped("name"), form.typed("role"), tuple(team for team in form.many("team") if team))


def _change(person_id: int, form: Form) -> None:
    on, me = resources(), person()
    members.change_member(on, me.workspace_id, person_id, _wish(form), form.typed("seen"), me.name)


def _member(person_id: int) -> PersonRow:
    on = resources()
    found = load_member(on, person().workspace_id, person_id, on.clock.now())
    if found is None:
        abort(404)
    return found


def _teams(member: PersonRow | None = None) -> tuple[str, ...]:
    """Those that have objectives, and those that the person is an editor of, should the last objective be gone."""
    known = load_teams(resources(), person().workspace_id)
    return tuple(sorted({*known, *(member.teams if member else ())}))


def _pairs(teams: tuple[str, ...]) -> list[tuple[str, str]]:
    """As a field for ticks wants them: what is sent and what is read."""
    return [(team, team) for team in teams]


def _new_page(form: Form, status: int = 200) -> tuple[str, int]:
    return page("people/new.html", status=status, refresh_seconds=0, form=form, teams=_pairs(_teams()))


def _one_page(member: PersonRow, form: Form | None, status: int = 200) -> tuple[str, int]:
    shown = form or Form(
        MultiDict([("name", member.name), ("role", member.role), *(("team", t) for t in member.teams)])
    )
    return page(
        "people/one.html", status=status, refresh_seconds=0, member=member, form=shown, teams=_pairs(_teams(member))
    )


def _code_page(invitation: Invitation) -> tuple[str, int]:
    """Shown once: it is kept nowhere."""
    address = f"{resources().settings.public_url}{url_for('entry.code')}"
    return page("people/code.html", refresh_seconds=0, invitation=invitation, address=address)
