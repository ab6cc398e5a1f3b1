"""What may be chosen of a table's look, place and rules, checked in words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from connector.store.okrs import CycleOkrs
from connector.store.tables import NewTable
from mapping.okr import CycleState
from mapping.table_parts import Column, Container, Design, InvalidTable, Shape, TableSpec, Width, choosable_columns
from mapping.words import LANGUAGES
from sync.commands.not_possible import NotPossible

CHECK_IN_BY = ("owner", "team", "editors")
MOST_BUCKET = 1000
MOST_MINUTES = 24 * 60


class WrongChoice(NotPossible):
    """``choice`` names what cannot be so, as the fields of TableWish are named."""

    def __init__(self, choice: str, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.choice = choice


def check_choices(new: NewTable, okrs: CycleOkrs, service_url: str) -> NewTable:
    """The same table with its columns named as they are kept. WrongChoice where no table can be as it was chosen."""
    _check_one_of("language", "language", new.language, LANGUAGES)
    _check_one_of("design", "design", new.design, tuple(Design))
    _check_one_of("shape", "shape", new.shape, tuple(Shape))
    _check_one_of("width", "width", new.width, tuple(Width))
    _check_one_of("container", "container", new.container, tuple(Container))
    _check_one_of("check_in_by", "choice of who may check in", new.check_in_by, CHECK_IN_BY)
    _check_filter(new, okrs)
    _check_shape(new, okrs)
    _check_budget(new)
    return replace(new, columns=_columns(new, service_url))


def said(choices: Collection[str]) -> str:
    """``a, b or c``"""
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def _check_one_of(choice: str, what: str, chosen: str, choices: Collection[str]) -> None:
    if chosen not in set(choices):
        raise WrongChoice(
            choice, "There is no {what} {chosen!r}. Choose {choices}.", what=what, chosen=chosen, choices=said(choices)
        )


def _check_filter(new: NewTable, okrs: CycleOkrs) -> None:
    objectives = [objective for objective, _ in okrs.objectives]
    for choice, word, wanted, known in (
        ("teams", "team", new.teams, {each.team for each in objectives if each.team}),
        ("objective_keys", "objective", new.objective_keys, {each.key for each in objectives}),
    ):
        unknown = sorted(set(wanted) - known)
        if unknown:
            there = ", ".join(sorted(known)) or "none"
            raise WrongChoice(
                choice,
                "{cycle} has no {word} {unknown}. It has: {there}.",
                cycle=new.cycle_key,
                word=word,
                unknown=", ".join(unknown),
                there=there,
            )


def _check_shape(new: NewTable, okrs: CycleOkrs) -> None:
    if new.shape == Shape.OBJECTIVE and len(new.objective_keys) != 1:
        raise WrongChoice("objective_keys", "This shape shows exactly one objective. Choose which one.")
    if new.shape == Shape.SNAPSHOT and okrs.cycle.state is not CycleState.CLOSED:
        raise WrongChoice(
            "shape",
            "A snapshot shows a cycle as it ended, and {cycle} has not ended. Close the cycle first, or choose another "
            "shape.",
            cycle=okrs.cycle.name,
        )


def _check_budget(new: NewTable) -> None:
    if new.write_bucket is not None and not 1 <= new.write_bucket <= MOST_BUCKET:
        raise WrongChoice("write_bucket", "Choose a number from 1 to {most}.", most=MOST_BUCKET)
    minutes = new.write_refill_minutes
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise WrongChoice("write_refill_minutes", "Choose a number of minutes from 1 to {most}.", most=MOST_MINUTES)


def _columns(new: NewTable, service_url: str) -> tuple[str, ...]:
    if not new.columns:
        return ()
    choosable = choosable_columns(Shape(new.shape))
    if not choosable:
        raise WrongChoice(
            "columns", "The shape {shape} has columns of its own. Leave the columns out.", shape=new.shape
        )
    columns = tuple(_column(name, choosable) for name in new.columns)
    try:
        TableSpec(new.region_id, service_url, columns=columns, shape=Shape(new.shape))
    except InvalidTable as error:
        raise WrongChoice("columns", "These columns make no table: {error}.", error=error) from None
    return columns


def _column(name: str, choosable: tuple[Column, ...]) -> Column:
    written = re.sub(r"[\s-]+", "_", name.strip().lower())
    found = next((column for column in choosable if column == written), None)
    if found is None:
        raise WrongChoice(
            "columns",
            "There is no column {column!r}. Choose among {columns}.",
            column=name.strip(),
            columns=", ".join(choosable),
        )
    return found
