"""How long sites asked us to wait, from the moment on at which every worker could know of it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.campaign.in_process import Answer

# The product waits no longer than this, whatever it is told.
LONGEST = 3600
Product = tuple[int, str]
"""A workspace, and jira or confluence."""


@dataclass
class Waits:
    """A worker that was refused finishes what it does, and only then says so to the others."""

    _heard: dict[Hashable, tuple[Product, datetime]] = field(default_factory=dict)
    _told: dict[Product, tuple[datetime, datetime]] = field(default_factory=dict)

    def hear(self, worker: Hashable, product: Product, answer: Answer, now: datetime) -> None:
        """An answer that says plainly how long to wait."""
        said = answer.headers.get("Retry-After", "")
        if answer.status == 429 and said.isdigit() and 0 < int(said) <= LONGEST:
            self._heard[worker] = (product, now + timedelta(seconds=int(said)))

    def tell(self, worker: Hashable, now: datetime) -> None:
        """Its work is over, and what became of it is committed."""
        if worker in self._heard:
            product, until = self._heard.pop(worker)
            self._told[product] = (now, until)

    def forget(self, workspace_id: int) -> None:
        """Somebody connected anew."""
        self._told = {product: told for product, told in self._told.items() if product[0] != workspace_id}

    def is_broken(self, product: Product, began: datetime, now: datetime) -> bool:
        """Whether work that began when everybody knew calls before the time."""
        told_at, until = self._told.get(product, (now, now))
        return told_at < began and now < until
