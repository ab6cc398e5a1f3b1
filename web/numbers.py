"""Numbers in addresses, no larger than a database's column for numbers holds."""

from __future__ import annotations

from flask import request

LARGEST_NUMBER = 2**63 - 1
ONE_CONNECTION = f"<int(max={LARGEST_NUMBER}):connection_id>"


def a_number(text: str) -> int | None:
    """What somebody may have typed into an address or a form; None where it cannot be the number of anything."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER)) else 0
    return number if 0 < number <= LARGEST_NUMBER else None


def page_number() -> int:
    """Which page of a list was asked for; the first where that is no number."""
    return a_number(request.args.get("page", "")) or 1
