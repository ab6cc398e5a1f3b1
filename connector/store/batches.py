"""Long lists in parts, because a statement takes only so many values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

BATCH = 400


def in_batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """The items in order, at most ``size`` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
