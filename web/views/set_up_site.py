"""Set-up, step 1: connect a site."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from sync.commands.site_look import SiteLook
from sync.queries.set_up import Step
from web import site_form
from web.forms import Form
from web.language import gettext
from web.pages import done
from web.views.set_up import address_of, state, step_page

views = Blueprint("set_up_site", __name__, url_prefix="/set-up/site")


@views.get("")
def show() -> tuple[str, int]:
    return _page(site_form.empty(), SiteLook())


@views.post("/look")
def look() -> tuple[str, int]:
    form = Form(request.form)
    found = site_form.look(form)
    return _page(form, found, 200 if form.is_good else 422)


@views.post("")
def connect() -> Response | tuple[str, int]:
    form = Form(request.form)
    report = site_form.connect(form)
    if report is None:
        return _page(form, SiteLook(), 422)
    said = gettext("{site} is connected, as {account}.").format(site=report.site_url, account=report.account)
    return done(said, address_of(state().after(Step.SITE)))


def _page(form: Form, found: SiteLook, status: int = 200) -> tuple[str, int]:
    return step_page(Step.SITE, "set_up/site.html", status, form=form, look=found)
