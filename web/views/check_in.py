"""The check-in form: what was done first, the one next step last."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from secrets import token_urlsafe

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from mapping.figures import Thresholds
from mapping.measure import progress_of
from mapping.okr import CONFIDENCE_RANGE, CheckInOrigin, Kind, Source
from sync.commands import NotPossible
from sync.commands.check_ins import record_check_in
from sync.queries.check_in import CheckInView, load_check_in
from web.done_words import done_words
from web.forms import Form
from web.language import gettext, said
from web.pages import done, page, person, resources
from web.rights import only_for_key_results
from web.typed_values import read_number

views = Blueprint("check_in", __name__)

MOST_TEXT = 4000
MOST_NEXT_STEP = 300


@views.get("/check-in/<key>")
def form(key: str) -> tuple[str, int]:
    view = _open_key_result(key)
    only_for_key_results(key)
    offered = done_words(view.moved)
    return _page(view, Form({"once": token_urlsafe(16), "offered": offered, "done_since": offered}))


@views.post("/check-in/<key>")
def save(key: str) -> Response | tuple[str, int]:
    view = _open_key_result(key)
    only_for_key_results(key)
    typed = Form(request.form)
    if typed.typed("look"):
        return _page(view, typed)
    value = _checked_value(typed, view)
    confidence = _checked_confidence(typed)
    _check_words(typed)
    if typed.is_good and value is None and confidence is None and not _has_words(typed):
        typed.refused = gettext(
            "Nothing was entered, so nothing was checked in. A figure, a confidence or one sentence is enough."
        )
    if typed.is_good:
        try:
            _record(key, typed, value, confidence)
        except NotPossible as refusal:
            typed.refused = said(refusal)
        else:
            return done(gettext("Checked in. Thank you."), url_for("key_result.show", key=key))
    return _page(view, typed, 422)


def _record(key: str, typed: Form, value: Decimal | None, confidence: int | None) -> None:
    record_check_in(
        resources(),
        person().workspace_id,
        key=key,
        value=value,
        confidence=confidence,
        done_since=typed.stripped("done_since"),
        note=typed.stripped("note"),
        blockers=typed.stripped("blockers"),
        next_step=typed.stripped("next_step"),
        author=person().name,
        origin=CheckInOrigin.WEB,
        # The same form sent twice, by a double click or a reload, is one check-in.
        idempotency_key=f"web:{person().person_id}:{typed.typed('once')[:40]}",
    )


def _open_key_result(key: str) -> CheckInView:
    view = load_check_in(resources(), person().workspace_id, key, resources().clock.now())
    if view is None:
        abort(404)
    return view


def _page(view: CheckInView, typed: Form, status: int = 200) -> tuple[str, int]:
    readings = _readings(typed, view)
    return page(
        "okrs/check_in.html", status, view=view.key_result, pages=view.pages,
        waiting=view.waiting, form=typed, makes=_makes(typed, view), is_low=_is_low(typed), refresh_seconds=0,
        readings=readings if len(readings) > 1 else (),
    )  # fmt: skip


def _checked_value(typed: Form, view: CheckInView) -> Decimal | None:
    text = typed.stripped("value")
    kr = view.key_result.figure.key_result
    if not text or kr.source is not Source.CHECK_INS or kr.kind is Kind.MILESTONE:
        return None
    readings = _readings(typed, view)
    meant = [value for value in readings if plain(value) == typed.stripped("meant")] or readings
    if len(meant) > 1:
        two_ways = gettext("“{text}” can be read in two ways. Say which one is meant.")
        typed.faults["value"] = two_ways.format(text=text)
    if not meant:
        typed.faults["value"] = gettext("Write a plain number, such as 29 or 3.6, without its unit.")
    return None if typed.wrong("value") else meant[0]


def _readings(typed: Form, view: CheckInView) -> tuple[Decimal, ...]:
    """What the figure may mean, largest first: ``1,234`` is two numbers, by where its author went to school."""
    return read_number(typed.stripped("value"), view.key_result.figure.key_result.unit)


def _makes(typed: Form, view: CheckInView) -> Fraction | None:
    """How much of the way the figure that was typed makes; None where it makes none, or nobody knows which is meant."""
    kr, readings = view.key_result.figure.key_result, _readings(typed, view)
    meant = [value for value in readings if plain(value) == typed.stripped("meant")] or readings
    return progress_of(kr, meant[0]) if len(meant) == 1 and kr.kind is Kind.METRIC else None


def _is_low(typed: Form) -> bool:
    """True where what was chosen is a confidence that needs somebody to act."""
    text = typed.typed("confidence")
    return len(text) == 1 and text in "0123456789" and int(text) < Thresholds().low_confidence_below


@views.app_template_filter()
def plain(value: Decimal) -> str:
    """1234 or 1.234, with nothing between thousands."""
    return f"{value:f}"


def _checked_confidence(typed: Form) -> int | None:
    text = typed.stripped("confidence")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) in CONFIDENCE_RANGE):
        typed.faults["confidence"] = gettext("Choose one of 0 to 10.")
        return None
    return int(text)


def _check_words(typed: Form) -> None:
    for name in ("done_since", "note", "blockers"):
        typed.at_most(name, MOST_TEXT)
    typed.at_most("next_step", MOST_NEXT_STEP)
    if not typed.stripped("once"):
        typed.values = {**typed.values, "once": token_urlsafe(16)}


def _has_words(typed: Form) -> bool:
    """What we wrote ourselves into the first field is nothing that anybody said."""
    own = _lines(typed.typed("done_since")) not in ("", _lines(typed.typed("offered")))
    return own or any(typed.stripped(name) for name in ("note", "blockers", "next_step"))


def _lines(text: str) -> str:
    """A browser ends lines in another way than we do."""
    return text.replace("\r\n", "\n").strip()
