"""Which check-ins are due, and taking one back that was wrong."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from sync.commands import NotPossible
from sync.commands.withdrawing import may_withdraw, withdraw_check_in
from sync.queries.check_ins_due import load_check_ins_due
from sync.queries.withdrawal import WithdrawalView, load_withdrawal
from web.forms import Form
from web.language import gettext
from web.numbers import LARGEST_NUMBER
from web.pages import done, page, person, resources
from web.refused import tell_refusal
from web.rights import only_for_key_results

views = Blueprint("check_ins", __name__)

Answer = Response | tuple[str, int]
# What a database's column for numbers holds; a larger one cannot be anybody's.
ONE = f"/check-in/<key>/withdraw/<int(max={LARGEST_NUMBER}):check_in_id>"
MOST_REASON = 1000


@views.get("/check-ins")
def list_() -> Answer:
    on = resources()
    view = load_check_ins_due(on, person().workspace_id, person().name, on.clock.now())
    return page("okrs/check_ins.html", view=view)


@views.get(ONE)
def ask_to_withdraw(key: str, check_in_id: int) -> Answer:
    return _page(_view(key, check_in_id), Form())


@views.post(ONE)
def withdraw(key: str, check_in_id: int) -> Answer:
    view = _view(key, check_in_id)
    typed = Form(request.form)
    typed.at_most("why", MOST_REASON)
    if typed.is_good:
        try:
            why = typed.stripped("why")
            withdraw_check_in(resources(), person().workspace_id, key, check_in_id, why=why, person=person())
        except NotPossible as refusal:
            tell_refusal(typed, refusal)
    if not typed.is_good:
        return _page(view, typed, 422)
    return done(gettext("It is withdrawn, and counts nowhere any more."), url_for("key_result.show", key=key))


def _view(key: str, check_in_id: int) -> WithdrawalView:
    view = load_withdrawal(resources(), person().workspace_id, key, check_in_id, resources().clock.now())
    if view is None:
        abort(404)
    only_for_key_results(key)
    if not may_withdraw(view.kept, person()):
        abort(403)
    return view


def _page(view: WithdrawalView, typed: Form, status: int = 200) -> tuple[str, int]:
    return page("okrs/withdraw.html", status, refresh_seconds=0, view=view, form=typed)
