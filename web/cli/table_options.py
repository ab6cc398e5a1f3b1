"""The options of what a table shows and how, the same for ``okr table add`` and ``okr table change``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from mapping.table_parts import MOST_COLUMNS, Container, Design, Shape, Width, choosable_columns

F = TypeVar("F", bound=Callable[..., Any])

_OF_ALL = choosable_columns(Shape.TABLE)
_OF_MEETINGS = [column for column in choosable_columns(Shape.MEETING) if column not in _OF_ALL]
_COLUMNS = f"{', '.join(_OF_ALL)}, for meetings also {', '.join(_OF_MEETINGS)}"
_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("--team", "teams"), {"multiple": True, "help": "Only objectives of this team; may be given several times."}),
    (("--objective", "objectives"), {"multiple": True, "help": "Only this objective; may be given several times."}),
    (
        ("--shape",),
        {
            "type": click.Choice(list(map(str, Shape))),
            "help": "table: everything. objective: one objective. attention: only what needs somebody. meeting: what a "
            "team goes through each week. health: the limits that must hold. snapshot: a closed cycle as it ended.  "
            "[default: table]",
        },
    ),
    (
        ("--columns",),
        {
            "metavar": "A,B,…",
            "help": f"Among {_COLUMNS}; key_result first, at most {MOST_COLUMNS}.  [default: those of the shape]",
        },
    ),
    (("--language",), {"type": click.Choice(["en", "de"]), "help": "Of the fixed words.  [default: en]"}),
    (
        ("--design",),
        {"type": click.Choice(list(map(str, Design))), "help": "short: one line per key result.  [default: normal]"},
    ),
    (
        ("--width",),
        {
            "type": click.Choice(list(map(str, Width))),
            "help": "wide: 960 px. narrow: 760 px, for page columns.  [default: wide]",
        },
    ),
    (
        ("--in", "container"),
        {
            "type": click.Choice(list(map(str, Container))),
            "help": "details: Page Properties. excerpt.  [default: details]",
        },
    ),
    (
        ("--check-in-by",),
        {
            "type": click.Choice(["owner", "team", "editors"]),
            "help": "Whose typing in the table is a check-in: the key result's owner, its team, or whoever may edit "
            "the page.  [default: editors]",
        },
    ),
    (
        ("--write-bucket",),
        {"type": click.IntRange(1, 1000), "help": "Writes at once after changes in Jira.  [default: OKR_WRITE_BUCKET]"},
    ),
    (
        ("--write-every",),
        {
            "type": click.IntRange(1, 1440),
            "metavar": "MINUTES",
            "help": "One more such write each so many minutes.  [default: OKR_WRITE_REFILL_MINUTES]",
        },
    ),
)


def choosing(command: F) -> F:
    """Give a command the options of a table; what is not chosen comes as None, or as an empty tuple."""
    for names, how in reversed(_OPTIONS):
        command = click.option(*names, **how)(command)
    return command


def choosing_anew(command: F) -> F:
    """The same options without their defaults: what is not named stays as it was chosen."""
    for names, how in reversed(_OPTIONS):
        command = click.option(*names, **{**how, "help": how["help"].partition("  [default: ")[0]})(command)
    return command


_BACK: tuple[tuple[str, str, str], ...] = (
    ("--all-teams", "teams", "All teams of the cycle again."),
    ("--all-objectives", "objective_keys", "All objectives of the cycle again."),
    ("--usual-columns", "columns", "The columns of its shape again."),
    ("--usual-budget", "usual_budget", "As often as the settings say again."),
)


def going_back(command: F) -> F:
    """Give a command the options that take a choice back."""
    for name, choice, told in reversed(_BACK):
        command = click.option(name, f"back_{choice}", is_flag=True, help=told)(command)
    return command


def taken_back(choices: dict[str, Any]) -> dict[str, Any]:
    """What was taken back, by the names that commands use."""
    empty = {choice: () for _, choice, _ in _BACK} | {"usual_budget": True}
    return {choice: empty[choice] for _, choice, _ in _BACK if choices[f"back_{choice}"]}


def chosen(choices: dict[str, Any]) -> dict[str, Any]:
    """What was chosen, by the names that commands use; without what was left out."""
    named = {
        **{name: choices[name] for name in ("shape", "language", "design", "width", "container", "check_in_by")},
        "teams": choices["teams"] or None,
        "objective_keys": choices["objectives"] or None,
        "columns": _listed(choices["columns"]),
        "write_bucket": choices["write_bucket"],
        "write_refill_minutes": choices["write_every"],
    }
    return {name: value for name, value in named.items() if value is not None}


def _listed(columns: str | None) -> tuple[str, ...] | None:
    return None if columns is None else tuple(filter(None, (name.strip() for name in columns.split(","))))
