"""``okr table take`` and ``okr table give-up``: deciding about what people typed in a table."""

from __future__ import annotations

import click

from web.cli.progress import counted
from web.cli.refusals import NotAsGiven
from web.cli.saying import say
from web.cli.service import Service, with_service
from web.cli.table_number import TableNumber

_NUMBER = click.argument("number", type=TableNumber())
_FIELDS = click.argument("fields", metavar="[KEY COLUMN]…", nargs=-1)


@click.command()
@_NUMBER
@_FIELDS
@with_service
def take(service: Service, number: int, fields: tuple[str, ...]) -> None:
    """Make check-ins of what waits in table NUMBER, each in the name of whoever typed it.

    Without KEY COLUMN: all that can be read. E.g. okr table take 3 PAY-KR1 now PAY-KR2 confidence
    """
    from sync import commands

    taken = commands.take_typed(service.on, service.workspace_id, number, _pairs(fields), who=service.who)
    if taken == 1:
        say("1 text is taken as a check-in, in the name of its author.")
    else:
        say(f"{taken} texts are taken as check-ins, each in the name of its author.")


@click.command("give-up")
@_NUMBER
@_FIELDS
@with_service
def give_up(service: Service, number: int, fields: tuple[str, ...]) -> None:
    """Give up what waits in table NUMBER: it is no check-in, and its cells say again what is known.

    Without KEY COLUMN: all of it. E.g. okr table give-up 3 PAY-KR1 now
    """
    from sync import commands

    given = commands.give_up_typed(service.on, service.workspace_id, number, _pairs(fields), who=service.who)
    say(f"{counted(given, 'text is', 'texts are')} given up; the table is written again within seconds.")


def _pairs(fields: tuple[str, ...]) -> list[tuple[str, str]] | None:
    """None: all of them."""
    if len(fields) % 2:
        raise NotAsGiven(f"A column is missing after {fields[-1]}. Write pairs, e.g. PAY-KR1 now PAY-KR2 next_step")
    keys = (key.upper() for key in fields[::2])
    columns = (column.lower().replace("-", "_") for column in fields[1::2])
    return list(zip(keys, columns, strict=True)) or None
