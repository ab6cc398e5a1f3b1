"""A remote call within a command: what fails outside becomes a text that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connector.errors import OutsideError, RateLimited, Unauthorized
from sync.commands.not_possible import NotPossibleNow


@contextmanager
def asking(site_url: str) -> Iterator[None]:
    """Whatever goes wrong outside while the block asks this site is raised as NotPossibleNow."""
    try:
        yield
    except Unauthorized as error:
        raise NotPossibleNow(
            "{site} no longer accepts our token. Renew it: okr connect {site}", site=site_url
        ) from error
    except RateLimited as error:
        raise NotPossibleNow(
            "{site} asks to wait {seconds} s. Try again then.", site=site_url, seconds=f"{error.retry_after:.0f}"
        ) from error
    except OutsideError as error:
        # The text that finds no site there names the address itself.
        if site_url in str(error):
            raise NotPossibleNow(error.text, **error.values) from error
        raise NotPossibleNow("{site}: {error}", site=site_url, error=error) from error
