"""Keys that are still free: ``PAY-O2`` after ``PAY-O1``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Literal

from mapping.okr import KEY_PATTERN, Objective

_LETTERS = re.compile(r"[A-Z0-9]")
_UMLAUTS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS"})
_NOBODYS_TEAM = "OKR"
LENGTH = 3


def next_key(old: str, taken: Collection[str]) -> str:
    """The first key with the letters of ``old`` and a higher number than any that is taken."""
    prefix, _, rest = old.rpartition("-")
    return first_free(prefix, "KR" if rest.startswith("KR") else "O", taken)


def first_free(prefix: str, letters: Literal["O", "KR"], taken: Collection[str]) -> str:
    """PAY-O2 where PAY-O1 is the highest of its kind; numbers that were left out stay so."""
    start = f"{prefix}-{letters}"
    numbers = [int(key.removeprefix(start)) for key in taken if KEY_PATTERN.fullmatch(key) and key.startswith(start)]
    return f"{start}{max(numbers, default=0) + 1}"


def prefix_of(team: str, objectives: Iterable[Objective]) -> str:
    """What the team's keys begin with: as most of those it has, else the first letters of its name."""
    used = Counter(each.key.rpartition("-")[0] for each in objectives if each.team == team and team)
    if used:
        return min(used, key=lambda prefix: (-used[prefix], prefix))
    letters = "".join(_LETTERS.findall(team.upper().translate(_UMLAUTS))).lstrip("0123456789")
    return letters[:LENGTH] or _NOBODYS_TEAM
