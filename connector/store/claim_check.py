"""Is a claim still ours? To be asked right before something outside is changed on its strength."""

from __future__ import annotations

from sqlalchemy import Connection, select

from connector.store.schema import work
from connector.store.work import Claim, ClaimLost


def check_held(conn: Connection, claim: Claim) -> None:
    """Raises ClaimLost where somebody else may have the target now."""
    c = work.c
    held = select(c.id).where(c.workspace_id == claim.workspace_id, c.id == claim.work_id, c.claim_token == claim.token)
    if conn.execute(held.with_for_update()).first() is None:
        raise ClaimLost(f"{claim.kind} {claim.target} is in other hands")
