"""Set-up, step 5: the first page, looked at before anything is written."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from connector.http import at_most
from sync.commands import NotPossible, TableWish, add_table
from sync.commands.first_okrs import cycles_to_choose
from sync.commands.site_look import PATIENCE_SECONDS
from sync.preview import Preview, preview_table
from sync.queries.page_search import find_pages
from sync.queries.set_up import Step
from web.forms import Form
from web.language import gettext, language, said
from web.pages import done, person, resources
from web.table_html import render_preview
from web.views.set_up import step_page

views = Blueprint("set_up_page", __name__, url_prefix="/set-up/page")

LONGEST_ADDRESS = 600


@views.get("")
def show() -> tuple[str, int]:
    return _page(Form({"language": language()}), None)


@views.post("/look")
def look() -> tuple[str, int]:
    form = Form(request.form)
    preview = _preview(form)
    return _page(form, preview, 200 if form.is_good else 422)


@views.post("")
def save() -> Response | tuple[str, int]:
    form = Form(request.form)
    preview = _preview(form)
    if preview is None or preview.hindrance:
        return _page(form, preview, 422)
    try:
        with at_most(PATIENCE_SECONDS):
            added = add_table(resources(), person().workspace_id, _wish(form), who=person().name)
    except NotPossible as refusal:
        form.refused = said(refusal)
        return _page(form, preview, 422)
    told = gettext("The table is put into {page}; it stands there within seconds.").format(page=added.page_title)
    return done(told, url_for("set_up.done"))


def _preview(form: Form) -> Preview | None:
    form.needs("page", gettext("Paste the address of the page."), LONGEST_ADDRESS)
    if not form.is_good:
        return None
    try:
        with at_most(PATIENCE_SECONDS):
            if not _found(form):
                return None
            return preview_table(resources(), person().workspace_id, _wish(form))
    except NotPossible as refusal:
        form.faults["page"] = said(refusal)
        return None


def _found(form: Form) -> bool:
    """Whether one page is meant; a title becomes the address of its page."""
    pages = find_pages(resources(), person().workspace_id, form.stripped("page"))
    if len(pages) == 1:
        form.values = {**form.values, "page": pages[0].address}
    elif pages:
        spaces = ", ".join(each.space for each in pages)
        text = gettext("Several pages have this title, in {spaces}. Paste the address of the one that is meant.")
        form.faults["page"] = text.format(spaces=spaces)
    else:
        form.faults["page"] = gettext("No page has exactly this title, or our account may not see it.")
    return len(pages) == 1


def _wish(form: Form) -> TableWish:
    return TableWish(form.stripped("page"), form.stripped("cycle"), language=form.stripped("language") or "en")


def _page(form: Form, preview: Preview | None, status: int = 200) -> tuple[str, int]:
    cycles = cycles_to_choose(resources(), person().workspace_id)
    return step_page(
        Step.PAGE, "set_up/page.html", status, form=form, preview=preview,
        table=render_preview(preview.table) if preview is not None else "",
        cycles=tuple((each.key, each.name) for each in cycles),
    )  # fmt: skip
