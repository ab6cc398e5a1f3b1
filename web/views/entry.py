"""The ways in and out: first visit, code, sign-in, sign-out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.store.people import Person
from sync.commands import NotPossible, account
from sync.commands import people as commands
from sync.commands.passwords import LEAST_PASSWORD, MOST_PASSWORD
from sync.queries.people import code_waits, is_owned, load_person
from web.access import safe_next, sign_in_page
from web.forms import Form
from web.kept_form import FIELD, kept_form
from web.landing import first_page
from web.language import gettext, said
from web.pages import code_attempts, person, resources
from web.session import end_session, present_sign_in, start_session

views = Blueprint("entry", __name__)


@views.get("/sign-in")
def sign_in() -> Response | str:
    on = resources()
    if not is_owned(on, commands.first_workspace(on)):
        return redirect(url_for("entry.first_visit"))
    return sign_in_page(Form())


@views.post("/sign-in")
def try_sign_in() -> Response | tuple[str, int] | str:
    on = resources()
    form = Form(request.form)
    try:
        entering = commands.sign_in(on, commands.first_workspace(on), form.stripped("email"), form.typed("password"))
    except NotPossible as refusal:
        form.refused = said(refusal)
        return sign_in_page(form), 401
    _let_in(entering)
    kept = kept_form(form.typed(FIELD))
    if kept is not None:
        return render_template("entry/send_again.html", kept=kept, is_back=True)
    return redirect(first_page(on, entering, safe_next(request.values.get("next", "/"))), 303)


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
    form.needs("code", gettext("Enter the code from the console."), most=100)
    check_name(form)
    check_email(form)
    check_password(form)
    if form.is_good:
        try:
            entering = _claimed(form)
        except NotPossible as refusal:
            form.refused = said(refusal)
        else:
            _let_in(entering)
            return redirect(first_page(resources(), entering), 303)
    return _first_visit_page(form), 422


@views.get("/come-in")
def code() -> str:
    """For whoever has a code from an admin."""
    return render_template("entry/code.html", form=Form())


@views.post("/come-in")
def come_in() -> Response | tuple[str, int]:
    form = Form(request.form)
    form.needs("code", gettext("Enter the code that an admin gave you."), most=100)
    check_password(form)
    if form.is_good:
        try:
            _let_in(_come_in(form))
        except NotPossible as refusal:
            form.faults["code"] = said(refusal)
        else:
            return redirect(url_for("board.current"), 303)
    return render_template("entry/code.html", form=form), 422


@views.post("/sign-out")
def sign_out() -> Response:
    present = present_sign_in()
    if present is not None:
        account.sign_out(resources(), person(), *present)
    end_session()
    return redirect(url_for("entry.sign_in"), 303)


def check_name(form: Form) -> None:
    form.needs("name", gettext("Enter the name that others know you by."), most=200)


def check_email(form: Form) -> None:
    form.needs("email", gettext("Enter the e-mail address."), most=320)
    if form.stripped("email") and "@" not in form.stripped("email").strip("@"):
        form.faults["email"] = gettext("That is not an e-mail address: it needs an @ within.")


def check_password(form: Form, name: str = "password") -> None:
    if not LEAST_PASSWORD <= len(form.typed(name)) <= MOST_PASSWORD:
        least = gettext("Choose at least {least} characters. A sentence is easy to remember.")
        form.faults[name] = least.format(least=LEAST_PASSWORD)


def _claimed(form: Form) -> Person:
    on = resources()
    _wait_after_wrong_codes()
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
        _note_wrong_code()
        raise


def _come_in(form: Form) -> Person:
    on = resources()
    _wait_after_wrong_codes()
    try:
        return account.come_in(on, commands.first_workspace(on), form.stripped("code"), form.typed("password"))
    except NotPossible:
        _note_wrong_code()
        raise


def _wait_after_wrong_codes() -> None:
    if code_attempts().must_wait(request.remote_addr or "", resources().clock.now()):
        raise NotPossible("There were too many wrong codes. Wait half a minute, then try again.")


def _note_wrong_code() -> None:
    code_attempts().note_failure(request.remote_addr or "", resources().clock.now())


def _let_in(entering: Person) -> None:
    """With the person as kept now: signing in may have renewed the hash of the password."""
    on = resources()
    kept = load_person(on, entering.workspace_id, entering.person_id)
    if kept is not None:
        start_session(kept, on.clock.now())


def _first_visit_page(form: Form) -> str:
    on = resources()
    return render_template("entry/first_visit.html", form=form, owned=is_owned(on, commands.first_workspace(on)))
