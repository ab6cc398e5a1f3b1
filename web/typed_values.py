"""Days, numbers and words out of a posted form; what cannot be read is said beside its field."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from mapping.typed_text import parse_number
from mapping.words import LANGUAGES
from web.forms import Form
from web.language import gettext

MOST_DIGITS = 30
_YEARS = range(2000, 2200)


def words(form: Form, name: str, most: int, needed: str = "") -> str:
    """The text without what no page can show; ``needed`` is said where it is empty."""
    if needed:
        form.needs(name, needed, most)
    else:
        form.at_most(name, most)
    return "".join(each for each in form.stripped(name) if each.isprintable() or each in "\n\t")


def chosen(form: Form, name: str, among: Collection[str]) -> str:
    """One of the answers that were offered; the first one is taken for any other, and that is said."""
    answer = form.typed(name)
    if answer in among:
        return answer
    form.faults[name] = gettext("Choose one of these.")
    return next(iter(among))


def day(form: Form, name: str, needed: str = "") -> date | None:
    """A day such as 2026-11-30; None where it is empty or wrong."""
    text = form.stripped(name)
    if not text and needed:
        form.faults[name] = needed
    found = read_day(text)
    if text and found is None:
        form.faults[name] = gettext("Write a day such as 2026-11-30.")
    return found


def read_day(text: str) -> date | None:
    """None where it is no day that a cycle could have."""
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-11-30") else None
    except ValueError:
        return None
    return found if found is not None and found.year in _YEARS else None


def number(form: Form, name: str, unit: str = "", needed: str = "") -> Decimal | None:
    """As people write numbers; one that can be read in two ways is asked back."""
    text = form.stripped(name)
    if not text and needed:
        form.faults[name] = needed
    readings = read_number(text, unit)
    if text and not readings:
        form.faults[name] = gettext("Write a plain number, such as 29 or 3.6, without its unit.")
    if len(readings) > 1:
        said = gettext("“{text}” can be read in two ways. Write {ways}.")
        form.faults[name] = said.format(text=text, ways=gettext(" or ").join(f"{each:f}" for each in readings))
    return readings[0] if len(readings) == 1 else None


def read_number(text: str, unit: str = "") -> tuple[Decimal, ...]:
    """What it may mean, largest first: ``1,234`` is two numbers, by where its author went to school."""
    if not text or len(text) > MOST_DIGITS:
        return ()
    read = {parse_number(text, language, unit) for language in LANGUAGES}
    return tuple(sorted((value for value in read if value is not None), reverse=True))


def whole(form: Form, name: str, most: int) -> int:
    """A number from 0 to ``most``; 0 where it is empty."""
    text = form.stripped(name)
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most):
        form.faults[name] = gettext("Write a whole number from 0 to {most}.").format(most=most)
        return 0
    return int(text)
