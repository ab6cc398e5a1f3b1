"""Where issues are found by something else than their id; and the index of searches, which may be behind."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.site.store import Document, Store


@dataclass
class Indexes:
    """Ids of issues by key, parent, project, and what their Epic Link says by itself."""

    by_key: dict[str, str] = field(default_factory=dict)
    by_parent: dict[str, set[str]] = field(default_factory=dict)
    by_project: dict[str, set[str]] = field(default_factory=dict)
    by_epic_link: dict[str, set[str]] = field(default_factory=dict)

    def add(self, issue: Document) -> None:
        """The issue is found from now on."""
        self.by_key[issue["key"]] = issue["id"]
        self.by_project.setdefault(issue["project"], set()).add(issue["id"])
        if issue["parent"]:
            self.by_parent.setdefault(issue["parent"], set()).add(issue["id"])
        if issue["epic_link"]:
            self.by_epic_link.setdefault(issue["epic_link"], set()).add(issue["id"])

    def remove(self, issue: Document) -> None:
        """The issue, as it was added, is not found any more."""
        self.by_key.pop(issue["key"], None)
        self.by_project[issue["project"]].discard(issue["id"])
        self.by_parent.get(issue["parent"] or "", set()).discard(issue["id"])
        self.by_epic_link.get(issue["epic_link"] or "", set()).discard(issue["id"])

    def linked_to(self, issue_id: str) -> list[str]:
        """The ids of issues with this one for their parent or in their Epic Link, ascending."""
        return sorted(self.by_parent.get(issue_id, set()) | self.by_epic_link.get(issue_id, set()), key=int)


class SlowIndex:
    """What searches see later than it happened: `lag` is how much later, for changes from now on.

    With a `seed`, each change of an issue is seen after some time up to `lag`, the same for the same seed and story.
    """

    def __init__(self, store: Store) -> None:
        self.lag = timedelta(0)
        self.seed: int | None = None
        self._changes = 0
        self._store = store
        self._behind: dict[str, tuple[datetime, Document | None]] = {}

    def fall_behind(self, issue_id: str, before: Document | None) -> None:
        """An issue changes; `before` is a copy as it was (None: not there)."""
        if self.lag:
            self._changes += 1
            self._behind.setdefault(issue_id, (self._store.now() + self._this_lag(), before))

    def _this_lag(self) -> timedelta:
        if self.seed is None:
            return self.lag
        return self.lag * random.Random(f"{self.seed} {self._changes}").random()

    def stale(self, reconcile: Collection[str]) -> dict[str, Document | None]:
        """Issues that a search still sees as they were (None: not yet there), by id.

        [S: search and reconcile] a search may not show recent changes, unless the issue is named in `reconcileIssues`.
        """
        now = self._store.now()
        self._behind = {issue_id: seen for issue_id, seen in self._behind.items() if seen[0] > now}
        return {issue_id: before for issue_id, (_, before) in self._behind.items() if issue_id not in reconcile}
