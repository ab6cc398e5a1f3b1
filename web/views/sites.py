"""The connected sites: add one, renew its credentials, let it tell of changes, take it away."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from connector.http import at_most
from connector.store.disconnecting import Hanging
from sync.commands import NotPossible, register_webhook
from sync.commands.disconnect import disconnect
from sync.commands.site_look import PATIENCE_SECONDS, SiteLook
from sync.commands.webhooks import webhook_secret, webhooks_to_enter
from sync.queries.frame import host_of
from sync.queries.sites import SiteView, load_site, load_sites
from web import site_form
from web.forms import Form
from web.language import gettext, said
from web.numbers import ONE_CONNECTION
from web.pages import done, page, person, resources

views = Blueprint("sites", __name__, url_prefix="/settings/sites")

REFRESH_SECONDS = 5
SHOWN_PLACES = 5


@views.get("")
def list_() -> tuple[str, int]:
    on = resources()
    sites = load_sites(on, person().workspace_id)
    return page("sites/list.html", refresh_seconds=REFRESH_SECONDS, sites=sites, at=on.clock.now())


@views.get("/new")
def new() -> tuple[str, int]:
    """With ``?renew=`` the form for new credentials of a site that is there."""
    renewed = _of_number(request.args.get("renew", ""))
    if renewed is None:
        return _form(site_form.empty(), SiteLook())
    kept = renewed.connection
    return _form(site_form.empty(site=kept.site_url, email=kept.account_email, products=kept.product), SiteLook())


@views.post("/look")
def look() -> tuple[str, int]:
    form = Form(request.form)
    found = site_form.look(form)
    return _form(form, found, 200 if form.is_good else 422)


@views.post("/new")
def connect() -> Response | tuple[str, int]:
    form = Form(request.form)
    report = site_form.connect(form)
    if report is None:
        return _form(form, SiteLook(), 422)
    is_renewal = all(each.is_renewal for each in report.connected)
    text = gettext("{site} has new credentials.") if is_renewal else gettext("{site} is connected.")
    return done(text.format(site=report.site_url), url_for("sites.list_"))


@views.get(f"/{ONE_CONNECTION}/webhook")
def webhook(connection_id: int) -> tuple[str, int]:
    return _webhook(connection_id, Form())


@views.post(f"/{ONE_CONNECTION}/webhook/secret")
def secret(connection_id: int) -> tuple[str, int]:
    try:
        shown = webhook_secret(resources(), person().workspace_id, connection_id)
    except NotPossible:
        abort(404)
    return _webhook(connection_id, Form(), secret=shown)


@views.post(f"/{ONE_CONNECTION}/webhook")
def register(connection_id: int) -> Response | tuple[str, int]:
    form = Form()
    site = _site(connection_id).connection.site_url
    try:
        with at_most(PATIENCE_SECONDS):
            register_webhook(resources(), person().workspace_id, person().name, site)
    except NotPossible as refusal:
        form.refused = said(refusal).partition("\n\n")[0]
        return _webhook(connection_id, form, 422)
    text = gettext("The webhook stands in {site} now.").format(site=site)
    return done(text, url_for("sites.webhook", connection_id=connection_id))


@views.get(f"/{ONE_CONNECTION}/remove")
def ask_to_remove(connection_id: int) -> tuple[str, int]:
    return page("sites/remove.html", refresh_seconds=0, site=_site(connection_id), form=Form())


@views.post(f"/{ONE_CONNECTION}/remove")
def remove(connection_id: int) -> Response | tuple[str, int]:
    form = Form(request.form)
    seen = Hanging(_number(form, "links"), _number(form, "tables"), 0)
    try:
        address = disconnect(resources(), person().workspace_id, connection_id, seen, who=person().name)
    except NotPossible as refusal:
        form.refused = said(refusal)
        return page("sites/remove.html", 422, refresh_seconds=0, site=_site(connection_id), form=form)
    return done(gettext("{site} is removed. Nothing was changed there.").format(site=address), url_for("sites.list_"))


@views.app_template_filter()
def host(url: str) -> str:
    """acme.atlassian.net of its address."""
    return host_of(url)


@views.app_template_filter()
def site_of(url: str) -> str:
    """The address of the site that a page of it belongs to."""
    return url.partition("/browse/")[0]


@views.app_template_filter()
def some(names: Sequence[str]) -> str:
    """The first few; spaces of single people last."""
    ordered = sorted(names, key=lambda name: name.startswith("~"))
    more = len(ordered) - SHOWN_PLACES
    shown = ", ".join(ordered[:SHOWN_PLACES])
    return gettext("{names} and {n} more").format(names=shown, n=more) if more > 0 else shown


def _form(form: Form, found: SiteLook, status: int = 200) -> tuple[str, int]:
    renewed = _of_number(request.args.get("renew", ""))
    return page(
        "sites/new.html", status, refresh_seconds=0, form=form, look=found,
        renewed=renewed.connection if renewed else None,
    )  # fmt: skip


def _webhook(connection_id: int, form: Form, status: int = 200, secret: str = "") -> tuple[str, int]:
    on = resources()
    hooks = webhooks_to_enter(on, person().workspace_id)
    hook = next((each for each in hooks if each.connection.id == connection_id), None)
    if hook is None:
        abort(404)
    return page(
        "sites/webhook_page.html", status, refresh_seconds=0 if secret else 2, hook=hook, secret=secret, form=form,
        at=on.clock.now(),
    )  # fmt: skip


def _site(connection_id: int) -> SiteView:
    found = load_site(resources(), person().workspace_id, connection_id)
    if found is None:
        abort(404)
    return found


def _of_number(text: str) -> SiteView | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    return load_site(resources(), person().workspace_id, int(text)) if is_number else None


def _number(form: Form, name: str) -> int:
    text = form.stripped(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
