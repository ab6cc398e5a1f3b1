"""What is said of a table that was compared with Jira: the words of ``okr doctor --verify``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import connections, work_list, workspaces
from connector.store.tables import PageTable
from mapping.table_diff import Changes
from sync.doctor_words import State
from sync.figures import CycleFacts
from sync.finding import Finding
from sync.fresh_jira import FreshIssue, FreshJira
from sync.poll import OVERLAP

MOST_SAID = 5
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """``unknown``: why nothing can be told (``is_fine``: and nothing is to be told). Else ``changes`` are what the page
    would have to say instead, with ``why`` it does not yet, where that is known. ``compared`` key results; ``typed``
    cells wait as people typed them; ``unread``: what Jira did not tell, and why."""

    unknown: str = ""
    is_fine: bool = False
    changes: Changes = field(default_factory=Changes)
    why: str = ""
    compared: int = 0
    typed: int = 0
    unread: tuple[tuple[str, str], ...] = ()


def finding_of(table: PageTable, verdict: Verdict) -> Finding:
    """As ``okr doctor`` tells it."""
    name, page = f"Verify, table {table.id}", table.page_title or f"page {table.page_id}"
    if verdict.unknown:
        state = State.OK if verdict.is_fine else State.NOTICE
        return Finding(name, state, f"{page}: cannot be told. {verdict.unknown}")
    rest = " ".join(_rest(verdict))
    if verdict.changes.is_nothing:
        state = State.NOTICE if verdict.unread else State.OK
        many = "1 key result" if verdict.compared == 1 else f"{verdict.compared} key results"
        return Finding(name, state, f"{page}: right, {many} compared with Jira as it is now.{rest and ' ' + rest}")
    said = "; ".join(differences(verdict.changes))
    text = f"{page}: differs. {said}.{rest and ' ' + rest}"
    if verdict.why:
        return Finding(name, State.NOTICE, f"{text} {verdict.why}")
    do = "Choose Full check on the status page; if it still differs then, report it with this text."
    return Finding(name, State.TROUBLE, text, do=do)


def differences(changes: Changes) -> list[str]:
    """Each in one line, at most five of them."""
    found = list(_differences(changes))
    return found[:MOST_SAID] + ([f"and {len(found) - MOST_SAID} more"] if len(found) > MOST_SAID else [])


def explained(conn: Transaction, now: datetime, table: PageTable, facts: CycleFacts, fresh: FreshJira) -> str:
    """Why a page may differ for a while with nothing being wrong; empty where nobody knows."""
    workspace = workspaces.load_workspace(conn, table.workspace_id)
    if workspace.writing_paused_at or table.paused_at:
        return "Writing is paused."
    if work_list.due_among(conn, table.workspace_id, "table", [str(table.id)], now):
        return "A write is due."
    if table.state_detail:
        return table.state_detail
    counts = work_list.due_counts(conn, table.workspace_id, now)
    if any(c.due + c.in_hand for c in counts if c.kind in {"issue", "children", "initiative", "jql", "full_check"}):
        return "Jira is being read just now."
    return (
        "Jira changed since it was last asked; look again in a minute." if _is_news(conn, table, facts, fresh) else ""
    )


def _is_news(conn: Transaction, table: PageTable, facts: CycleFacts, fresh: FreshJira) -> bool:
    """By Jira's own clock, which is where the last poll ended."""
    sites = {each.id: each for each in connections.load_connections(conn, table.workspace_id, "jira")}
    for each in facts.of_key_results.values():
        for link in (figure.initiative for figure in each.initiatives):
            found, begins = fresh.issues.get((link.connection_id, link.issue_id)), sites[link.connection_id].poll_from
            if found is not None and begins is not None and _last_change(found) >= begins + OVERLAP:
                return True
    return False


def _last_change(found: FreshIssue) -> datetime:
    return max(each.updated for each in (found.snapshot, *found.children))


def _rest(verdict: Verdict) -> Iterator[str]:
    if verdict.typed:
        cells = "1 cell stands" if verdict.typed == 1 else f"{verdict.typed} cells stand"
        yield f"{cells} there as people typed, which nobody has taken yet."
    for what, why in verdict.unread[:MOST_SAID]:
        yield f"{what} could not be read, so its last figure was taken: {why.rstrip('.')}."
    if len(verdict.unread) > MOST_SAID:
        yield f"So for {len(verdict.unread) - MOST_SAID} more."


def _differences(changes: Changes) -> Iterator[str]:
    for cell in changes.cells:
        yield f"{cell.key} {cell.column}: the page says “{_short(cell.old)}”, by Jira it is “{_short(cell.new)}”"
    for line in changes.lines:
        where = "above the table" if line.where == "above" else "an objective"
        yield f"{where}: the page says “{_short(line.old)}”, it is “{_short(line.new)}”"
    for what, names in (
        ("rows missing", changes.rows_come),
        ("rows too many", changes.rows_go),
        ("columns missing", changes.columns_come),
        ("columns too many", changes.columns_go),
    ):
        if names:
            yield f"{what}: {', '.join(map(str, names))}"
    if changes.looks_new:
        yield "another look was chosen since"


def _short(text: str) -> str:
    line = " / ".join(part for part in text.split("\n") if part)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
