"""Which of our lines beside a table renews which of those that stand in the page: by what it is about, not by its
place, so that a comment in a line stays with it when a line before it comes or goes.
"""

from __future__ import annotations

from collections.abc import Sequence

from mapping.cell_merge import says
from mapping.storage_scan import Node


def renewed_lines(olds: Sequence[Node], news: Sequence[Node]) -> list[Node | None]:
    """For each new line the old one that it renews, each of them once; None where none is left.

    What says the same comes first, then what leads to the same address (the key result of a text that waits), then what
    is left in its order.
    """
    left = list(olds)
    found: dict[int, Node] = {}
    for likeness in (says, _addresses, _any):
        likes = [likeness(was) for was in left]
        for place, now in enumerate(news):
            if place not in found and (wanted := likeness(now)) in likes:
                at = likes.index(wanted)
                del likes[at]
                found[place] = left.pop(at)
    return [found.get(place) for place in range(len(news))]


def _addresses(line: Node) -> tuple[str, ...]:
    return tuple(each.attributes.get("href", "") for each in line.descendants() if each.name == "a")


def _any(_: Node) -> bool:
    return True
