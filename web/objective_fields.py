"""An objective out of its form, and back into it."""

from __future__ import annotations

import re
from decimal import Decimal

from mapping.okr import KEY_PATTERN, InvalidOkr, Objective, Stage
from web.forms import Form
from web.language import gettext
from web.typed_values import chosen, number, whole, words

MOST_TITLE = 300
MOST_NAME = 100
MOST_TEXT = 4000
MOST_PARENTS = 20
MOST_POSITION = 9999


def typed_of_objective(objective: Objective) -> dict[str, str]:
    """What the form shows for an objective as it is kept."""
    return {
        "key": objective.key,
        "cycle_key": objective.cycle_key,
        "title": objective.title,
        "why": objective.why,
        "sponsor": objective.sponsor,
        "team": objective.team,
        "parent_keys": ", ".join(objective.parent_keys),
        "weight": f"{objective.weight:f}",
        "position": str(objective.position),
        "stage": str(objective.stage),
    }


def read_objective(form: Form, key: str, stage: Stage) -> Objective | None:
    """The objective that was typed, under this key; ``stage`` is what it is at. None where anything is wrong."""
    stages = (Stage.DRAFT, Stage.AGREED) if stage is not Stage.GRADED else tuple(Stage)
    weight = number(form, "weight") if form.stripped("weight") else Decimal(1)
    typed = {
        "cycle_key": words(form, "cycle_key", MOST_NAME, gettext("Choose the cycle that it belongs to.")),
        "title": words(form, "title", MOST_TITLE, gettext("Say in one sentence what will be different.")),
        "why": words(form, "why", MOST_TEXT),
        "sponsor": words(form, "sponsor", MOST_NAME),
        "team": words(form, "team", MOST_NAME),
    }
    parents = _parents(form)
    position = whole(form, "position", MOST_POSITION)
    at = Stage(chosen(form, "stage", [str(each) for each in stages]))
    _check_key(form, key)
    if weight is None or form.faults:
        return None
    try:
        return Objective(key=key, parent_keys=parents, weight=weight, position=position, stage=at, **typed)
    except InvalidOkr as error:
        form.faults[error.field] = str(error)
        return None


def _check_key(form: Form, key: str) -> None:
    if not KEY_PATTERN.fullmatch(key) or "-O" not in key:
        form.faults["key"] = gettext("Write it like PAY-O1: team in capitals, hyphen, O, number.")


def _parents(form: Form) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(part.upper() for part in re.split(r"[,;\s]+", form.stripped("parent_keys")) if part))
    if len(keys) > MOST_PARENTS or any(not KEY_PATTERN.fullmatch(key) or "-O" not in key for key in keys):
        form.faults["parent_keys"] = gettext("Write keys of objectives, such as COM-O1, with commas between them.")
        return ()
    return keys
