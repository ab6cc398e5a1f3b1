"""Which initiatives an issue's change touches."""

from __future__ import annotations

from collections.abc import Container

from mapping.issue import IssueSnapshot


def initiatives_touched(
    snapshot: IssueSnapshot, previous_parent_id: str | None, linked: Container[str]
) -> frozenset[str]:
    """The linked issue ids to count again: the issue itself, its parent, and the parent that it had before.

    ``linked`` holds the issue ids that are linked to any key result, of the same connection as the snapshot.
    """
    candidates = (snapshot.issue_id, snapshot.parent_id, previous_parent_id)
    return frozenset(issue_id for issue_id in candidates if issue_id is not None and issue_id in linked)
