"""What RQ runs: one job that says "take what is due and do it". It carries nothing that matters."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

# Set by the worker in its own process before it listens, so that a job finds the worker's resources without any of them
# passing through Redis.
at_the_ring: ContextVar[Callable[[], None]] = ContextVar("at_the_ring")


def do_what_is_due() -> None:
    """Do everything that is due now. Runs inside a worker's process."""
    at_the_ring.get()()
