"""One link: how it serves its key result, or whether it does."""

from __future__ import annotations

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from mapping.okr import KeyResult
from sync.commands import NotPossible
from sync.commands.link_change import ChangedMeanwhile, change_link, unlink_one
from sync.queries.link_effect import effect_of_unlinking
from sync.queries.mappings import LinkRow, load_link, load_linked_key_result
from web.forms import Form
from web.language import gettext, said
from web.numbers import LARGEST_NUMBER
from web.pages import done, page, person, resources
from web.rights import only_for_key_results
from web.views.mappings import read_wish, ways_to_serve

views = Blueprint("mapping_link", __name__, url_prefix="/mappings/links")

ONE = f"/<key>/<int(max={LARGEST_NUMBER}):connection_id>/<issue_id>"


@views.get(ONE)
def form(key: str, connection_id: int, issue_id: str) -> tuple[str, int]:
    row = _row(key, connection_id, issue_id)
    return _page(row, Form(_as_kept(row)))


@views.post(ONE)
def save(key: str, connection_id: int, issue_id: str) -> Response | tuple[str, int]:
    row = _row(key, connection_id, issue_id)
    typed = Form(request.form)
    wish = read_wish(typed, _key_result(row))
    if wish is not None and typed.is_good:
        name = (key, connection_id, issue_id)
        try:
            changed = change_link(
                resources(), person().workspace_id, name, wish, seen=typed.typed("seen"), who=person().name
            )
        except ChangedMeanwhile:
            return _changed_meanwhile(_row(key, connection_id, issue_id), typed)
        except NotPossible as refusal:
            typed.refused = said(refusal)
        else:
            words = gettext("The link is changed.") if changed else gettext("It was so already; nothing changed.")
            return done(words, url_for("mappings.links"))
    return _page(row, typed, 422)


@views.post(f"{ONE}/unlink")
def unlink(key: str, connection_id: int, issue_id: str) -> Response:
    row = load_link(resources(), person().workspace_id, key, connection_id, issue_id)
    if row is None:
        return done(gettext("It was unlinked already."), url_for("mappings.links"))
    only_for_key_results(key)
    unlink_one(resources(), person().workspace_id, (key, connection_id, issue_id), who=person().name)
    words = gettext("%(epic)s serves %(key)s no longer.") % {"epic": row.issue_key, "key": key}
    return done(words, url_for("mappings.links"))


def _row(key: str, connection_id: int, issue_id: str) -> LinkRow:
    row = load_link(resources(), person().workspace_id, key[:40], connection_id, issue_id[:40])
    if row is None:
        abort(404)
    only_for_key_results(key)
    return row


def _key_result(row: LinkRow) -> KeyResult:
    return load_linked_key_result(resources(), person().workspace_id, row)


def _as_kept(row: LinkRow) -> dict[str, str]:
    link = row.link
    how = f"step:{link.step_key}" if link.step_key else str(link.role)
    return {"how": how, "weight": f"{link.weight:f}", "seen": row.seen}


def _changed_meanwhile(row: LinkRow, typed: Form) -> tuple[str, int]:
    """What is kept now stands beside what was typed; saving again takes it that both were seen."""
    typed.values = {**typed.values, "seen": row.seen}
    return _page(row, typed, 409, changed=True)


def _page(row: LinkRow, typed: Form, status: int = 200, *, changed: bool = False) -> tuple[str, int]:
    effect = effect_of_unlinking(resources(), person().workspace_id, row.link, resources().clock.now())
    return page(
        "mappings/link.html", status, refresh_seconds=0, row=row, form=typed, effect=effect, changed=changed,
        ways=ways_to_serve(_key_result(row)),
    )  # fmt: skip
