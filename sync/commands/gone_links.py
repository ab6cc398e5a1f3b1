"""Looking again for epics that Jira no longer shows us."""

from __future__ import annotations

from connector.store.activity import record_activity
from connector.store.link_list import LinkFilter, list_links
from connector.store.work import mark_due
from sync.commands.running import AT_ONCE
from sync.ports import Resources

MOST = 1000


def look_for_gone(on: Resources, workspace_id: int, *, who: str) -> int:
    """Have every linked issue that is gone read again, at once; how many there are."""
    now = on.clock.now()
    with on.database.write() as conn:
        gone = [
            each.linked.initiative for each in list_links(conn, workspace_id, LinkFilter(only_gone=True), limit=MOST)
        ]
        targets = sorted({f"{link.connection_id}:{link.issue_id}" for link in gone})
        mark_due(conn, workspace_id, "issue", targets, now, urgency=AT_ONCE, retry=True)
        if targets:
            text = f"had {len(targets)} linked issues that are gone from Jira looked for again"
            record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return len(targets)
