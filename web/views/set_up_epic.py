"""Set-up, step 4: link an epic to a key result."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from connector.http import at_most
from sync.commands import NotPossible, link
from sync.commands.site_look import PATIENCE_SECONDS
from sync.queries.epic_search import search_epics
from sync.queries.key_results_to_choose import load_key_results_to_choose
from sync.queries.set_up import Step
from web.forms import Form
from web.language import gettext, said
from web.pages import done, person, resources
from web.views.set_up import address_of, state, step_page

views = Blueprint("set_up_epic", __name__, url_prefix="/set-up/epic")

LONGEST_SEARCH = 400


@views.get("")
def show() -> tuple[str, int]:
    return _page(Form(request.args))


@views.post("")
def save() -> Response | tuple[str, int]:
    form = Form(request.form)
    form.needs("epic", gettext("Choose an epic."), 300)
    form.needs("key_result", gettext("Choose a key result."), 40)
    if form.is_good:
        site, _, key = form.stripped("epic").rpartition(" ")
        try:
            with at_most(PATIENCE_SECONDS):
                report = link(
                    resources(), person().workspace_id, form.stripped("key_result"), key, who=person().name, site=site
                )
        except NotPossible as refusal:
            form.refused = said(refusal)
        else:
            told = gettext("{epic} serves {key_result} now.").format(
                epic=report.issue_key, key_result=report.key_result_key
            )
            return done(told, address_of(state().after(Step.EPIC)))
    return _page(form, 422)


def _page(form: Form, status: int = 200) -> tuple[str, int]:
    on, workspace_id = resources(), person().workspace_id
    text = form.stripped("text")[:LONGEST_SEARCH]
    found = None
    if text:
        with at_most(PATIENCE_SECONDS):
            found = search_epics(on, workspace_id, text)
    choices = load_key_results_to_choose(on, workspace_id)
    return step_page(Step.EPIC, "set_up/epic.html", status, form=form, search=found, key_results=choices)
