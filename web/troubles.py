"""What a person sees when something cannot be done: what is so, and what to do next. Never a stack trace."""

from __future__ import annotations

import logging

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from connector.store.errors import StoreUnavailable
from mapping.sentences import sentence
from sync.commands import NotPossible
from web.access import Answer, is_for_admins, sign_in_page, signed_in, to_the_door
from web.forms import Form
from web.kept_form import is_from_our_page, keep_form, kept_form
from web.language import gettext, said
from web.pages import resources
from web.password_turns import Crowded

log = logging.getLogger(__name__)

_WORDS = {
    400: (
        sentence("That could not be understood"),
        sentence("The address or the form was incomplete. Go back and try it once more."),
    ),
    403: (
        sentence("Your role does not allow that"),
        sentence("Ask an admin of this service to do it, or to give you another role."),
    ),
    404: (
        sentence("There is no such page"),
        sentence("It may have been removed, or the address was cut off."),
    ),
    405: (
        sentence("There is no such page"),
        sentence("The address can only be used by a button of ours."),
    ),
    413: (
        sentence("That is too long"),
        sentence("A form holds at most 64 kB. Shorten what you typed and send it again."),
    ),
    429: (
        sentence("That was a lot within a minute"),
        sentence("Nothing was changed. Wait a moment, go back, and send it again."),
    ),
    500: (
        sentence("Something went wrong here"),
        sentence("It is written to the log of the service. Nothing was half-saved."),
    ),
    503: (
        sentence("The database does not answer"),
        sentence("Nothing is lost. Try again in a minute."),
    ),
}


def answer_troubles(app: Flask) -> None:
    """Answer every error with a page in plain words."""
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(NotPossible, _not_possible)
    app.register_error_handler(StoreUnavailable, _store_unavailable)
    app.register_error_handler(Crowded, _crowded)
    app.register_error_handler(HTTPException, _http_trouble)


def _unknown_host(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    """No page of ours: its links would point to a host that somebody else may have chosen."""
    text = "This service is not known under that address. Whoever runs it can add the host to OKR_ALLOWED_HOSTS.\n"
    return text, 400, {"Content-Type": "text/plain; charset=utf-8"}


def _form_too_old(_error: CSRFError) -> Answer:
    """A form of another sign-in. What was typed is kept, where it comes from a page of ours."""
    # A page of others could have made a form to be kept, and sent it along.
    if request.endpoint == "entry.try_sign_in" and is_from_our_page():
        again = Form(request.form, refused=gettext("This page had been open for long. Please sign in once more."))
        return sign_in_page(again), 400
    kept = kept_form(keep_form())
    if kept is None:
        text = gettext("It was opened before you signed in. Go back, reload the page, and send it again.")
        return _page(400, gettext("Please send the form once more"), text)
    if signed_in(resources()) is None:
        return to_the_door()
    return render_template("entry/send_again.html", kept=kept, is_back=False), 400


def _not_possible(error: NotPossible) -> tuple[str, int]:
    return _page(409, gettext("That is not possible"), said(error))


def _store_unavailable(error: StoreUnavailable) -> tuple[str, int]:
    log.warning("%s %s: %s", request.method, request.path, error)
    return _page(503, *map(gettext, _WORDS[503]))


def _crowded(_error: Crowded) -> tuple[str, int]:
    text = gettext("Nothing was changed. Wait a few seconds, go back, and send it again.")
    return _page(503, gettext("Many are signing in just now"), text)


def _http_trouble(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if code == 403 and (teams := _own_teams()):
        text = gettext("You may write for these teams: %(teams)s. An admin of this service can change that.")
        return _page(code, gettext("That belongs to another team"), text % {"teams": ", ".join(teams)})
    return _page(code, *map(gettext, _WORDS.get(code, _WORDS[500 if code >= 500 else 400])))


def _own_teams() -> tuple[str, ...]:
    """Of an editor who may not write for all teams, unless the page is one for admins alone."""
    is_known = "person" in g and g.person.role == "editor" and not is_for_admins(request.endpoint, request.blueprint)
    return tuple(g.person.teams) if is_known else ()


def _page(code: int, heading: str, text: str) -> tuple[str, int]:
    return render_template("parts/trouble.html", heading=heading, text=text), code
