"""What a linking rule does: links are added, one transaction for all of them; many at once wait for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.store import issues, link_rules, tables
from connector.store.activity import record_activity
from connector.store.epic_choices import record_just_do_it
from connector.store.link_rules import LinkRule
from connector.store.links import Linked, record_link
from connector.store.work import mark_due
from mapping.issue import IssueSnapshot
from mapping.okr import Initiative, LinkOrigin
from mapping.rules import JUST_DO_IT, RuleKind, is_linkable
from sync.first_count import when_counted
from sync.reading import Reading, take_in
from sync.rule_matching import keys_to_name, matches_among
from sync.rule_plan import Line, plan_matches, to_link

WHO = "OKR Connector"
# More new links than these at once, which is within AT_ONCE, are for a person to decide upon.
MOST_AT_ONCE = 20
AT_ONCE = timedelta(minutes=10)
MOST_NAMED = 5
_TOLD_BY_ISSUES = (RuleKind.LABEL, RuleKind.LABELS, RuleKind.PROJECT)


def link_what_matches(
    conn: Transaction, reading: Reading, snapshots: Sequence[IssueSnapshot], read_at: datetime
) -> None:
    """Issues were read: link those that a rule wants, as far as the issues themselves say so."""
    workspace_id, connection_id = reading.connection.workspace_id, reading.connection.id
    linkable = [each for each in snapshots if is_linkable(each)]
    rules = link_rules.rules_at_work(conn, workspace_id, connection_id, _TOLD_BY_ISSUES) if linkable else ()
    if not rules:
        return
    # A search may still show what was deleted.
    gone = issues.gone_among(conn, workspace_id, connection_id, [each.issue_id for each in linkable])
    present = [each for each in linkable if each.issue_id not in gone]
    known = keys_to_name(conn, workspace_id)
    for rule in rules:
        matches = matches_among(rule.rule, present, known)
        new = to_link(plan_matches(conn, workspace_id, connection_id, rule.rule_id, matches), known)
        if new:
            link_or_wait(conn, reading, rule, new, read_at, waiting=rule.waiting)


def link_or_wait(
    conn: Transaction, reading: Reading, rule: LinkRule, new: Sequence[Line], at: datetime, *, waiting: Sequence[str]
) -> tuple[str, ...]:
    """Link these of themselves; where they are too many, or others of the rule wait already, they wait for a person.

    Returns the ids of all issues that wait now.
    """
    before = link_rules.count_linked(conn, rule.workspace_id, rule.rule_id, since=at - AT_ONCE, by=WHO)
    if not waiting and before + len(new) <= MOST_AT_ONCE:
        add_links(conn, reading, rule, new, at, who=WHO)
        return ()
    now_waiting = tuple(sorted({*waiting, *(line.issue_id for line in new)}))
    if now_waiting != rule.waiting:
        link_rules.record_waiting(conn, rule.workspace_id, rule.rule_id, now_waiting)
    if not rule.waiting:
        text = f"rule “{rule.name}” would link {len(new)} epics at once; nothing is linked before somebody says so"
        record_activity(conn, rule.workspace_id, at=at, who=WHO, text=text, url=f"/mappings/rules/{rule.rule_id}")
    return now_waiting


def add_links(
    conn: Transaction, reading: Reading, rule: LinkRule, lines: Sequence[Line], at: datetime, *, who: str
) -> int:
    """Make these links, keep what Jira told of the issues, and have all that follows from it done. How many are new."""
    added = [line for line in lines if _add(conn, rule, line, at, who)]
    if not added:
        return 0
    snapshots = {line.issue_id: line.snapshot for line in added if line.snapshot and line.key_result_key != JUST_DO_IT}
    take_in(conn, reading, tuple(snapshots.values()), at)
    targets = [reading.target(issue_id) for issue_id in snapshots]
    for kind in ("children", "initiative"):
        mark_due(conn, rule.workspace_id, kind, targets, at, urgency=3)
    keys = {line.key_result_key for line in added}
    when = when_counted(conn, rule.workspace_id, [(rule.connection_id, issue_id) for issue_id in snapshots], at)
    mark_due(conn, rule.workspace_id, "table", map(str, tables.tables_showing(conn, rule.workspace_id, keys)), when)
    for key in sorted(keys):
        names = [name_of(line) for line in added if line.key_result_key == key]
        record_activity(conn, rule.workspace_id, at=at, who=who, text=f"rule “{rule.name}” {_said(names, key)}")
    return len(added)


def name_of(line: Line) -> str:
    """The key of its issue, as far as it is known."""
    return line.snapshot.issue_key if line.snapshot else f"issue {line.issue_id}"


def _add(conn: Transaction, rule: LinkRule, line: Line, at: datetime, who: str) -> bool:
    if line.key_result_key == JUST_DO_IT:
        here = (rule.workspace_id, rule.connection_id, line.issue_id)
        return record_just_do_it(conn, *here, at=at, by=who, rule_id=rule.rule_id)
    role, weight = rule.rule.role, rule.rule.weight
    link = Initiative(
        line.key_result_key, rule.connection_id, line.issue_id, role, weight, origin=LinkOrigin.RULE
    )  # fmt: skip
    if record_link(conn, rule.workspace_id, link, at=at, by=who) is not Linked.ADDED:
        return False
    link_rules.note_linked(conn, rule.workspace_id, rule.rule_id, link)
    return True


def _said(names: Sequence[str], key: str) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    listed = ", ".join(names[:MOST_NAMED]) + more
    return f"put {listed} on “Just do it”" if key == JUST_DO_IT else f"linked {listed} to {key}"
