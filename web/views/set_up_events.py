"""Set-up, step 2: let the site tell of changes."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from connector.http import at_most
from sync.commands import NotPossible, register_webhook
from sync.commands.site_look import PATIENCE_SECONDS
from sync.commands.webhooks import webhook_secret, webhooks_to_enter
from sync.queries.set_up import Step
from web.forms import Form
from web.language import gettext, said
from web.numbers import ONE_CONNECTION
from web.pages import done, person, resources
from web.views.set_up import address_of, step_page

views = Blueprint("set_up_events", __name__, url_prefix="/set-up/events")

# A person who has just changed an issue looks here for it.
REFRESH_SECONDS = 2


@views.get("")
def show() -> tuple[str, int]:
    return _page(Form())


@views.post(f"/{ONE_CONNECTION}/secret")
def secret(connection_id: int) -> tuple[str, int]:
    """Asked for by a button, so that it stands in no address and in no page that somebody left open by chance."""
    form = Form()
    try:
        shown = webhook_secret(resources(), person().workspace_id, connection_id)
    except NotPossible as refusal:
        form.refused = said(refusal)
        return _page(form, 404)
    return _page(form, 200, {connection_id: shown})


@views.post("/register")
def register() -> Response | tuple[str, int]:
    form = Form(request.form)
    try:
        with at_most(PATIENCE_SECONDS):
            report = register_webhook(resources(), person().workspace_id, person().name, form.typed("site"))
    except NotPossible as refusal:
        form.refused = said(refusal).partition("\n\n")[0]
        return _page(form, 422)
    return done(gettext("The webhook stands in {site} now.").format(site=report.site_url), address_of(Step.EVENTS))


def _page(form: Form, status: int = 200, secrets: dict[int, str] | None = None) -> tuple[str, int]:
    webhooks = webhooks_to_enter(resources(), person().workspace_id)
    # What somebody is just copying is not taken from under their hands.
    refresh = 0 if secrets else REFRESH_SECONDS
    return step_page(
        Step.EVENTS, "set_up/events.html", status, refresh, form=form, webhooks=webhooks, secrets=secrets or {},
        at=resources().clock.now(),
    )  # fmt: skip
