"""Stage: initiatives that something touched → count again → history, and pages due."""

from __future__ import annotations

from collections.abc import Sequence

from connector.store.work import Claim, record_done
from sync.counting import count_again
from sync.ports import Resources


def recompute(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``initiative``: up to 100 linked issues of one connection."""
    workspace_id, connection_id = claims[0].workspace_id, int(claims[0].target.partition(":")[0])
    with on.database.write() as conn:
        ids = [claim.target.partition(":")[2] for claim in claims]
        count_again(conn, workspace_id, connection_id, ids, on.clock.now())
        for claim in claims:
            record_done(conn, claim)
