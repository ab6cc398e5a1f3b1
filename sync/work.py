"""Take what is due and do it, batch after batch. A failure touches only the items that it is about.

Each stage gets claims of one kind and one connection (or one target), takes short transactions around its remote
calls, and clears each claim in the transaction that writes its result. What it raises is turned here into a later
attempt, a rest for the whole connection, or an item set aside.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.errors import Forbidden, OutsideError, RateLimited, Rejected, Unauthorized, Unavailable
from connector.store import connection_state, tables
from connector.store.connection_state import Standing
from connector.store.connections import Health
from connector.store.errors import StoreUnavailable
from connector.store.work import Claim, ClaimLost, claim_work, mark_due, postpone, record_failed
from sync.composing import PASSING_FAULT
from sync.ports import Resources
from sync.retry import ASK_A_PERSON_WAIT, FIRST_WAIT, LONGEST_WAIT, RetryAt, decide, reason_of

log = logging.getLogger(__name__)

LEASE_SECONDS = 180.0
MOST_IN_A_BATCH = 100
# After this many failures an item is tried alone, so that it cannot hold back the others of its batch.
ALONE_AFTER_ATTEMPTS = 2
# A failure of these asks about the site itself, not about one thing on it.
PROBING_KINDS = frozenset({"poll", "pages"})
FOUND_BY_PROBES = frozenset({Health.UNREACHABLE, Health.NEEDS_PERMISSION})


@dataclass(frozen=True, slots=True)
class Stage:
    """How one kind of work is done. ``connection_of`` names the connection that it calls, where it calls one."""

    run: Callable[[Resources, Sequence[Claim]], None]
    connection_of: Callable[[Transaction, Claim], int | None]


def do_what_is_due(on: Resources, stages: Mapping[str, Stage], *, stopping: Callable[[], bool]) -> int:
    """Work until nothing is due or ``stopping()``. Returns how many items were taken in hand.

    Raises StoreUnavailable where the database is away.
    """
    taken = 0
    while not stopping():
        claims = claim_work(
            on.database, now=on.clock.now(), lease_seconds=LEASE_SECONDS, limit=MOST_IN_A_BATCH, same_group=True
        )
        if not claims:
            break
        taken += len(claims)
        stage = stages[claims[0].kind]
        together = [claim for claim in claims if claim.attempts < ALONE_AFTER_ATTEMPTS]
        for batch in [together, *([claim] for claim in claims if claim.attempts >= ALONE_AFTER_ATTEMPTS)]:
            if batch:
                _do(on, stage, batch)
    return taken


def _do(on: Resources, stage: Stage, claims: Sequence[Claim]) -> None:
    connection_id: int | None = None
    try:
        connection_id, wait_until = _way_is_free(on, stage, claims[0])
        if wait_until is not None:
            _put_off(on, claims, wait_until)
            return
        stage.run(on, claims)
        if connection_id is not None:
            _note_answer(on, claims[0], connection_id)
    except ClaimLost:
        log.warning("%s: took too long, somebody else has it now", claims[0].kind)
    except StoreUnavailable:
        _give_back(on, claims)
        raise
    except Exception as error:  # noqa: BLE001 - whatever went wrong belongs to these items and must be recorded
        _record_failure(on, claims, error, connection_id)


def _way_is_free(on: Resources, stage: Stage, claim: Claim) -> tuple[int | None, datetime | None]:
    now = on.clock.now()
    with on.database.read() as conn:
        connection_id = stage.connection_of(conn, claim)
        if connection_id is None:
            return None, None
        found = connection_state.load_standing(conn, claim.workspace_id, connection_id)
    return connection_id, _closed_until(found, claim.kind, now)


def _closed_until(connection: Standing, kind: str, now: datetime) -> datetime | None:
    if connection.blocked_until is not None and connection.blocked_until > now:
        return connection.blocked_until
    # Refused credentials are tried by the probes alone: many refused calls make a site lock the account.
    if connection.health is Health.NEEDS_CREDENTIALS and kind not in PROBING_KINDS:
        return now + ASK_A_PERSON_WAIT
    return None


def _put_off(on: Resources, claims: Sequence[Claim], until: datetime) -> None:
    with on.database.write() as conn:
        for claim in claims:
            postpone(conn, claim, until)


def _give_back(on: Resources, claims: Sequence[Claim]) -> None:
    """The database was away for a moment, or two of us stood in each other's way: sooner than when the claim runs out,
    if it can be said."""
    with suppress(StoreUnavailable, ClaimLost):
        _put_off(on, claims, on.clock.now() + FIRST_WAIT)


def _record_failure(on: Resources, claims: Sequence[Claim], error: Exception, connection_id: int | None) -> None:
    if not isinstance(error, OutsideError):
        log.exception("%s of %s failed", claims[0].kind, claims[0].target, exc_info=error)
    now = on.clock.now()
    with on.database.write() as conn:
        answers = True
        if connection_id is not None:
            # As it was before: the first failure may be a passing one, and is tried again soon.
            before = connection_state.load_standing(conn, claims[0].workspace_id, connection_id)
            answers = before.health is Health.CURRENT
        # In the order in which a webhook takes the same rows, marks by name and then the connection; on PostgreSQL the
        # two would wait for each other else.
        for claim in sorted(claims, key=lambda each: each.target):
            _record_one(conn, claim, error, now, site_answers=answers)
        if connection_id is not None:
            _note_failure(conn, claims[0], connection_id, error, now)


def _record_one(conn: Transaction, claim: Claim, error: Exception, now: datetime, *, site_answers: bool) -> None:
    jitter = random.uniform(0.7, 1.3)  # noqa: S311 - spreads retries, keeps no secret
    decision = decide(error, claim.attempts + 1, now, site_answers=site_answers, jitter=jitter)
    try:
        if isinstance(decision, RetryAt) and not decision.counts:
            postpone(conn, claim, decision.at)
        elif isinstance(decision, RetryAt):
            record_failed(conn, claim, at=now, error=reason_of(error), retry_at=decision.at)
        elif claim.kind in PROBING_KINDS:
            # Nobody would notice anything any more if the asking itself were given up.
            record_failed(conn, claim, at=now, error=reason_of(error), retry_at=now + LONGEST_WAIT)
        else:
            record_failed(conn, claim, at=now, error=reason_of(error), parked_reason=decision.reason)
    except ClaimLost:
        log.warning("%s of %s: somebody else has it now", claim.kind, claim.target)


def _note_failure(conn: Transaction, claim: Claim, connection_id: int, error: Exception, now: datetime) -> None:
    if isinstance(error, RateLimited):
        until = now + timedelta(seconds=error.retry_after)
        connection_state.block_until(conn, claim.workspace_id, connection_id, until)
    health = _health_after(error, probing=claim.kind in PROBING_KINDS)
    if health is not None:
        record_health(conn, claim.workspace_id, connection_id, health, now, reason_of(error))


def _health_after(error: Exception, *, probing: bool) -> Health | None:
    """What a failure says about the site itself; None where it is about one thing on it."""
    if isinstance(error, RateLimited):
        return Health.RATE_LIMITED
    if isinstance(error, Unauthorized):
        return Health.NEEDS_CREDENTIALS
    if isinstance(error, Forbidden) and probing:
        return Health.NEEDS_PERMISSION
    return Health.UNREACHABLE if isinstance(error, Unavailable | Rejected) and probing else None


def _note_answer(on: Resources, claim: Claim, connection_id: int) -> None:
    """What the probes found is taken back by them alone: other work may have called nothing, or another door."""
    workspace_id = claim.workspace_id
    with on.database.read() as conn:
        health = connection_state.load_standing(conn, workspace_id, connection_id).health
    is_ours_to_say = claim.kind in PROBING_KINDS or health not in FOUND_BY_PROBES
    if health is not Health.CURRENT and is_ours_to_say:
        with on.database.write() as conn:
            record_health(conn, workspace_id, connection_id, Health.CURRENT, on.clock.now())


def record_health(
    conn: Transaction, workspace_id: int, connection_id: int, health: Health, now: datetime, detail: str = ""
) -> None:
    """Keep how a site fares. Pages say so, at once where it is well again, else once it is no passing fault."""
    before = connection_state.load_standing(conn, workspace_id, connection_id)
    if not connection_state.record_health(conn, workspace_id, connection_id, health, now, detail):
        return
    if health is Health.CURRENT and now - before.health_since < PASSING_FAULT:
        return  # no page has said anything of it
    at = now if health is Health.CURRENT else now + PASSING_FAULT
    mark_due(conn, workspace_id, "table", [str(table.id) for table in tables.load_tables(conn, workspace_id)], at)
