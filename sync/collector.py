"""Python's collector of cycles, fitted to a process that visits pages, or shows them."""

from __future__ import annotations

import gc

# A visit to a large page, like the board of a large cycle, makes some ten thousand objects at a time that live until
# it ends, and next to no cycles: counting frees what it made. With Python's own thresholds (700, 10, 10) the collector
# goes through all that, and through everything that was loaded, many times in one visit, and finds nothing: a third of
# the visit's time.
_THRESHOLDS = (50_000, 20, 50)


def fit_collector() -> None:
    """Call it once, when everything that stays has been loaded: that is never looked through again. What is made later
    and lies in cycles is still freed."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
