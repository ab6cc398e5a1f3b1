"""Numbers in addresses, no larger than a database's column for numbers holds."""

from __future__ import annotations

LARGEST_NUMBER = 2**63 - 1
ONE_CONNECTION = f"<int(max={LARGEST_NUMBER}):connection_id>"
