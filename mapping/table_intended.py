"""A table as its page should show it, with what is compared and remembered of it: worked out once for a whole visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mapping.table_changes import Fields, fingerprint, intended_fields, row_digests, rows_as_said
from mapping.table_parts import Table


@dataclass(frozen=True, slots=True)
class Intended:
    """``fingerprint``, ``fields`` and the digests of ``rows`` are those of ``table`` (``mapping.table_changes``)."""

    table: Table
    fingerprint: str
    fields: Fields
    rows: Mapping[str, str]


def intended(table: Table) -> Intended:
    said = rows_as_said(table)
    return Intended(table, fingerprint(table, said), intended_fields(table), row_digests(table, said))
