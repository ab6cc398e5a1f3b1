"""Which points are to be struck next: those that were struck the least so far, and all that nobody passed before.

A process that is armed runs past the points that have had their share until it comes to one that has not. So what is
passed all the time is struck soon and then left alone, and what lies deep, as the write of a page, is reached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from math import sqrt
from random import Random

from tests.chaos.gate import Gate

# The bell is passed most often, and losing it matters least.
BELL_COUNTS = 4
_BELL = " redis "
# At most this share of the points that are known is wanted at a time.
MOST_WANTED = 0.5
# So many points that lie far in are wanted at a time.
FEW = 8


def little_struck(chance: Random, gates: Collection[Gate], kind: str) -> Callable[[str], bool]:
    """Tells of a point whether it is wanted, as things stand now, of processes of that kind."""
    times = _times_struck(gates, kind)
    if not times:
        return any_call(chance)
    level = sorted(times.values())[int(chance.uniform(0, MOST_WANTED) * len(times))]
    had_enough = {point for point, struck in times.items() if struck > level}
    return lambda point: point not in had_enough


def a_few_that_lag(chance: Random, gates: Collection[Gate], kind: str) -> Callable[[str], bool]:
    """A few points, the likelier the less they were struck for how often they are passed. The others are let be, so
    that those behind them are reached as well."""
    passed, struck = _passed(gates), _times_struck(gates, kind)
    lag = {point: sqrt(passed[point]) / (1 + times) ** 2 for point, times in struck.items()}
    # Drawn by weight, none twice: each gets a number between 0 and 1, the closer to 1 the larger its weight.
    ranked = sorted(lag, key=lambda point: chance.random() ** (1 / lag[point]))
    wanted = frozenset(ranked[-FEW:])
    return lambda point: point in wanted


def any_call(chance: Random) -> Callable[[str], bool]:
    """Before it or after it, but not to the bell."""
    when = chance.choice((" before ", " after "))
    return lambda point: when in point and _BELL not in point


def _times_struck(gates: Collection[Gate], kind: str) -> dict[str, int]:
    """Of every point that was passed, in an order that chance does not change."""
    struck = Counter[str]()
    for gate in gates:
        struck.update({point: times for (_, point), times in gate.struck.copy().items()})
    known = sorted(point for point in _passed(gates) if point.startswith(f"{kind} "))
    return {point: struck[point] * (BELL_COUNTS if _BELL in point else 1) for point in known}


def _passed(gates: Collection[Gate]) -> Counter[str]:
    # Copies, because the wires go on counting meanwhile, on a thread of their own.
    return sum((gate.passed.copy() for gate in gates), Counter[str]())
