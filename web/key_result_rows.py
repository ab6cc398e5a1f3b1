"""The rows of a key result's form: the steps of a milestone, and the values that are expected on certain days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest

from mapping.okr import PhasedTarget, Step
from web.forms import Form
from web.language import gettext
from web.typed_values import read_day, read_number

MOST_ROWS = 40
MOST_STEP = 200
EMPTY_STEPS, EMPTY_DAYS = 3, 2
_PART = re.compile(r"([0-9]{1,6})/([1-9][0-9]{0,5})")
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,9})?) ?%?")
_STEP_KEY = re.compile(r"[^\s,;]{1,64}")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row as it was typed; ``number`` is what its tick is called."""

    number: int
    key: str
    title: str
    share: str
    done: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """One agreed value for a day, as it was typed."""

    on: str
    value: str


def typed_of_steps(steps: Sequence[Step]) -> dict[str, list[str]]:
    return {
        "step_key": [step.key for step in steps],
        "step_title": [step.title for step in steps],
        "step_share": [_share_words(step.share) for step in steps],
        "step_done": [str(number) for number, step in enumerate(steps) if step.done],
    }


def typed_of_phased(phased: Sequence[PhasedTarget]) -> dict[str, list[str]]:
    return {
        "phased_on": [point.on.isoformat() for point in phased],
        "phased_value": [f"{point.value:f}" for point in phased],
    }


def step_rows(form: Form) -> tuple[StepRow, ...]:
    """What was typed, and some empty rows below it."""
    done = form.many("step_done")
    typed = zip_longest(*(_column(form, f"step_{name}") for name in ("key", "title", "share")), fillvalue="")
    rows = [(key, title, share) for key, title, share in typed][:MOST_ROWS]
    rows += [("", "", "")] * EMPTY_STEPS
    return tuple(StepRow(number, *row, str(number) in done) for number, row in enumerate(rows))


def day_rows(form: Form) -> tuple[DayRow, ...]:
    typed = zip_longest(_column(form, "phased_on"), _column(form, "phased_value"), fillvalue="")
    rows = [DayRow(on, value) for on, value in typed if on or value][:MOST_ROWS]
    return (*rows, *[DayRow("", "")] * EMPTY_DAYS)


def read_steps(form: Form) -> tuple[Step, ...]:
    """The rows that say anything. Where none says a share, all are equal."""
    rows = [row for row in step_rows(form) if row.title or row.share or row.done]
    if not rows:
        form.faults["step_title"] = gettext("Write at least one step.")
    if any(not row.title or len(row.title) > MOST_STEP for row in rows):
        form.faults["step_title"] = gettext("Each step needs words, at most 200 characters.")
    shares = _shares(form, rows)
    keys = _keys([row.key for row in rows])
    if form.faults:
        return ()
    return tuple(Step(key, row.title, share, row.done) for key, row, share in zip(keys, rows, shares, strict=True))


def read_phased(form: Form, unit: str) -> tuple[PhasedTarget, ...]:
    """In the order of their days."""
    found: dict[date, Decimal] = {}
    for row in day_rows(form):
        if not row.on and not row.value:
            continue
        on, values = read_day(row.on), read_number(row.value, unit)
        if on is None or len(values) != 1 or on in found:
            form.faults["phased_on"] = gettext("Each line needs one day, once, and one plain number.")
            return ()
        found[on] = values[0]
    return tuple(PhasedTarget(on, value) for on, value in sorted(found.items()))


def _column(form: Form, name: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in form.many(name))


def _keys(given: Sequence[str]) -> list[str]:
    """Those that are there stay, since links name them; a new row gets the next number."""
    kept = {key for key in given if key}
    keys: list[str] = []
    number = 0
    for key in given:
        good = key if _STEP_KEY.fullmatch(key) and key not in keys else ""
        while not good:
            number += 1
            good = f"step-{number}" if f"step-{number}" not in kept else ""
        keys.append(good)
    return keys


def _shares(form: Form, rows: Sequence[StepRow]) -> list[Fraction]:
    if all(not row.share for row in rows):
        return [Fraction(1, len(rows)) for _ in rows]
    shares = [_share(row.share) for row in rows]
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        form.faults["step_title"] = gettext("Write each share like 30 % or 1/3, or none at all for equal ones.")
    elif sum(known) != 1:
        said = gettext("The shares make {sum} together; they have to make 100 %.")
        form.faults["step_title"] = said.format(sum=_share_words(_sum(known)))
    return known


def _sum(shares: Iterable[Fraction]) -> Fraction:
    return sum(shares, Fraction(0))


def _share(text: str) -> Fraction | None:
    if part := _PART.fullmatch(text):
        return Fraction(int(part[1]), int(part[2]))
    percent = _PERCENT.fullmatch(text)
    return Fraction(percent[1].replace(",", ".")) / 100 if percent else None


def _share_words(share: Fraction) -> str:
    percent = share * 100
    return f"{percent.numerator} %" if percent.denominator == 1 else f"{share.numerator}/{share.denominator}"
