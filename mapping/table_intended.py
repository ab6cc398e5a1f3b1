"""A table as its page should show it, with what is compared and remembered of it: worked out once for a whole visit."""

from __future__ import annotations

from dataclasses import dataclass

from mapping.table_changes import Fields, fingerprint, intended_fields
from mapping.table_parts import Table


@dataclass(frozen=True, slots=True)
class Intended:
    """``fingerprint`` and ``fields`` are those of ``table`` (``mapping.table_changes``)."""

    table: Table
    fingerprint: str
    fields: Fields


def intended(table: Table) -> Intended:
    return Intended(table, fingerprint(table), intended_fields(table))
