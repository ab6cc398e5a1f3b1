"""What a command works on: the service of this machine's settings, and its workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from getpass import getuser
from typing import TYPE_CHECKING, Concatenate, ParamSpec

import click

if TYPE_CHECKING:
    from sync.ports import Resources

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Service:
    """The resources of this process and the workspace that commands mean. ``who`` stands in the log of changes."""

    on: Resources
    workspace_id: int
    who: str


Opener = Callable[[], Service]


def open_service() -> Service:
    """Read the settings, open the database and find the workspace.

    Raises BadSettings, and StoreError where the database is away, was never migrated, or is of a newer version.
    """
    from connector.logs import start_logging
    from connector.migrations.apply import check_version
    from connector.settings import load_settings
    from sync.commands import first_workspace
    from sync.wiring import build

    settings = load_settings()
    start_logging(settings)
    on = build(settings)
    check_version(on.database)
    return Service(replace(on, database=on.database.for_people()), first_workspace(on), who())


def who() -> str:
    """The person at the keyboard, as far as the machine knows."""
    try:
        return f"{getuser()} (command line)"
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return "command line"


def with_service(command: Callable[Concatenate[Service, P], None]) -> Callable[P, None]:
    """Give a command the service as its first argument; whoever runs ``okr`` may pass in how to open it."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        opener: Opener = click.get_current_context().obj or open_service
        command(opener(), *args, **kwargs)

    return run
