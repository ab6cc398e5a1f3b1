"""What may happen to a webhook on its way: lost, twice, late, overtaken, with an old state; by seed."""

import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from tests.site.store import Document, Store

_KEY = ("meta", "webhook_trouble")
_FATES = ("drop", "double", "delay", "reorder", "stale")


@dataclass(frozen=True)
class Copy:
    """One delivery of an event: due after so many seconds, with the payload as it should be or an `old` one."""

    seconds: float = 0.0
    old: bool = False


@dataclass(frozen=True)
class Fate:
    """What happens to one event: its name (empty for nothing) and the deliveries that come of it."""

    name: str = ""
    copies: tuple[Copy, ...] = (Copy(),)


@dataclass(frozen=True)
class WebhookTrouble:
    """A plan: of the deliveries of these events (none named: of all), which share is dropped, doubled and so on.

    [S: community.developer.atlassian.com/t/30554] deliveries may come twice and half an hour late; [U] lost, overtaken
    and old ones: no order is promised, and what is not promised happens here. One fate for each delivery:

    drop: never made. double: made twice with the same identifier. delay: made after `late_seconds` (from, to).
    reorder: made after up to `overtaken_seconds`, so that later ones come first. stale: made as late as a delayed one,
    with the issue as it was before the change.
    """

    seed: int
    drop: float = 0.0
    double: float = 0.0
    delay: float = 0.0
    reorder: float = 0.0
    stale: float = 0.0
    events: tuple[str, ...] = ()
    late_seconds: tuple[float, float] = (60.0, 1800.0)
    overtaken_seconds: float = 10.0

    def __post_init__(self) -> None:
        shares = [getattr(self, name) for name in _FATES]
        if min(shares) < 0 or sum(shares) > 1:
            raise ValueError("the shares must not be negative, and together at most 1")

    def fate(self, number: int) -> Fate:
        """What happens to the delivery of that number; the same for the same seed."""
        chance = random.Random(f"{self.seed} {number}")
        drawn = chance.random()
        for name in _FATES:
            drawn -= getattr(self, name)
            if drawn < 0:
                return Fate(name, self._copies(name, chance))
        return Fate()

    def _copies(self, name: str, chance: random.Random) -> tuple[Copy, ...]:
        late, overtaken = chance.uniform(*self.late_seconds), chance.uniform(0, self.overtaken_seconds)
        return {
            "drop": (),
            "double": (Copy(), Copy(overtaken)),
            "delay": (Copy(late),),
            "reorder": (Copy(overtaken),),
            "stale": (Copy(late, old=True),),
        }[name]


class Troubles:
    """The plans of a site, kept over restarts. The first one that names an event, or names none, decides."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def plan(self, plans: Iterable[WebhookTrouble]) -> None:
        """These plans from now on, instead of those before."""
        self._store.put(*_KEY, {"plans": [asdict(plan) for plan in plans]})

    def plans(self) -> list[WebhookTrouble]:
        """Those that hold now."""
        kept = self._store.get(*_KEY) or {"plans": []}
        return [read_plan(plan) for plan in kept["plans"]]

    def fate(self, event: str, number: int) -> Fate:
        """What happens to a delivery of this event with this number."""
        for plan in self.plans():
            if not plan.events or event in plan.events:
                return plan.fate(number)
        return Fate()


def read_plan(sent: Document) -> WebhookTrouble:
    """A plan out of JSON; TypeError or ValueError for what is none."""
    lists = {name: tuple(value) for name, value in sent.items() if isinstance(value, list | tuple)}
    return WebhookTrouble(**{**sent, **lists})
