"""The quarter or half-year that a title names: ``OKRs Q4 2026``, ``4. Quartal 2026``, ``2026-q4``, ``H2/2026``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from mapping.okr import Cycle, CycleState

_YEAR = r"(?P<year{0}>20[0-9]{{2}})"
_BETWEEN = r"[ /._-]{0,3}"
_NAMED = re.compile(
    rf"\b(?P<letter1>[QH])(?P<number1>[1-4]){_BETWEEN}{_YEAR.format(1)}\b|"
    rf"\b{_YEAR.format(2)}{_BETWEEN}(?P<letter2>[QH])(?P<number2>[1-4])\b|"
    rf"\b(?P<number3>[1-4])\. (?:Quartal|quarter) {_YEAR.format(3)}\b",
    re.IGNORECASE,
)
_MONTHS = {"Q": 3, "H": 6}


def cycle_named_in(text: str, today: date) -> Cycle | None:
    """The first one that is named, as people name cycles: ``2026-q4``, ``Q4 2026``; ``today`` tells how it stands."""
    for found in _NAMED.finditer(text):
        which = next(number for number in "123" if found[f"year{number}"])
        letter = "Q" if which == "3" else found[f"letter{which}"].upper()
        number, year = int(found[f"number{which}"]), int(found[f"year{which}"])
        if number * _MONTHS[letter] <= 12:
            return _cycle(letter, number, year, today)
    return None


def state_of(starts_on: date, ends_on: date, today: date) -> CycleState:
    """How a cycle of these days stands today."""
    if today < starts_on:
        return CycleState.PLANNED
    return CycleState.OPEN if today <= ends_on else CycleState.CLOSED


def _cycle(letter: str, number: int, year: int, today: date) -> Cycle:
    months = _MONTHS[letter]
    starts_on = date(year, (number - 1) * months + 1, 1)
    after = number * months + 1
    ends_on = date(year + (after > 12), after if after <= 12 else 1, 1) - timedelta(days=1)
    name = f"{letter}{number} {year}"
    return Cycle(f"{year}-{letter.lower()}{number}", name, starts_on, ends_on, state_of(starts_on, ends_on, today))
