"""How everything stands in one word, for the status page and for the corner of every other page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import Connection as Transaction

from connector.store import overview, runs, work_list, workers, workspaces
from connector.store.connections import Connection, Health, load_connections
from connector.store.overview import WaitingTable
from connector.store.runs import Run
from connector.store.work_list import DueCount
from connector.store.workspaces import Workspace
from sync.queries.tables import FOR_PEOPLE

# Workers give a sign every five seconds.
SILENT_AFTER = timedelta(seconds=30)
# Work that a change makes. Asking again what may have changed is no change.
OF_CHANGES = frozenset({"issue", "initiative", "table"})
# What waits longer than this is told; up to it, waiting is how the work goes.
WAITS_LONG_AFTER = timedelta(minutes=2)


class Answer(StrEnum):
    """What is most true and most useful to say first; the order is the order of urgency."""

    NOTHING_CONNECTED = "nothing_connected"
    NO_WORKER = "no_worker"
    NEEDS_CREDENTIALS = "needs_credentials"
    NEEDS_PERMISSION = "needs_permission"
    UNREACHABLE = "unreachable"
    PAUSED = "paused"
    FIRST_SYNC = "first_sync"
    TABLES_NEED_PEOPLE = "tables_need_people"
    SET_ASIDE = "set_aside"
    RATE_LIMITED = "rate_limited"
    CATCHING_UP = "catching_up"
    ON_THE_WAY = "on_the_way"
    PAGES_WAIT = "pages_wait"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts behind the answer, and the answer."""

    workspace: Workspace
    connections: tuple[Connection, ...]
    runs: tuple[Run, ...]
    queue: tuple[DueCount, ...]
    workers_alive: int
    last_sign_at: datetime | None
    tables_needing_people: int
    waiting_tables: tuple[WaitingTable, ...]
    answer: Answer

    @property
    def set_aside(self) -> int:
        """How many things wait for a person's decision."""
        return sum(count.parked for count in self.queue)

    @property
    def waiting_since(self) -> datetime | None:
        """Since when the longest waiting thing is due."""
        return min((count.waiting_since for count in self.queue if count.waiting_since), default=None)

    @property
    def not_current(self) -> tuple[Connection, ...]:
        return tuple(connection for connection in self.connections if connection.health is not Health.CURRENT)

    @property
    def last_read_at(self) -> datetime | None:
        """When Jira last told us anything, asked or unasked."""
        jira = [connection for connection in self.connections if connection.product == "jira"]
        told = [at for connection in jira for at in (connection.last_event_at, connection.last_poll_at) if at]
        return max(told, default=None)


def load_standing(conn: Transaction, workspace_id: int, at: datetime) -> Standing:
    """Everything that the answer rests on, in a handful of small reads."""
    workspace = workspaces.load_workspace(conn, workspace_id)
    connections = load_connections(conn, workspace_id)
    open_runs = runs.open_runs(conn, workspace_id)
    queue = work_list.due_counts(conn, workspace_id, at)
    alive = workers.alive_since(conn, at - SILENT_AFTER)
    troubled_tables = overview.tables_in_states(conn, workspace_id, FOR_PEOPLE)
    waiting = overview.waiting_tables(conn, workspace_id)
    return Standing(
        workspace=workspace,
        connections=connections,
        runs=open_runs,
        queue=queue,
        workers_alive=len(alive),
        last_sign_at=max((worker.seen_at for worker in alive), default=None),
        tables_needing_people=troubled_tables,
        waiting_tables=waiting,
        answer=_answer(workspace, connections, open_runs, queue, bool(alive), troubled_tables, bool(waiting), at),
    )


def share_done(run: Run) -> Fraction | None:
    """None before it is known how much there is."""
    return Fraction(min(run.done, run.total), run.total) if run.total else None


def _answer(
    workspace: Workspace,
    connections: tuple[Connection, ...],
    open_runs: tuple[Run, ...],
    queue: tuple[DueCount, ...],
    has_worker: bool,
    troubled_tables: int,
    pages_wait: bool,
    at: datetime,
) -> Answer:
    healths = {connection.health for connection in connections}
    true = {
        Answer.NOTHING_CONNECTED: not connections,
        Answer.NO_WORKER: not has_worker,
        Answer.NEEDS_CREDENTIALS: Health.NEEDS_CREDENTIALS in healths,
        Answer.NEEDS_PERMISSION: Health.NEEDS_PERMISSION in healths,
        Answer.UNREACHABLE: Health.UNREACHABLE in healths,
        Answer.PAUSED: workspace.writing_paused_at is not None,
        Answer.FIRST_SYNC: any(run.kind == "first" for run in open_runs),
        Answer.TABLES_NEED_PEOPLE: troubled_tables > 0,
        Answer.SET_ASIDE: any(count.parked for count in queue),
        Answer.RATE_LIMITED: Health.RATE_LIMITED in healths,
        Answer.CATCHING_UP: any(c.waiting_since and at - c.waiting_since > WAITS_LONG_AFTER for c in queue),
        Answer.ON_THE_WAY: _is_on_the_way(queue, open_runs),
        Answer.PAGES_WAIT: pages_wait,
        Answer.CURRENT: True,
    }
    return next(answer for answer in Answer if true[answer])


def _is_on_the_way(queue: tuple[DueCount, ...], open_runs: tuple[Run, ...]) -> bool:
    """Whether a change waits or is being worked in. A full check counts everything again, without any change."""
    kinds = OF_CHANGES - {"initiative"} if open_runs else OF_CHANGES
    return any(count.due or count.in_hand for count in queue if count.kind in kinds)
