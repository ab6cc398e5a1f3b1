"""Spaces and pages of the sample world."""

from tests.site.store import Store


def fill(store: Store) -> None:
    """Put the spaces and pages into an empty store; the accounts are there already."""
