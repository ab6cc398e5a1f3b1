"""How figures and states are written on our own screens, in the language of the answer.

Figures are written as in the tables of pages. How times are written stands in web.time_words.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from connector.store.tables import TableState
from mapping import written
from mapping.figures import KeyResultFigure
from mapping.okr import CheckInOrigin, KeyResult
from mapping.sentences import sentence
from sync.queries.tables import TableRow
from sync.queries.typed import TypedLine
from web.language import gettext, grouped, words
from web.typed_words import outcome_words

_ORIGINS = {
    CheckInOrigin.WEB: sentence("by form"),
    CheckInOrigin.API: sentence("by API"),
    CheckInOrigin.CONFLUENCE: sentence("in Confluence"),
    CheckInOrigin.JIRA: sentence("in Jira"),
    CheckInOrigin.IMPORT: sentence("from a file"),
}
_WORK = {
    "issue": sentence("read again from Jira"),
    "children": sentence("read what is below it"),
    "initiative": sentence("count again"),
    "rule": sentence("look what a rule matches"),
    "jql": sentence("ask Jira for its value"),
    "table": sentence("write the page"),
    "poll": sentence("ask Jira what changed"),
    "pages": sentence("look for new versions of pages"),
    "full_check": sentence("full check"),
}
_TABLE_STATES = {
    "waiting": (sentence("To be written"), "blue"),
    "current": (sentence("Current"), "green"),
    "held": (sentence("Open draft"), "blue"),
    "removed": (sentence("Removed by a person"), "yellow"),
    "no_page": (sentence("Page not found"), "red"),
    "no_permission": (sentence("No permission"), "red"),
    "not_readable": (sentence("Not readable"), "yellow"),
    "paused": (sentence("Paused"), ""),
    "finished": (sentence("Final"), ""),
}
_SHAPES = {
    "table": sentence("everything"),
    "objective": sentence("one objective"),
    "attention": sentence("what needs attention"),
    "meeting": sentence("for the weekly meeting"),
    "health": sentence("limits that must hold"),
    "snapshot": sentence("as the cycle ended"),
}
_EVENTS = {
    "created": sentence("created"),
    "updated": sentence("updated"),
    "deleted": sentence("deleted"),
    "soft deleted": sentence("soft deleted"),
    "restored deleted": sentence("restored deleted"),
    "archived": sentence("archived"),
    "restored archived": sentence("restored archived"),
    "removed": sentence("removed"),
    "restored": sentence("restored"),
    "trashed": sentence("trashed"),
}


def table_state(row: TableRow) -> tuple[str, str]:
    """The words of a table's lozenge and its colour; a table that waits for its turn is not called current,
    and one in a live doc waits for no draft."""
    if row.is_set_aside:
        return gettext("Set aside"), "red"
    if row.state is TableState.CURRENT and row.waits:
        return gettext("Change waiting"), "blue"
    if row.is_live_doc:
        return gettext("Live doc"), "yellow"
    state, colour = _TABLE_STATES[row.state]
    return gettext(state), colour


def column_words(column: str) -> str:
    """The header of a column, as in the tables of pages."""
    return words().headers[column]


def origin_words(origin: CheckInOrigin) -> str:
    """How a check-in came in."""
    return gettext(_ORIGINS[origin])


def work_words(kind: str) -> str:
    """What the service has to do."""
    return gettext(_WORK[kind])


def event_words(act: str) -> str:
    """What a site tells of; a name that we do not know stays as the site writes it."""
    return gettext(_EVENTS[act]) if act in _EVENTS else act


def shape_words(shape: str) -> str:
    """What a table of this shape shows."""
    return gettext(_SHAPES[shape])


def typed_outcome(text: TypedLine, check_in_by: str) -> str:
    """What became of a text, or why it waits; ``check_in_by`` as the table has it."""
    return outcome_words(text.outcome, text.column, check_in_by, text.settled_by, gettext)


def typed_field(text: TypedLine) -> str:
    """A text by its key result, column and version, as the buttons name it."""
    return f"{text.key} {text.column} {text.version}"


def count(number: int) -> str:
    """1,284"""
    return grouped(number)


def way_words(kr: KeyResult) -> str:
    """38 → 20 s"""
    digits, said = written.decimals((kr.baseline, kr.target)), words()
    ends = " → ".join(written.number(end, digits, said) for end in (kr.baseline, kr.target) if end is not None)
    return written.with_unit(ends, kr.unit)


def limit_words(kr: KeyResult) -> str:
    """12 s, of a limit."""
    return "" if kr.target is None else written.with_unit(_number(kr.target, kr), kr.unit)


def now_words(figure: KeyResultFigure) -> str:
    """The present value without its unit, with as many decimals as the way has."""
    return written.UNKNOWN if figure.now is None else _number(figure.now, figure.key_result)


def value_words(value: Decimal | Fraction, kr: KeyResult) -> str:
    """Any value of this key result, without its unit."""
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value
    return _number(exact, kr)


def _number(value: Decimal, kr: KeyResult) -> str:
    return written.number(value, written.decimals((kr.baseline, kr.target, value)), words())


def hours(number: float) -> str:
    """24, 0.5"""
    return _decimal(f"{number:g}")


def size(number: int) -> str:
    """41 MB"""
    megabytes = number / 1_000_000
    return f"{megabytes:.0f} MB" if megabytes >= 10 else f"{_decimal(f'{megabytes:.1f}')} MB"


def _decimal(written_plainly: str) -> str:
    return written_plainly.replace(".", words().decimal_point)


def initials(name: str) -> str:
    """RK for Rosa Klein."""
    parts = name.split() or ["?"]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def web_address(address: str) -> str:
    """The address if it leads to a page of the web or of ours; empty for one that a browser would run."""
    is_ours = address.startswith("/") and not address.startswith("//")
    return address if is_ours or address.startswith(("https://", "http://")) else ""
