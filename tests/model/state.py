"""Everything that the model knows at one moment: frozen, so that equal moments are one and the same.

Numbers of versions are counted from the version that we remember to have written (``Memory.seen``, ``Copy.number``,
``Sending.number``: 0 is that version), claims are named for the worker that holds them, and a generation is only
whether it moved since the claim. So a run that comes back to the same situation comes back to the same state.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """The rows of the work table that can be marked: one target of each kind."""

    ISSUE = 0
    INITIATIVE = 1
    TABLE = 2
    POLL = 3
    PAGES = 4


NOBODY = -1
# Whoever held it has crashed; nobody will ever come with this claim or lease again.
DEAD = 9
US, PERSON = "us", "person"
# What became of a text that a person typed.
OPEN, TAKEN, TWICE, SUPERSEDED = "open", "taken", "twice", "superseded"
# The person is asked whether it was meant, because the table seems to be an older one.
ASKED = "asked"


class Row(NamedTuple):
    """A mark. ``token``: the worker that claims it, NOBODY or DEAD. ``ran_out``: ``claimed_until`` has passed.
    ``moved``: the generation moved since the claim. ``later``: ``due_at`` is not yet. ``held_back``: ``not_before`` is
    not yet. ``own_act``: the urgency is that of a person's own act."""

    token: int = NOBODY
    ran_out: bool = False
    moved: bool = False
    later: bool = False
    held_back: bool = False
    own_act: bool = False


class Lease(NamedTuple):
    """Of the timer."""

    holder: int = NOBODY
    ran_out: bool = False


class Version(NamedTuple):
    """One version of the page: a computed figure, an input cell, and the moment that the table names ("as of …")."""

    author: str
    figure: int
    cell: int
    moment: int


class Sending(NamedTuple):
    """What ``remember_sending`` keeps of a write."""

    number: int
    figure: int
    cell: int
    moment: int


class Memory(NamedTuple):
    """The row of the table: what we last intended (``figure``, ``cell``), what the input cell is compared with
    (``read_back``), the moment of our last version, the version that a visit saw last, and writes of which we do not
    know what became of them."""

    figure: int = 0
    cell: int = 0
    read_back: int = 0
    moment: int = 0
    seen: int = 0
    sendings: tuple[Sending, ...] = ()


class Copy(NamedTuple):
    """The page as one worker read it."""

    number: int
    figure: int
    cell: int
    moment: int
    # What that worker is going to send or has sent: the moment that its body names.
    sent_moment: int = 0


class Visit(NamedTuple):
    """What ``prepare_visit`` loaded."""

    figure: int
    cell: int
    memory: Memory


class Worker(NamedTuple):
    """Where a worker stands. ``answer``: what Jira or the list of pages told it."""

    at: str = "idle"
    own_act: bool = False
    answer: int = 0
    visit: Visit | None = None
    copy: Copy | None = None


class Sent(NamedTuple):
    """A PUT on its way whose sender does not wait for it any more: it may still arrive, or never."""

    read_number: int
    figure: int
    cell: int
    moment: int


class State(NamedTuple):
    """``truth``: what Jira has. ``hooks``: webhooks on their way. ``stored``: as read. ``counted``: the figure.
    ``page``: its versions from the one that we remember to have written. ``typed``: what became of each text that was
    typed, in order; the first is 1 in a cell. ``draft``: the person has the editor open. ``early``: how many polls may
    still come before everything is quiet."""

    truth: int
    hooks: int
    stored: int
    counted: int
    rows: tuple[Row | None, ...]
    lease: Lease
    memory: Memory
    page: tuple[Version, ...]
    typed: tuple[str, ...]
    draft: bool
    workers: tuple[Worker, ...]
    on_the_way: tuple[Sent, ...]
    early: int

    @property
    def number(self) -> int:
        """Of the version that stands in the page."""
        return len(self.page) - 1

    @property
    def said(self) -> int:
        """What the check-ins say: the last one that was typed and taken."""
        taken = [number for number, outcome in enumerate(self.typed, 1) if outcome in {TAKEN, TWICE}]
        return max(taken, default=0)


class Bounds(NamedTuple):
    """How far the model goes: changes in Jira, texts that the person types, faults, polls that come early, and whether
    the timer's lease is followed."""

    events: int = 2
    texts: int = 1
    faults: int = 3
    early: int = 0
    lease: bool = False
    workers: int = 2


def start(bounds: Bounds) -> State:
    """A table that was written, with nothing to do."""
    return State(
        truth=0,
        hooks=0,
        stored=0,
        counted=0,
        rows=(None,) * len(Kind),
        lease=Lease(),
        memory=Memory(),
        page=(Version(US, 0, 0, 0),),
        typed=(),
        draft=False,
        workers=(Worker(),) * bounds.workers,
        on_the_way=(),
        early=bounds.early,
    )


IDLE = Worker()


def with_worker(state: State, who: int, worker: Worker) -> State:
    """The same with that worker elsewhere."""
    workers = state.workers
    return state._replace(workers=(*workers[:who], worker, *workers[who + 1 :]))


def with_row(state: State, kind: Kind, row: Row | None) -> State:
    """The same with another row in the work table; None takes it out."""
    rows = state.rows
    return state._replace(rows=(*rows[:kind], row, *rows[kind + 1 :]))
