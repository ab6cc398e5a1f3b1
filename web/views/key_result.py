"""One key result: why it stands where it stands, what is linked to it, and how it moved."""

from __future__ import annotations

from flask import Blueprint, abort

from connector.store.check_ins import KeptCheckIn
from sync.commands import withdrawing
from sync.queries.key_result import load_key_result
from web.pages import page, person, resources

views = Blueprint("key_result", __name__)

REFRESH_SECONDS = 10


@views.get("/kr/<key>")
def show(key: str) -> tuple[str, int]:
    on = resources()
    view = load_key_result(on, person().workspace_id, key, on.clock.now())
    if view is None:
        abort(404)
    return page("okrs/key_result.html", refresh_seconds=REFRESH_SECONDS, view=view, may_withdraw=_may_withdraw)


def _may_withdraw(kept: KeptCheckIn) -> bool:
    """Whether the reader of the page may take this check-in back."""
    return withdrawing.may_withdraw(kept, person())
