"""What the sites told us: the accepted events, for admins, and reading again what they name."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from connector.store.delivery_list import DeliveryWish, Outcome
from sync.queries.events import load_events
from web.forms import Form
from web.language import gettext, ngettext
from web.numbers import LARGEST_NUMBER, a_number
from web.pages import done, page, person, resources
from webhooks.replay import replay

views = Blueprint("events", __name__, url_prefix="/status/events")

LINES = 50
LONGEST_KIND = 80


@views.get("")
def show() -> tuple[str, int]:
    form = Form(request.args)
    view = load_events(resources(), person().workspace_id, _wish(form), LINES)
    return page("status/events.html", refresh_seconds=0, view=view, form=form)


@views.post(f"/<int(max={LARGEST_NUMBER}):number>/read-again")
def read_again(number: int) -> Response:
    found = replay(resources(), person().workspace_id, [number], person().name)
    if not found.events:
        return _done(gettext("This event is no longer kept."))
    if not found.issues + found.pages + found.sites:
        return _done(gettext("This event names nothing that is read here."))
    return _done(gettext("What the event names is read again now."))


@views.post("/read-again")
def read_all_again() -> Response:
    """Those of the page that was shown."""
    numbers = [number for text in request.form.getlist("number")[:LINES] if (number := a_number(text))]
    found = replay(resources(), person().workspace_id, numbers, person().name)
    many = ngettext("What one event names is read again now.", "What {n} events name is read again now.", found.events)
    return _done(many.format(n=found.events) if found.events else gettext("These events are no longer kept."))


def _wish(form: Form) -> DeliveryWish:
    outcome = form.typed("outcome")
    return DeliveryWish(
        connection_id=a_number(form.typed("site")),
        kind=form.stripped("kind")[:LONGEST_KIND],
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        below=a_number(form.typed("before")),
    )


def _done(message: str) -> Response:
    return done(message, url_for("events.show"))
