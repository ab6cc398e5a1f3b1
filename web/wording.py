"""How numbers, times and states are written on our own screens; the templates use these as filters.

Times are in UTC here; a small script shows them in the reader's zone. Figures are written as in the tables of pages.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from flask import Flask

from connector.store.tables import TableState
from mapping import written
from mapping.figures import KeyResultFigure
from mapping.okr import CheckInOrigin, KeyResult
from mapping.words_english import ENGLISH
from sync.queries.cycle_days import CycleDay
from sync.queries.tables import TableRow
from sync.queries.trend import Trend
from sync.queries.typed import TypedLine
from web.typed_words import outcome_words

_ORIGINS = {
    CheckInOrigin.WEB: "by form",
    CheckInOrigin.API: "by API",
    CheckInOrigin.CONFLUENCE: "in Confluence",
    CheckInOrigin.JIRA: "in Jira",
    CheckInOrigin.IMPORT: "from a file",
}
_WORK = {
    "issue": "read again from Jira",
    "children": "read what is below it",
    "initiative": "count again",
    "rule": "look what a rule matches",
    "jql": "ask Jira for its value",
    "table": "write the page",
    "poll": "ask Jira what changed",
    "pages": "look for new versions of pages",
    "full_check": "full check",
}
_TABLE_STATES = {
    "waiting": ("To be written", "blue"),
    "current": ("Current", "green"),
    "held": ("Open draft", "blue"),
    "removed": ("Removed by a person", "yellow"),
    "no_page": ("Page not found", "red"),
    "no_permission": ("No permission", "red"),
    "not_readable": ("Not readable", "yellow"),
    "paused": ("Paused", ""),
    "finished": ("Final", ""),
}
_SHAPES = {
    "table": "everything",
    "objective": "one objective",
    "attention": "what needs attention",
    "meeting": "for the weekly meeting",
    "health": "limits that must hold",
    "snapshot": "as the cycle ended",
}
_UNITS = ((86_400, "d", "days"), (3600, "h", "hours"), (60, "min", "minutes"))


def add_wording(app: Flask) -> None:
    """Make every filter known to the app's templates."""
    app.jinja_env.filters |= {
        "age": age,
        "ago": ago,
        "column_words": ENGLISH.headers.__getitem__,
        "count": count,
        "cycle_week": cycle_week,
        "day": day,
        "every": every,
        "hours": hours,
        "hundredths": hundredths,
        "initials": initials,
        "limit_words": limit_words,
        "moment": moment,
        "now_words": now_words,
        "origin_words": _ORIGINS.__getitem__,
        "outcome_words": typed_outcome,
        "percent": written.percent,
        "second": second,
        "shape_words": _SHAPES.__getitem__,
        "size": size,
        "span": span,
        "svg_path": svg_path,
        "table_state": table_state,
        "typed_field": typed_field,
        "value_words": value_words,
        "way_words": way_words,
        "web_address": web_address,
        "work_words": _WORK.__getitem__,
    }


def table_state(row: TableRow) -> tuple[str, str]:
    """The words of a table's lozenge and its colour; a table that waits for its turn is not called current,
    and one in a live doc waits for no draft."""
    if row.state is TableState.CURRENT and row.waits:
        return "Change waiting", "blue"
    if row.is_live_doc:
        return "Live doc", "yellow"
    return _TABLE_STATES[row.state]


def typed_outcome(text: TypedLine, check_in_by: str) -> str:
    """What became of a text, or why it waits; ``check_in_by`` as the table has it."""
    return outcome_words(text.outcome, text.column, check_in_by, text.settled_by)


def typed_field(text: TypedLine) -> str:
    """A text by its key result, column and version, as the buttons name it."""
    return f"{text.key} {text.column} {text.version}"


def count(number: int) -> str:
    """1,284"""
    return f"{number:,}"


def hundredths(share: Fraction) -> str:
    """The width of a bar: percent without the sign, from 0 to 100, as SVG and ARIA want them."""
    return f"{float(min(max(share, Fraction(0)), Fraction(1)) * 100):.4g}"


def way_words(kr: KeyResult) -> str:
    """38 → 20 s"""
    ends = " → ".join(_number(value, kr) for value in (kr.baseline, kr.target) if value is not None)
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
    return written.number(value, written.decimals((kr.baseline, kr.target, value)), ENGLISH)


def day(when: date | datetime) -> str:
    """19 Nov"""
    return written.day(when.astimezone(UTC).date() if isinstance(when, datetime) else when, ENGLISH)


def moment(when: datetime, at: datetime) -> str:
    """09:40 if that was today, else 20 Nov, 14:05"""
    return _clock(when, at, "%H:%M")


def second(when: datetime, at: datetime) -> str:
    """09:40:16 if that was today, else 20 Nov, 14:05"""
    return _clock(when, at, "%H:%M:%S")


def _clock(when: datetime, at: datetime, today: str) -> str:
    there, here = when.astimezone(UTC), at.astimezone(UTC)
    return f"{there:{today}}" if there.date() == here.date() else f"{day(there)}, {there:%H:%M}"


def age(length: timedelta) -> str:
    """12 s, 4 min, 3 h, 1 d 19 h; never less than 0 s."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86_400:
        return f"{seconds // 3600} h"
    return f"{seconds // 86_400} d {seconds % 86_400 // 3600} h"


def ago(length: timedelta) -> str:
    """just now, 12 s ago"""
    return "just now" if length < timedelta(seconds=2) else f"{age(length)} ago"


def span(seconds: int) -> str:
    """How long something will still take: a minute, 3 minutes, 20 seconds."""
    for size_, _, words in _UNITS:
        if seconds >= size_:
            number = round(seconds / size_)
            return f"{number} {words if number > 1 else words.removesuffix('s')}"
    return f"{max(1, seconds)} seconds" if seconds > 1 else "a second"


def every(seconds: int) -> str:
    """every minute, every 30 s"""
    return "every minute" if seconds == 60 else f"every {age(timedelta(seconds=seconds))}"


def hours(number: float) -> str:
    """24, 0.5"""
    return f"{number:g}"


def size(number: int) -> str:
    """41 MB"""
    return f"{number / 1_000_000:.0f} MB" if number >= 10_000_000 else f"{number / 1_000_000:.1f} MB"


def svg_path(trend: Trend, width: int, height: int) -> str:
    """The line as the ``d`` of an SVG path in a box of this size."""
    return "M" + " L".join(f"{point.x * width:.1f} {(1 - point.y) * height:.1f}" for point in trend.points)


def initials(name: str) -> str:
    """RK for Rosa Klein."""
    words = name.split() or ["?"]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def web_address(address: str) -> str:
    """The address if it leads to a page of the web or of ours; empty for one that a browser would run."""
    is_ours = address.startswith("/") and not address.startswith("//")
    return address if is_ours or address.startswith(("https://", "http://")) else ""


def cycle_week(when: CycleDay) -> str:
    """week 8 of 13, starts 1 Oct, ended 31 Dec"""
    if when.day < 1:
        return f"starts {day(when.starts_on)}"
    if when.day > when.days:
        return f"ended {day(when.ends_on)}"
    return f"week {when.week} of {when.weeks}"
