"""One history being played: the sites and pages, the workers, the post, and what everybody did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sync.ports import Resources
from tests.campaign.play import Play
from tests.campaign.tenant import Home
from tests.clock import FakeClock
from tests.simulation.network import Network
from tests.simulation.post import Post
from tests.simulation.schedule import Schedule
from tests.simulation.site import SimulatedSite
from tests.simulation.truth import Truth
from tests.simulation.workers import Workers

LABEL = "okr-labelled"


@dataclass
class Place:
    """One workspace: its site, its page, what is true there. ``tokens`` counts the tokens that its account has had,
    ``acts`` what people did that the page has to follow; ``ruled_key`` is the key result that labelled epics serve, if
    any; ``unlinked`` are links that people took away."""

    play: Play
    site: SimulatedSite
    truth: Truth
    tokens: int = 1
    acts: int = 0
    ruled_key: str = ""
    unlinked: set[tuple[str, str]] = field(default_factory=set)

    @property
    def home(self) -> Home:
        return self.play.tenant.home


@dataclass
class History:
    """``log`` is everything in its order, the same for the same seed; ``story`` is what a person is told of it."""

    seed: int
    clock: FakeClock
    schedule: Schedule
    workers: Workers
    post: Post
    network: Network
    places: list[Place]
    on: Resources
    log: list[str]
    story: Story
    broken: list[str] = field(default_factory=list)
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)

    def say(self, text: str) -> None:
        self.story.append(f"{self.clock.now():%d %b %H:%M:%S}: {text}")


class Story(list[str]):
    """What is told stands in the log, too."""

    def __init__(self, log: list[str]) -> None:
        super().__init__()
        self._log = log

    def append(self, line: str) -> None:
        self._log.append(line)
        super().append(line)
