"""Which points are to be struck next: those that were struck the least so far, and all that nobody passed before.

A process that is armed runs past the points that have had their share until it comes to one that has not. So what is
passed all the time is struck soon and then left alone, and what lies deep, as the write of a page, is reached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from random import Random

from tests.chaos.gate import Gate

# The bell is passed most often, and losing it matters least.
BELL_COUNTS = 4
_BELL = " redis "
# At most this share of the points that are known is wanted at a time.
MOST_WANTED = 0.5
# So many points that lie far in are wanted at a time.
SOME = 8


def little_struck(chance: Random, gates: Iterable[Gate], kind: str) -> Callable[[str], bool]:
    """Tells of a point whether it is wanted, as things stand now, of processes of that kind."""
    times = _times_struck(gates, kind)
    if not times:
        return any_call(chance)
    level = sorted(times.values())[int(chance.uniform(0, MOST_WANTED) * len(times))]
    had_enough = {point for point, struck in times.items() if struck > level}
    return lambda point: point not in had_enough


def some_of_the_least_struck(chance: Random, gates: Iterable[Gate], kind: str) -> Callable[[str], bool]:
    """The others that were struck as little are let be, so that those behind them are reached as well."""
    times = _times_struck(gates, kind)
    fewest = min(times.values(), default=0)
    least = sorted(point for point, struck in times.items() if struck == fewest)
    wanted = frozenset(chance.sample(least, min(len(least), SOME)))
    return lambda point: point in wanted


def any_call(chance: Random) -> Callable[[str], bool]:
    """Before it or after it, but not to the bell."""
    when = chance.choice((" before ", " after "))
    return lambda point: when in point and _BELL not in point


def _times_struck(gates: Iterable[Gate], kind: str) -> dict[str, int]:
    """Of every point that was passed."""
    passed, struck = Counter[str](), Counter[str]()
    for gate in gates:
        passed += gate.passed
        struck.update({point: times for (_, point), times in gate.struck.items()})
    known = (point for point in passed if point.startswith(f"{kind} "))
    return {point: struck[point] * (BELL_COUNTS if _BELL in point else 1) for point in known}
