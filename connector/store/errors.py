"""What can go wrong with the database itself, named for what the caller must do about it."""

from __future__ import annotations


class StoreError(Exception):
    """A database that cannot be used as it is; the text says why and what to do, and is fit for an admin."""


class StoreUnavailable(StoreError):
    """The database is away, full, or was locked for too long: nothing was committed as far as we know, try later.

    Whoever has promised something to an outside caller must not confirm it (a webhook is answered with 503).
    """


class DatabaseTooNew(StoreError):
    """The database was made by a newer version of this program; this one must not touch it."""


class DatabaseNotMigrated(StoreError):
    """The database is empty or of an older version: it has to be brought to this version first."""
