"""What was true at the site at every moment, as our account could see it. The judges live on it; the product never
sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest

from tests.simulation.site import SimulatedSite
from tests.site.store import Document

# Resolutions that mean that the work will not be done.
WONT_DO = frozenset({"Won't Do", "Won't Fix", "Duplicate", "Invalid", "Cannot Reproduce"})


@dataclass(frozen=True)
class Fact:
    """One issue at one moment. ``project`` is an id, ``category`` new, indeterminate or done."""

    key: str
    project: str
    parent: str | None
    level: int
    category: str
    wont_do: bool
    labels: frozenset[str]
    is_archived: bool


@dataclass(frozen=True)
class Counts:
    """What lies directly below an issue, sub-tasks left out; ``total`` without what will not be done."""

    done: int
    total: int
    wont_do: int


@dataclass
class Truth:
    """``history``: of each issue what was to be seen of it, from each moment on; None: nothing. ``began``: since when
    anybody looked."""

    site: SimulatedSite
    began: datetime
    history: dict[str, list[tuple[datetime, Fact | None]]] = field(default_factory=dict)

    def note(self) -> None:
        """Look at everything once more; whoever changes something at the site calls it."""
        now = self.site.clock.now()
        present = {issue_id: self._fact(issue) for issue_id, issue in self.site.world.issues.items()}
        for issue_id in sorted(present.keys() | self.history.keys(), key=int):
            fact, past = present.get(issue_id), self.history.setdefault(issue_id, [])
            if not past or past[-1][1] != fact:
                past.append((now, fact))

    def now(self, issue_id: str) -> Fact | None:
        past = self.history.get(issue_id)
        return past[-1][1] if past else None

    def children(self, issue_id: str) -> dict[str, Fact]:
        """What is to be seen below it now, sub-tasks left out."""
        facts = ((child, self.now(child)) for child in self.history)
        return {child: fact for child, fact in facts if fact and fact.parent == issue_id and fact.level >= 0}

    def counts(self, issue_id: str) -> Counts:
        return counts_of(list(self.children(issue_id).values()))

    def sees_project(self, project: str) -> bool:
        """Whether a search finds anything of a project. An empty one looks like one that is closed to us."""
        facts = map(self.now, self.history)
        return any(fact is not None and fact.project == project and not fact.is_archived for fact in facts)

    def was_missed(self, issue_id: str, unread: timedelta) -> bool:
        """Whether there was a moment at which it was not to be seen any more, and something else of its project was: of
        the project in which it was last, or was so shortly before that nobody may have read where it went."""
        past = self.history.get(issue_id, [])
        for (_, before), (at, now) in pairwise(past):
            if before is not None and now is None:
                last_known = {before.project, *self._projects_between(past, at - unread, at)}
                if any(self._saw_project(project, at, _until(past, at)) for project in last_known):
                    return True
        return False

    def _projects_between(self, past: list[tuple[datetime, Fact | None]], start: datetime, end: datetime) -> set[str]:
        return {fact.project for (_, fact), (until, _) in pairwise(past) if fact and start <= until <= end}

    def _saw_project(self, project: str, start: datetime, end: datetime | None) -> bool:
        for past in self.history.values():
            for (at, fact), following in zip_longest(past, (each[0] for each in past[1:])):
                overlaps = (following is None or following > start) and (end is None or at < end)
                if fact is not None and fact.project == project and overlaps:
                    return True
        return False

    def facts(self, issue_id: str) -> Iterator[Fact]:
        """Everything that was ever to be seen of it."""
        return (fact for _, fact in self.history.get(issue_id, ()) if fact is not None)

    def ever_below(self, issue_id: str) -> set[str]:
        """Issues that were once to be seen below it."""
        return {child for child in self.history if any(fact.parent == issue_id for fact in self.facts(child))}

    def _fact(self, issue: Document) -> Fact | None:
        world = self.site.world
        if not self.site.account.may_see_project(issue["project"]):
            return None
        category = world.category(issue)
        return Fact(
            key=issue["key"],
            project=world.projects[issue["project"]]["id"],
            parent=issue["parent"],
            level=world.level(issue),
            category=category,
            wont_do=category == "done" and issue["resolution"] in WONT_DO,
            labels=frozenset(issue["labels"]),
            is_archived=issue["archived"] is not None,
        )


def _until(past: list[tuple[datetime, Fact | None]], start: datetime) -> datetime | None:
    """When it was to be seen again."""
    return next((at for at, fact in past if at > start and fact is not None), None)


def counts_of(facts: list[Fact]) -> Counts:
    meant = [fact for fact in facts if not fact.wont_do]
    done = sum(fact.category == "done" for fact in meant)
    return Counts(done, len(meant), len(facts) - len(meant))
