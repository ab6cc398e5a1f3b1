"""Stage: what a linking rule matches is asked of Jira, and what is new is linked.

Most changes are linked as soon as an issue is read; this finds what only Jira's search can tell, and what was missed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.errors import Forbidden, Gone, Rejected
from connector.store import connection_state, link_rules
from connector.store.link_rules import LinkRule, UnknownRule
from connector.store.work import Claim, hold_on, mark_due, record_done
from sync.away_words import why_away
from sync.ports import Resources
from sync.reading import Reading, open_reading
from sync.rule_linking import link_or_wait
from sync.rule_matching import Found, ask_jira, keys_to_name
from sync.rule_plan import plan_matches, to_link
from sync.work import LEASE_SECONDS


def check_rules(on: Resources, claims: Sequence[Claim]) -> None:
    """Stage ``rule``: rules of one connection, one after the other."""
    for claim in claims:
        with on.database.write() as conn:
            hold_on(conn, claims, on.clock.now() + timedelta(seconds=LEASE_SECONDS))
        rule = _find(on, claim)
        if rule is None:
            _forget(on, claim)
        else:
            _check(on, claim, rule)
        claims = [each for each in claims if each is not claim]


def _find(on: Resources, claim: Claim) -> LinkRule | None:
    with on.database.read() as conn:
        return _at_work(conn, claim)


def _at_work(conn: Transaction, claim: Claim) -> LinkRule | None:
    """The rule as it stands; None where it is off or gone."""
    try:
        rule = link_rules.load_rule(conn, claim.workspace_id, int(claim.target.partition(":")[2]))
    except UnknownRule:
        return None
    return rule if rule.is_on else None


def _forget(on: Resources, claim: Claim) -> None:
    with on.database.write() as conn:
        record_done(conn, claim)


def _check(on: Resources, claim: Claim, rule: LinkRule) -> None:
    reading = open_reading(on, claim.workspace_id, rule.connection_id)
    with on.database.read() as conn:
        known = keys_to_name(conn, claim.workspace_id)
    began = on.clock.now()
    try:
        found, trouble = ask_jira(on, reading, rule.rule, known), ""
    except (Rejected, Forbidden, Gone) as error:
        # Asked again it would be refused again: it is said beside the rule, and the clock asks the next time.
        found, trouble = None, why_away(error)
    with on.database.write() as conn:
        calls = found.calls if found else 1
        connection_state.count_calls(conn, claim.workspace_id, rule.connection_id, calls, began.date())
        now = _at_work(conn, claim)
        if now is not None and now.fingerprint != rule.fingerprint:
            # Somebody changed it while Jira was asked: what came back answers another question.
            mark_due(conn, claim.workspace_id, claim.kind, [claim.target], began)
        elif now is not None and found is None:
            link_rules.record_trouble(conn, claim.workspace_id, rule.rule_id, at=began, trouble=trouble)
        elif now is not None and found is not None:
            _apply(conn, reading, now, found, known, began)
        record_done(conn, claim)


def _apply(
    conn: Transaction, reading: Reading, rule: LinkRule, found: Found, known: Collection[str], at: datetime
) -> None:
    lines = plan_matches(conn, rule.workspace_id, rule.connection_id, rule.rule_id, found.matches)
    new = to_link(lines, known)
    still = {line.issue_id for line in new} & set(rule.waiting)
    waiting = link_or_wait(conn, reading, rule, new, at, waiting=sorted(still)) if new else ()
    link_rules.record_checked(conn, rule.workspace_id, rule.rule_id, at=at, matched=len(found.matches), waiting=waiting)
