"""What a reader of a table must know beside its figures: that they are old, and what was typed and not taken yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mapping.table_parts import Column


@dataclass(frozen=True, slots=True)
class NotCurrent:
    """Jira as a whole cannot be read since then; ``why`` is a plain reason, as in ``Completion.unreadable_why``."""

    since: datetime
    why: str


class WhyNotTaken(StrEnum):
    """Why a typed text is no check-in: nobody can read it, its author may not check in here, or somebody must say
    first that it was meant."""

    NOT_UNDERSTOOD = "not_understood"
    NOT_ALLOWED = "not_allowed"
    TO_CONFIRM = "to_confirm"


@dataclass(frozen=True, slots=True)
class NotTaken:
    """What somebody typed in an input cell and what is no check-in yet; the cell stays as typed. ``who``: the name of
    its author, empty where Confluence does not say."""

    key: str
    column: Column
    text: str
    why: WhyNotTaken = WhyNotTaken.NOT_UNDERSTOOD
    who: str = ""


@dataclass(frozen=True, slots=True)
class Notices:
    """What a reader must know beside the figures."""

    not_current: NotCurrent | None = None
    not_taken: tuple[NotTaken, ...] = ()


NO_NOTICES = Notices()
