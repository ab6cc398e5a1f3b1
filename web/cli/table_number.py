"""How a table is named on the command line."""

from __future__ import annotations

from typing import Any

import click


class TableNumber(click.IntRange):
    """The number under which ``okr table list`` shows a table."""

    name = "number"

    def __init__(self) -> None:
        super().__init__(min=1, max=2**63 - 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a usage error in plain words for anything else."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(f"{value!r}: a table is named by its number, see okr table list", param, ctx)
