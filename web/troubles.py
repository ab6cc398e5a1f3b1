"""What a person sees when something cannot be done: what is so, and what to do next. Never a stack trace."""

from __future__ import annotations

import logging

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from connector.store.errors import StoreUnavailable
from sync.commands import NotPossible
from web.access import Answer, sign_in_page, signed_in, to_the_door
from web.forms import Form
from web.kept_form import is_from_our_page, keep_form, kept_form
from web.language import gettext, said
from web.pages import resources

log = logging.getLogger(__name__)

_WORDS = {
    400: ("That could not be understood", "The address or the form was incomplete. Go back and try it once more."),
    403: ("Your role does not allow that", "Ask an admin of this service to do it, or to give you another role."),
    404: ("There is no such page", "It may have been removed, or the address was cut off."),
    405: ("There is no such page", "The address can only be used by a button of ours."),
    413: ("That is too long", "A form holds at most 64 kB. Shorten what you typed and send it again."),
    500: ("Something went wrong here", "It is written to the log of the service. Nothing was half-saved."),
    503: ("The database does not answer", "Nothing is lost. Try again in a minute."),
}


def answer_troubles(app: Flask) -> None:
    """Answer every error with a page in plain words."""
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(NotPossible, _not_possible)
    app.register_error_handler(StoreUnavailable, _store_unavailable)
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
        text = "It was opened before you signed in. Go back, reload the page, and send it again."
        return _page(400, "Please send the form once more", text)
    if signed_in(resources()) is None:
        return to_the_door()
    return render_template("entry/send_again.html", kept=kept, is_back=False), 400


def _not_possible(error: NotPossible) -> tuple[str, int]:
    return _page(409, gettext("That is not possible"), said(error))


def _store_unavailable(error: StoreUnavailable) -> tuple[str, int]:
    log.warning("%s %s: %s", request.method, request.path, error)
    return _page(503, *_WORDS[503])


def _http_trouble(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    return _page(code, *_WORDS.get(code, _WORDS[500 if code >= 500 else 400]))


def _page(code: int, heading: str, text: str) -> tuple[str, int]:
    return render_template("parts/trouble.html", heading=heading, text=text), code
