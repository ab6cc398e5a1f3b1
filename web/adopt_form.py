"""What a person says about a table that was made by hand, as the fields of a form."""

from __future__ import annotations

from datetime import date

from mapping.adoption import FoundTable
from mapping.adoption_columns import FoundColumn
from mapping.adoption_words import Meaning
from sync.commands.adopt_cycle import CycleWish
from sync.commands.adopt_draft import AdoptionWish
from web.forms import Form
from web.language import gettext

MOST_COLUMNS = 100
_PREFIX = "column-"


def wish_of(form: Form) -> AdoptionWish:
    """What was chosen; what cannot be read is said beside its field."""
    form.needs("page", gettext("Say which page: its address, or the number in it."), 600)
    for name, most in (("cycle", 40), ("cycle_name", 120), ("prefix", 16)):
        form.at_most(name, most)
    return AdoptionWish(
        page=form.stripped("page"),
        numbers=tuple(int(each) for each in form.many("table") if _is_small(each)),
        cycle=CycleWish(form.stripped("cycle"), form.stripped("cycle_name"), _day(form, "starts"), _day(form, "ends")),
        prefix=form.stripped("prefix"),
        columns=_columns(form),
    )


def columns_of(form: Form, table: FoundTable) -> list[tuple[FoundColumn, str]]:
    """Each column with what it holds: as a person said, else as it was recognised."""
    said = _columns(form)
    return [
        (column, str(said.get(column.index + 1, _shown(column.meaning))))
        for column in table.sheet.columns[:MOST_COLUMNS]
    ]


def meanings() -> tuple[Meaning, ...]:
    """What may be said of a column."""
    return tuple(each for each in Meaning if each is not Meaning.UNKNOWN)


def _shown(meaning: Meaning) -> Meaning:
    return Meaning.IGNORE if meaning is Meaning.UNKNOWN else meaning


def _columns(form: Form) -> dict[int, Meaning]:
    """Only those of which something else was said than what had been recognised, so that the rest is told anew."""
    known = {str(each): each for each in meanings()}
    chosen = {}
    for name in form.values:
        number = name.removeprefix(_PREFIX)
        said, was = form.typed(name), form.typed(f"was-{number}")
        if name.startswith(_PREFIX) and _is_small(number) and said in known and said != was:
            chosen[int(number)] = known[said]
    return chosen


def _day(form: Form, name: str) -> date | None:
    typed = form.stripped(name)
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        form.faults[name] = gettext("Write the day as 2026-10-01.")
        return None


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) <= 3 and int(text) > 0
