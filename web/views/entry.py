"""The ways in and out: first visit, sign-in, sign-out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sync import commands
from sync.queries.people import is_owned
from web.access import safe_next
from web.forms import Form
from web.pages import resources
from web.session import end_session, start_session

views = Blueprint("entry", __name__)

LEAST_PASSWORD = 10


@views.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | tuple[str, int]:
    on = resources()
    workspace_id = commands.first_workspace(on)
    if not is_owned(on, workspace_id):
        return redirect(url_for("entry.first_visit"))
    wanted = safe_next(request.values.get("next", "/"))
    form = Form(request.form)
    if request.method == "GET":
        return _sign_in_page(form, wanted), 200
    try:
        person = commands.sign_in(on, workspace_id, form.stripped("email"), form.typed("password"))
    except commands.NotPossible as refusal:
        form.refused = str(refusal)
        return _sign_in_page(form, wanted), 401
    start_session(person, on.clock.now())
    return redirect(wanted, 303)


@views.route("/first-visit", methods=["GET", "POST"])
def first_visit() -> Response | tuple[str, int]:
    on = resources()
    workspace_id = commands.first_workspace(on)
    if is_owned(on, workspace_id):
        return redirect(url_for("entry.sign_in"))
    form = Form(request.form)
    if request.method == "GET":
        return _first_visit_page(form), 200
    _check_first_visit(form)
    if form.is_good:
        try:
            person = commands.claim_installation(
                on,
                workspace_id,
                form.stripped("code"),
                form.stripped("name"),
                form.stripped("email"),
                form.typed("password"),
            )
        except commands.NotPossible as refusal:
            form.refused = str(refusal)
        else:
            start_session(person, on.clock.now())
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
    if not LEAST_PASSWORD <= len(form.typed("password")) <= 1000:
        form.faults["password"] = f"Choose at least {LEAST_PASSWORD} characters. A sentence is easy to remember."


def _sign_in_page(form: Form, wanted: str) -> str:
    return render_template("entry/sign_in.html", form=form, next=wanted)


def _first_visit_page(form: Form) -> str:
    return render_template("entry/first_visit.html", form=form)
