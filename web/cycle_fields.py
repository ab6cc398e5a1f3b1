"""A cycle out of its form, and back into it."""

from __future__ import annotations

from mapping.okr import CYCLE_KEY_PATTERN, Cycle, CycleState, InvalidOkr
from web.forms import Form
from web.language import gettext
from web.typed_values import chosen, day, words

# An address of ours; a cycle of that key could not be looked at.
_NO_KEY = "new"
MOST_NAME = 100


def typed_of_cycle(cycle: Cycle) -> dict[str, str]:
    """What the form shows for a cycle as it is kept."""
    return {
        "key": cycle.key,
        "name": cycle.name,
        "starts_on": cycle.starts_on.isoformat(),
        "ends_on": cycle.ends_on.isoformat(),
        "state": str(cycle.state),
    }


def read_cycle(form: Form, key: str = "") -> Cycle | None:
    """The cycle that was typed, under ``key`` where it has one already; None where anything is wrong."""
    key = key or _key(form)
    name = words(form, "name", MOST_NAME, gettext("Give it a name, such as Q4 2026."))
    starts_on = day(form, "starts_on", gettext("Say its first day."))
    ends_on = day(form, "ends_on", gettext("Say its last day."))
    state = CycleState(chosen(form, "state", [str(each) for each in CycleState]))
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        form.faults["ends_on"] = gettext("It would end before it starts.")
    if form.faults or starts_on is None or ends_on is None:
        return None
    try:
        return Cycle(key, name, starts_on, ends_on, state)
    except InvalidOkr as error:
        form.faults[error.field] = str(error)
        return None


def _key(form: Form) -> str:
    key = form.stripped("key")
    if not CYCLE_KEY_PATTERN.fullmatch(key) or key == _NO_KEY:
        form.faults["key"] = gettext("Use lower-case letters, digits and hyphens, such as 2026-q4.")
    return key
