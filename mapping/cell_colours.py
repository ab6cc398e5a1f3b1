"""The colours that we give to cells, and which one a cell in a page has.

Confluence keeps it in an attribute of its own. Once a page was saved in Cloud's editor, it may stand there as the name
of a token with the colour behind it: ``var(--ds-background-accent-gray-subtlest, #f4f5f7)``.
"""

from __future__ import annotations

import re

from mapping.storage_scan import Node

HIGHLIGHT = "data-highlight-colour"
# From Confluence's own palette of cells; a person's hand may choose others.
TEAL = "#e6fcff"
BLUE = "#deebff"
GREY = "#f4f5f7"
OUR_COLOURS = frozenset({TEAL, BLUE, GREY})
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def colour_of(cell: Node) -> str:
    """``#f4f5f7``; what stands there where it is no such number; empty for a cell without a colour."""
    said = cell.attributes.get(HIGHLIGHT, "").lower()
    found = _COLOUR.search(said) if said else None
    return said if found is None else found.group()
