"""Set-up, step 3: the first objectives and key results, from one's own work, a file, or a table on a page."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from connector.http import at_most
from sync.commands import NotPossible, import_okrs
from sync.commands.first_okrs import cycles_to_choose, write_first_okr
from sync.commands.issue_keys import clean_key
from sync.commands.site_look import PATIENCE_SECONDS
from sync.queries.epic_search import search_epics
from sync.queries.set_up import Step
from web.forms import Form
from web.language import gettext, said
from web.okr_draft_form import LONGEST_SENTENCE, asked, drafted, read_first_okr
from web.pages import done, person, resources
from web.views.set_up import address_of, state, step_page

views = Blueprint("set_up_okrs", __name__, url_prefix="/set-up/okrs")

LONGEST_SEARCH = 400
EXAMPLE = """\
cycle: {key: 2026-q4, name: Q4 2026, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: PAY-O1
    title: Paying feels instant
    team: Payments
    key_results:
      - key: PAY-KR1
        title: Median checkout time
        from: 38
        to: 20
        unit: s
"""


@views.get("")
def show() -> tuple[str, int]:
    """Search among one's own epics; the other two ways stand below."""
    text = request.args.get("text", "")[:LONGEST_SEARCH]
    found = None
    if text.strip():
        with at_most(PATIENCE_SECONDS):
            found = search_epics(resources(), person().workspace_id, text)
    return step_page(Step.OKRS, "set_up/okrs.html", text=text, search=found)


@views.get("/draft")
def draft() -> tuple[str, int]:
    return _draft_page(Form({"owner": person().name}), request.args.get("issue", ""))


@views.post("/draft/look")
def look() -> tuple[str, int]:
    form = Form(request.form)
    form.at_most("sentence", LONGEST_SENTENCE)
    return _draft_page(form, form.typed("issue"), 200 if form.is_good else 422)


@views.post("/draft")
def save() -> Response | tuple[str, int]:
    form = Form(request.form)
    issue = _issue_key(form.typed("issue"))
    written = read_first_okr(form, issue)
    if form.is_good:
        try:
            with at_most(PATIENCE_SECONDS):
                kept = write_first_okr(resources(), person().workspace_id, written, who=person().name)
        except NotPossible as refusal:
            form.refused = said(refusal)
        else:
            text = gettext("{objective} with {key_result} is saved as a draft.")
            if issue:
                text = gettext("{objective} with {key_result} is saved as a draft, and {issue} is linked to it.")
            told = text.format(objective=kept.objective_key, key_result=kept.key_result_key, issue=issue)
            return done(told, address_of(state().after(Step.OKRS)))
    return _draft_page(form, issue, 422)


@views.get("/file")
def file() -> tuple[str, int]:
    return step_page(Step.OKRS, "set_up/file.html", form=Form(), example=EXAMPLE)


@views.post("/file")
def take_file() -> Response | tuple[str, int]:
    form = Form(request.form)
    text = _text_of_file(form) or form.typed("text")
    if not text.strip() and form.is_good:
        form.faults["text"] = gettext("Choose a file, or paste its text.")
    if form.is_good:
        try:
            with at_most(PATIENCE_SECONDS):
                report = import_okrs(resources(), person().workspace_id, text, person().name)
        except NotPossible as refusal:
            form.refused = said(refusal)
        else:
            told = gettext("{n} objectives, key results and cycles are taken over.").format(n=len(report.added))
            return done(told, address_of(state().after(Step.OKRS)))
    kept = Form({**form.values, "text": text}, form.faults, form.refused)
    return step_page(Step.OKRS, "set_up/file.html", 422, form=kept, example=EXAMPLE)


def _text_of_file(form: Form) -> str:
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        return ""
    try:
        return str(uploaded.read(), "utf-8-sig")
    except UnicodeDecodeError:
        form.faults["file"] = gettext("This file is not text in UTF-8. Save it as UTF-8.")
        return ""


def _issue_key(text: str) -> str:
    try:
        return clean_key(text) if text.strip() else ""
    except NotPossible:
        return ""


def _draft_page(form: Form, issue: str, status: int = 200) -> tuple[str, int]:
    shown, draft = drafted(form)
    cycles = cycles_to_choose(resources(), person().workspace_id)
    return step_page(
        Step.OKRS, "set_up/draft.html", status, form=shown, issue=_issue_key(issue), questions=asked(shown, draft),
        cycles=tuple((each.key, each.name) for each in cycles), falls=draft.falls, back=url_for("set_up_okrs.show"),
    )  # fmt: skip
