"""Taking over a table that somebody made by hand: look at what was recognised, correct it, then do it."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from sync.commands import NotPossible
from sync.commands.adopt import Adopted, Confirmed, adopt_table
from sync.commands.adopt_draft import Adoption, PageTables, draft_adoption, look_at_tables
from web.adopt_form import columns_of, meanings, wish_of
from web.forms import Form
from web.language import gettext, said
from web.pages import done, page, person, resources
from web.rights import only_for_teams
from web.texts_asked import why_not_taken

views = Blueprint("table_adopt", __name__, url_prefix="/tables/adopt")

MOST_NAMED = 10
MOST_VERSION_DIGITS = 9


@views.get("")
def form() -> tuple[str, int]:
    only_for_teams(())
    typed = Form(MultiDict({"page": request.args.get("page", "")}))
    return _looked(typed) if typed.stripped("page") else _page(typed)


@views.post("/look")
def look() -> tuple[str, int]:
    only_for_teams(())
    return _looked(Form(request.form))


@views.post("")
def adopt() -> Response | tuple[str, int]:
    only_for_teams(())
    typed = Form(request.form)
    wish, version = wish_of(typed), typed.typed("version")
    if not (version.isascii() and version.isdigit() and len(version) <= MOST_VERSION_DIGITS):
        return _looked(typed)  # nobody has looked yet
    if not typed.is_good:
        return _looked(typed, 422)
    corrected = typed.typed("yaml") if typed.typed("use_yaml") else ""
    typed.refused = why_not_taken(corrected)
    if typed.refused:
        return _looked(typed, 422)
    try:
        adopted = adopt_table(
            resources(), person().workspace_id, wish, Confirmed(int(version), corrected),
            who=person().name, replace_original=bool(typed.typed("replace")),
        )  # fmt: skip
    except NotPossible as refusal:
        typed.refused = said(refusal)
        return _looked(typed, 422)
    return done(_told(adopted), url_for("tables.show", table_id=adopted.table.table_id))


def _looked(typed: Form, status: int = 200) -> tuple[str, int]:
    """What the page holds and what would become of it; nothing is changed."""
    wish = wish_of(typed)
    if typed.wrong("page"):
        return _page(typed, status=422)
    try:
        looked = look_at_tables(resources(), person().workspace_id, wish.page)
    except NotPossible as refusal:
        typed.faults["page"] = said(refusal)
        return _page(typed, status=422)
    if typed.faults:
        return _page(typed, looked, status=422)
    try:
        adoption = draft_adoption(resources(), person().workspace_id, looked, wish, person().name)
    except NotPossible as refusal:
        typed.refused = typed.refused or said(refusal)
        return _page(typed, looked, status=422)
    return _page(typed, looked, adoption, status)


def _told(adopted: Adopted) -> str:
    report = adopted.report
    told = [gettext("Taken over: %(new)s new, %(links)s links, %(check_ins)s check-ins.") % {
        "new": len(report.added), "links": report.links_added, "check_ins": report.check_ins_added,
    }]  # fmt: skip
    if adopted.not_linked:
        named = ", ".join(key for key, _ in adopted.not_linked[:MOST_NAMED])
        told.append(gettext("Not linked, since Jira does not show them to us: %(keys)s.") % {"keys": named})
    if not adopted.replaces:
        told.append(gettext("The hand-made table stays as it is; take it out when nobody needs it."))
    return " ".join(told)


def _page(
    typed: Form, looked: PageTables | None = None, adoption: Adoption | None = None, status: int = 200
) -> tuple[str, int]:
    first = adoption.tables[0] if adoption else next(iter(looked.meant), None) if looked else None
    return page(
        "tables/adopt.html", status, refresh_seconds=0, form=typed, looked=looked, adoption=adoption,
        first=first, columns=columns_of(typed, first) if first else [], meanings=meanings(),
    )  # fmt: skip
