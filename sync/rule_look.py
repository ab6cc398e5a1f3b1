"""A look at what a linking rule would do, while a person waits for the page: quick to give up, and saying why."""

from __future__ import annotations

from dataclasses import dataclass

from connector.errors import Forbidden, Gone, OutsideError, Rejected
from connector.http import at_most
from connector.store.connections import Connection
from mapping.rules import Rule
from sync.away_words import why_away
from sync.ports import Resources
from sync.reading import Reading, open_reading
from sync.rule_matching import Found, ask_jira, keys_to_name

SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Look:
    """``found`` is None where Jira did not tell: ``wrong`` are its words about a query that it refuses, ``away`` is why
    it does not answer just now. ``known``: the key results that are still worked on."""

    reading: Reading
    known: frozenset[str]
    found: Found | None
    wrong: str = ""
    away: str = ""


def look_at(on: Resources, workspace_id: int, connection_id: int, rule: Rule) -> Look:
    """Ask Jira what the rule matches. No transaction may be open. Raises UnknownConnection."""
    reading = open_reading(on, workspace_id, connection_id)
    with on.database.read() as conn:
        known = keys_to_name(conn, workspace_id)
    blocked = _blocked(on, reading.connection)
    if blocked:
        return Look(reading, known, None, away=blocked)
    try:
        with at_most(SECONDS):
            return Look(reading, known, ask_jira(on, reading, rule, known))
    except (Rejected, Forbidden, Gone) as error:
        return Look(reading, known, None, wrong=why_away(error))
    except OutsideError as error:
        return Look(reading, known, None, away=why_away(error))


def _blocked(on: Resources, connection: Connection) -> str:
    """It asked for patience a moment ago: asking it again would only make it wait longer."""
    until, now = connection.blocked_until, on.clock.now()
    return f"it asks to wait {(until - now).total_seconds():.0f} s" if until is not None and until > now else ""
