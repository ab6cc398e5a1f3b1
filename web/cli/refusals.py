"""What a command could not do, as a message for people and an exit code.

2: the command cannot be carried out as it was given. 1: something outside is in the way, and later it may work.
"""

from __future__ import annotations

from typing import IO, Any

import click

from web.cli.saying import say

OUTSIDE_TROUBLE = 1
NOT_AS_GIVEN = 2


class Refusal(click.ClickException):
    """Says on stderr what is so and what to do, as it stands. Something outside is in the way."""

    exit_code = OUTSIDE_TROUBLE

    def show(self, file: IO[Any] | None = None) -> None:
        """The message alone: it is a whole sentence, and needs no word before it."""
        say(self.message, file=file, err=file is None)


class NotAsGiven(Refusal):
    """The same, where the command itself has to be another."""

    exit_code = NOT_AS_GIVEN


def refusal_for(error: Exception) -> Refusal | None:
    """The refusal that this error stands for; None for a fault of our own, whose traceback is wanted."""
    # Imported here, since a command that succeeds, and `okr --help`, need none of it.
    from connector.backup.refusal import BackupRefused
    from connector.crypto import BadKeys, WrongKey
    from connector.errors import OutsideError
    from connector.settings import BadSettings
    from connector.store.errors import StoreError
    from sync.commands.not_possible import NotPossible, NotPossibleNow
    from web.cli.folder_lock import FolderInUse
    from web.cli.up import PortInUse

    if isinstance(error, NotPossibleNow | OutsideError | StoreError | FolderInUse | PortInUse):
        return Refusal(str(error))
    if isinstance(error, NotPossible | BadSettings | BadKeys | WrongKey | BackupRefused):
        return NotAsGiven(str(error))
    return None
