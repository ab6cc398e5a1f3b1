"""A Jira that cannot answer about one issue: every request that names it fails as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from connector.errors import Unavailable
from sync.ports import Fetched, Sites
from tests.integration.passed_on import JiraPassedOn, SitesWithJira


def poisoned(sites: Sites, issue_id: str) -> Sites:
    """The sites as they are, but for that."""
    return SitesWithJira(sites, partial(_PoisonedJira, issue_id=issue_id))


@dataclass(frozen=True)
class _PoisonedJira(JiraPassedOn):
    issue_id: str

    def fetch(self, ids_or_keys: Sequence[str], fields: Sequence[str]) -> Fetched:
        if self.issue_id in ids_or_keys:
            raise Unavailable("an answer that is not whole")
        return JiraPassedOn.fetch(self, ids_or_keys, fields)
