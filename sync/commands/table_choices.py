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


def check_choices(new: NewTable, okrs: CycleOkrs, service_url: str) -> NewTable:
    """The same table with its columns named as they are kept. NotPossible where no table can be as it was chosen."""
    _check_one_of("language", new.language, LANGUAGES)
    _check_one_of("design", new.design, tuple(Design))
    _check_one_of("shape", new.shape, tuple(Shape))
    _check_one_of("width", new.width, tuple(Width))
    _check_one_of("container", new.container, tuple(Container))
    _check_one_of("choice of who may check in", new.check_in_by, CHECK_IN_BY)
    _check_filter(new, okrs)
    _check_shape(new, okrs)
    _check_budget(new)
    return replace(new, columns=_columns(new, service_url))


def said(choices: Collection[str]) -> str:
    """``a, b or c``"""
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def _check_one_of(what: str, chosen: str, choices: Collection[str]) -> None:
    if chosen not in set(choices):
        raise NotPossible(f"There is no {what} {chosen!r}. Choose {said(choices)}.")


def _check_filter(new: NewTable, okrs: CycleOkrs) -> None:
    objectives = [objective for objective, _ in okrs.objectives]
    for word, wanted, known in (
        ("team", new.teams, {each.team for each in objectives if each.team}),
        ("objective", new.objective_keys, {each.key for each in objectives}),
    ):
        unknown = sorted(set(wanted) - known)
        if unknown:
            there = ", ".join(sorted(known)) or "none"
            raise NotPossible(f"{new.cycle_key} has no {word} {', '.join(unknown)}. It has: {there}.")


def _check_shape(new: NewTable, okrs: CycleOkrs) -> None:
    if new.shape == Shape.OBJECTIVE and len(new.objective_keys) != 1:
        raise NotPossible("The shape objective shows exactly one objective. Name it: --objective KEY")
    if new.shape == Shape.SNAPSHOT and okrs.cycle.state is not CycleState.CLOSED:
        raise NotPossible(
            f"A snapshot shows a cycle as it ended, and {okrs.cycle.name} is {okrs.cycle.state}. Close the cycle first "
            "(state: closed, with okr import), or choose the shape table."
        )


def _check_budget(new: NewTable) -> None:
    if new.write_bucket is not None and not 1 <= new.write_bucket <= MOST_BUCKET:
        raise NotPossible(f"The number of writes at once is from 1 to {MOST_BUCKET}; {new.write_bucket} was given.")
    minutes = new.write_refill_minutes
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise NotPossible(f"One more write comes every 1 to {MOST_MINUTES} minutes; {minutes} was given.")


def _columns(new: NewTable, service_url: str) -> tuple[str, ...]:
    if not new.columns:
        return ()
    choosable = choosable_columns(Shape(new.shape))
    if not choosable:
        raise NotPossible(f"The shape {new.shape} has columns of its own. Leave the columns out.")
    columns = tuple(_column(name, choosable) for name in new.columns)
    try:
        TableSpec(new.region_id, service_url, columns=columns, shape=Shape(new.shape))
    except InvalidTable as error:
        raise NotPossible(f"These columns make no table: {error}.") from None
    return columns


def _column(name: str, choosable: tuple[Column, ...]) -> Column:
    written = re.sub(r"[\s-]+", "_", name.strip().lower())
    found = next((column for column in choosable if column == written), None)
    if found is None:
        raise NotPossible(f"There is no column {name.strip()!r}. Choose among {', '.join(choosable)}.")
    return found
