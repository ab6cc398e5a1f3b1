"""Which account each owner's name stands for, where tables ask who types."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from sync.commands import NotPossible
from sync.commands.owner_accounts import set_owner_account
from sync.queries.owner_accounts import load_owner_accounts
from web.language import gettext, said
from web.pages import done, page, person, resources

views = Blueprint("table_owners", __name__, url_prefix="/tables/owners")

MOST_DIGITS = 18


@views.get("")
def list_() -> tuple[str, int]:
    return _page("")


@views.post("")
def change() -> Response | tuple[str, int]:
    form = request.form
    number, name = form.get("connection", ""), form.get("name", "")
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        abort(404)
    try:
        account = set_owner_account(
            resources(), person().workspace_id, int(number), name, form.get("account", ""),
            who=person().name, seen=form.get("seen", ""),
        )  # fmt: skip
    except NotPossible as refusal:
        return _page(said(refusal), 422)
    if account:
        message = gettext("%(name)s stands for the account %(account)s now.") % {"name": name, "account": account}
    else:
        message = gettext("%(name)s stands for the first account of that name that checks in.") % {"name": name}
    return done(message, url_for("table_owners.list_"))


def _page(refused: str, status: int = 200) -> tuple[str, int]:
    sites = load_owner_accounts(resources(), person().workspace_id)
    return page("tables/owners.html", status, refresh_seconds=0, sites=sites, refused=refused)
