"""Saying of an epic that it is worth doing anyway, and taking that back."""

from __future__ import annotations

from connector.store import issues
from connector.store.activity import record_activity
from connector.store.epic_choices import record_just_do_it, remove_just_do_it
from connector.store.rule_links import remember_taken_away
from mapping.rules import JUST_DO_IT
from sync.commands.not_possible import NotPossible
from sync.epic_names import names_by_site
from sync.ports import Resources


def just_do_it(on: Resources, workspace_id: int, name: str, *, who: str) -> str:
    """Put the epic (``<connection>:<id>``) on that pile; returns its key. The same again changes nothing."""
    connection_id, issue_id = _named(name)
    now = on.clock.now()
    with on.database.write() as conn:
        known = issues.load_issues(conn, workspace_id, connection_id, [issue_id])
        if not known:
            raise NotPossible("This epic is not known here any more. Look again.")
        key = known[issue_id].snapshot.issue_key
        if record_just_do_it(conn, workspace_id, connection_id, issue_id, at=now, by=who):
            record_activity(conn, workspace_id, at=now, who=who, text=f"said of {key}: just do it")
    return key


def undecide(on: Resources, workspace_id: int, name: str, *, who: str) -> None:
    """Take it back: the epic is undecided again, and no rule puts it back. The same again changes nothing."""
    connection_id, issue_id = _named(name)
    now = on.clock.now()
    with on.database.write() as conn:
        if remove_just_do_it(conn, workspace_id, connection_id, issue_id):
            remember_taken_away(conn, workspace_id, JUST_DO_IT, connection_id, issue_id, at=now, by=who)
            known = issues.load_issues(conn, workspace_id, connection_id, [issue_id])
            key = known[issue_id].snapshot.issue_key if known else f"issue {issue_id}"
            record_activity(conn, workspace_id, at=now, who=who, text=f"said of {key}: undecided again")


def _named(name: str) -> tuple[int, str]:
    for connection_id, ids in names_by_site([name]).items():
        return connection_id, ids[0]
    raise NotPossible("This epic is not known here any more. Look again.")
