"""The words of ``okr doctor`` for states that are kept as one word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from connector.store.connections import Health
from connector.store.tables import TableState
from sync.queries.tables import TableRow


class State(StrEnum):
    """Fine, worth knowing, or something a person has to do."""

    OK = "ok"
    NOTICE = "notice"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Stands:
    """A state in words, and what to do about it; empty where nothing is to be done."""

    state: State
    words: str
    do: str = ""


TABLE_STANDS: Mapping[TableState, Stands] = MappingProxyType(
    {
        TableState.WAITING: Stands(State.NOTICE, "waits to be written"),
        TableState.CURRENT: Stands(State.OK, "current"),
        TableState.HELD: Stands(State.NOTICE, "open draft", "Publish the changes to the page, or discard them."),
        TableState.REMOVED: Stands(
            State.TROUBLE,
            "removed by a person",
            "Stop keeping it (okr table remove), or put it in again (okr table add).",
        ),
        TableState.NO_PAGE: Stands(
            State.TROUBLE, "page not found", "Restore the page or let the account view it, or okr table remove."
        ),
        TableState.NO_PERMISSION: Stands(
            State.TROUBLE, "no permission", "Let the account edit the page, in its restrictions or its space."
        ),
        TableState.NOT_READABLE: Stands(
            State.TROUBLE, "not readable", "Put the header row of the table back, or remove and add the table."
        ),
        TableState.PAUSED: Stands(State.NOTICE, "paused", "okr pause --resume"),
        TableState.FINISHED: Stands(State.OK, "final"),
    }
)

HEALTH_STANDS: Mapping[Health, Stands] = MappingProxyType(
    {
        Health.CURRENT: Stands(State.OK, "answers"),
        Health.NEEDS_CREDENTIALS: Stands(State.TROUBLE, "refuses our token", "Make a new token and give it: "),
        Health.NEEDS_PERMISSION: Stands(State.TROUBLE, "refuses what we need", "Give the account the permission."),
        Health.UNREACHABLE: Stands(State.TROUBLE, "does not answer", "Check the site and the network."),
        Health.RATE_LIMITED: Stands(State.NOTICE, "asked us to wait", "Nothing; it goes on by itself."),
    }
)


def stands_of(row: TableRow) -> Stands:
    """The words of a table; one that waits for its turn is not called current, one in a live doc waits for no draft."""
    if row.state is TableState.CURRENT and row.waits:
        return _CHANGE_WAITS
    if row.is_live_doc:
        return _LIVE_DOC
    return TABLE_STANDS[row.state]


_CHANGE_WAITS = Stands(State.NOTICE, "a change waits", "Nothing; it is written by itself. At once: okr table write.")
_LIVE_DOC = Stands(State.NOTICE, "live doc", "Move the table to a page, or make this one a page.")


def ago(length: timedelta) -> str:
    """12 s, 4 min, 3 h, 2 days; never less than 0 s."""
    seconds = max(0, int(length.total_seconds()))
    for size, unit in ((172_800, "days"), (7200, "h"), (120, "min")):
        if seconds >= size:
            return f"{seconds // {'days': 86_400, 'h': 3600, 'min': 60}[unit]} {unit}"
    return f"{seconds} s"
