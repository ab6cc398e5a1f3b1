"""How long work shows itself on the command line: a bar in a terminal, plain lines elsewhere. Always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from web.cli.saying import say

Tell = Callable[[int, int], None]
"""``tell(done, of)``; ``of`` may grow while the work goes on."""

SECONDS_BETWEEN_LINES = 2.0


@contextmanager
def following(title: str) -> Iterator[Tell]:
    """Show how far the work in the block is."""
    if sys.stderr.isatty():
        with _bar(title) as tell:
            yield tell
    else:
        yield _lines(title)


def took(started: float) -> str:
    """The seconds since ``started`` (of ``monotonic``), as people read them."""
    seconds = monotonic() - started
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min {seconds % 60:.0f} s"


def counted(number: int, thing: str, things: str = "") -> str:
    """``1 call``, ``1,204 calls``."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


@contextmanager
def _bar(title: str) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def _lines(title: str) -> Tell:
    last = [monotonic()]

    def tell(done: int, of: int) -> None:
        if done >= of or monotonic() - last[0] >= SECONDS_BETWEEN_LINES:
            last[0] = monotonic()
            say(f"{title}: {done:,} of {of:,}", err=True)

    return tell
