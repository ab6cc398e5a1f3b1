"""What a person chooses before a table made by hand is taken over, and what would become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mapping.adoption_entries import LeftOut
from mapping.adoption_words import Meaning
from mapping.interchange import ParsedOkrs, write_okrs
from mapping.okr import Cycle, KeyResult, Objective
from mapping.words import Language


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose, and what must not clash.

    ``columns``: what some columns hold, by their number from 1. ``title`` names the objective of a table that names
    none and stands under no heading. ``taken``: keys in use. ``known_…``: what the cycle has already; what has
    the same title there is the same. First check-ins are made ``at`` that moment by the owner, else by ``importer``.
    """

    prefix: str
    cycle: Cycle
    baseline_due_on: date
    at: datetime
    importer: str
    title: str
    columns: Mapping[int, Meaning] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    known_objectives: tuple[Objective, ...] = ()
    known_key_results: tuple[KeyResult, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What one row became: ``text`` says it in words, ``hint`` what a person should look at."""

    table: int
    row: int
    key: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Words of a table that were not taken over."""

    table: int
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class Draft:
    okrs: ParsedOkrs
    rows: tuple[TakenRow, ...]
    remarks: tuple[Remark, ...]
    language: Language

    @property
    def yaml(self) -> str:
        """As ``okr import`` reads it, for a person to correct."""
        return write_okrs(self.okrs)
