"""One thing that ``okr doctor`` looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sync.doctor_words import State


@dataclass(frozen=True, slots=True)
class Finding:
    """``name`` is what was looked at, ``text`` what is so, ``since`` when it became so or last was, as far as that is
    known, ``do`` what to do about it (empty: nothing). ``texts``: how many texts wait for a person's decision."""

    name: str
    state: State
    text: str
    since: datetime | None = None
    do: str = ""
    texts: int = 0
