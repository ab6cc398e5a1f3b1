"""A claim while it is in hand: is it still ours, and which marks does it answer?"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select, update

from connector.store.schema import work
from connector.store.work import Claim, ClaimLost


def check_held(conn: Connection, claim: Claim) -> None:
    """To be asked right before something outside is changed on the claim's strength. Raises ClaimLost where somebody
    else may have the target now."""
    c = work.c
    held = select(c.id).where(c.workspace_id == claim.workspace_id, c.id == claim.work_id, c.claim_token == claim.token)
    if conn.execute(held.with_for_update()).first() is None:
        raise ClaimLost(f"{claim.kind} {claim.target} is in other hands")


def begin_anew(conn: Connection, claim: Claim) -> Claim:
    """The claim as if it were taken now: it answers all marks that have come while it was in hand, so whoever calls
    this reads everything anew afterwards. Raises ClaimLost where somebody else may have the target now."""
    c = work.c
    held = (c.workspace_id == claim.workspace_id, c.id == claim.work_id, c.claim_token == claim.token)
    renewed = update(work).where(*held).values(claimed_generation=c.generation).returning(c.generation)
    generation = conn.execute(renewed).scalar_one_or_none()
    if generation is None:
        raise ClaimLost(f"{claim.kind} {claim.target} is in other hands")
    return replace(claim, generation=generation)
