"""What a command refused, where its person sees it: beside the field, or above the form."""

from __future__ import annotations

from collections.abc import Mapping

from sync.commands import NotPossible
from sync.commands.okr_refusals import ReasonAsked, WrongField
from web.forms import Form
from web.language import said

_NOTHING: Mapping[str, str] = {}


def tell_refusal(form: Form, refusal: NotPossible, fields: Mapping[str, str] = _NOTHING) -> None:
    """``fields``: where the form calls a field otherwise than the command does."""
    if isinstance(refusal, ReasonAsked):
        form.faults["reason"] = said(refusal)
    elif isinstance(refusal, WrongField) and refusal.field:
        form.faults[fields.get(refusal.field, refusal.field)] = said(refusal)
    else:
        form.refused = said(refusal)
