"""The ways in and out: first visit, sign-in, sign-out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.store.people import Person
from sync.commands import NotPossible
from sync.commands import people as commands
from sync.commands.passwords import LEAST_PASSWORD, MOST_PASSWORD
from sync.queries.people import code_waits, is_owned, load_person
from web.access import safe_next
from web.forms import Form
from web.pages import code_attempts, resources
from web.session import end_session, start_session

views = Blueprint("entry", __name__)


@views.get("/sign-in")
def sign_in() -> Response | str:
    on = resources()
    if not is_owned(on, commands.first_workspace(on)):
        return redirect(url_for("entry.first_visit"))
    return _sign_in_page(Form())


@views.post("/sign-in")
def try_sign_in() -> Response | tuple[str, int]:
    on = resources()
    form = Form(request.form)
    try:
        person = commands.sign_in(on, commands.first_workspace(on), form.stripped("email"), form.typed("password"))
    except NotPossible as refusal:
        form.refused = str(refusal)
        return _sign_in_page(form), 401
    _let_in(person)
    return redirect(_wanted(), 303)


@views.get("/first-visit")
def first_visit() -> Response | str:
    on = resources()
    workspace_id = commands.first_workspace(on)
    if is_owned(on, workspace_id) and not code_waits(on, workspace_id):
        return redirect(url_for("entry.sign_in"))
    return _first_visit_page(Form())


@views.post("/first-visit")
def claim() -> Response | tuple[str, int]:
    form = Form(request.form)
    _check_first_visit(form)
    if form.is_good:
        try:
            _let_in(_claimed(form))
        except NotPossible as refusal:
            form.refused = str(refusal)
        else:
            return redirect(url_for("board.current"), 303)
    return _first_visit_page(form), 422


@views.post("/sign-out")
def sign_out() -> Response:
    end_session()
    return redirect(url_for("entry.sign_in"), 303)


def _check_first_visit(form: Form) -> None:
    form.needs("code", "Enter the code from the console.", most=100)
    form.needs("name", "Enter the name that others know you by.", most=200)
    form.needs("email", "Enter your e-mail address.", most=320)
    if form.stripped("email") and "@" not in form.stripped("email").strip("@"):
        form.faults["email"] = "That is not an e-mail address: it needs an @ within."
    if not LEAST_PASSWORD <= len(form.typed("password")) <= MOST_PASSWORD:
        form.faults["password"] = f"Choose at least {LEAST_PASSWORD} characters. A sentence is easy to remember."


def _claimed(form: Form) -> Person:
    on, attempts, address = resources(), code_attempts(), request.remote_addr or ""
    if attempts.must_wait(address, on.clock.now()):
        raise NotPossible("There were too many wrong codes. Wait half a minute, then try again.")
    try:
        return commands.claim_installation(
            on,
            commands.first_workspace(on),
            form.stripped("code"),
            form.stripped("name"),
            form.stripped("email"),
            form.typed("password"),
        )
    except NotPossible:
        attempts.note_failure(address, on.clock.now())
        raise


def _let_in(person: Person) -> None:
    """With the person as kept now: signing in may have renewed the hash of the password."""
    on = resources()
    kept = load_person(on, person.workspace_id, person.person_id)
    if kept is not None:
        start_session(kept, on.clock.now())


def _wanted() -> str:
    return safe_next(request.values.get("next", "/"))


def _first_visit_page(form: Form) -> str:
    on = resources()
    return render_template("entry/first_visit.html", form=form, owned=is_owned(on, commands.first_workspace(on)))


def _sign_in_page(form: Form) -> str:
    return render_template("entry/sign_in.html", form=form, next=_wanted())
