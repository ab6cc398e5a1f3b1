"""One's own account: name, language, password, and where one is signed in."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from sync.commands import NotPossible
from sync.commands import account as commands
from sync.commands.names import NameRefused
from sync.queries.people import load_person
from web.access import Answer
from web.forms import Form
from web.language import choose_language, gettext, said
from web.pages import done, page, person, resources
from web.session import start_session
from web.views.entry import check_name, check_password

views = Blueprint("account", __name__, url_prefix="/account")


@views.get("")
def show() -> Answer:
    return _page(_as_it_is(), Form())


@views.post("")
def describe() -> Answer:
    form = Form(request.form)
    check_name(form)
    if form.is_good:
        try:
            commands.describe_self(resources(), person(), form.stripped("name"), form.typed("language"))
        except NameRefused as refusal:
            form.faults["name"] = said(refusal)
        except NotPossible as refusal:
            form.faults["language"] = said(refusal)
    if not form.is_good:
        return _page(form, Form(), 422)
    choose_language(form.typed("language"))
    return _done(gettext("Saved."))


@views.post("/password")
def change_password() -> Answer:
    form = Form(request.form)
    check_password(form)
    if form.is_good:
        try:
            commands.change_password(resources(), person(), form.typed("present_password"), form.typed("password"))
        except NotPossible as refusal:
            form.faults["present_password"] = said(refusal)
    if not form.is_good:
        return _page(_as_it_is(), form, 422)
    _stay()
    return _done(gettext("You have a new password. Everywhere else you are signed out."))


@views.post("/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    commands.sign_out_everywhere(resources(), person())
    _stay()
    return _done(gettext("Everywhere else you are signed out."))


def _as_it_is() -> Form:
    return Form({"name": person().name, "language": person().language})


def _stay() -> None:
    """Go on with a sign-in of now, which what was just ended does not end."""
    on = resources()
    kept = load_person(on, person().workspace_id, person().person_id)
    if kept is not None:
        start_session(kept, on.clock.now())


def _page(about: Form, password: Form, status: int = 200) -> tuple[str, int]:
    return page("account/account.html", status=status, refresh_seconds=0, about=about, password=password)


def _done(message: str) -> Response:
    return done(message, url_for("account.show"))
