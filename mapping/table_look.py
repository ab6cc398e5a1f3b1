"""The look that was chosen for a table, as its fingerprint keeps it.

Where language, design or width were chosen anew, every cell reads anew though nothing was said about any key result,
so a version message must name no figures.
"""

from __future__ import annotations

from mapping.table_parts import Table

_APART = ":"


def fingerprint_of(layout: str, content: str, table: Table) -> str:
    """At most 80 characters, where the digests of layout and content have at most 32."""
    return _APART.join((layout, content, f"{table.language}-{table.design[0]}-{table.width[0]}"))


def same_layout(one: str, other: str) -> bool:
    """True where shape, columns and widths were chosen the same, so that what a person made of them may stay."""
    return one.split(_APART)[0] == other.split(_APART)[0]


def same_content(one: str, other: str) -> bool:
    """True where the page would say the same, "as of" aside."""
    return one.split(_APART)[:2] == other.split(_APART)[:2]


def same_wording(one: str, other: str) -> bool:
    """False where language, design or width were chosen anew. A fingerprint from before they were kept is taken for the
    same."""
    before, after = one.split(_APART)[2:], other.split(_APART)[2:]
    return before == after or not before or not after
