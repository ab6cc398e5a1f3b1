"""How numbers, times and states are written on our own screens; the templates use these as filters.

All of it in the language of the answer. Times are in UTC here; a small script shows them in the reader's zone. Figures
are written as in the tables of pages.
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
from mapping.sentences import sentence
from sync.queries.cycle_days import CycleDay
from sync.queries.tables import TableRow
from sync.queries.trend import Trend
from sync.queries.typed import TypedLine
from web.language import gettext, ngettext, words
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
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


def add_wording(app: Flask) -> None:
    """Make every filter known to the app's templates."""
    app.jinja_env.filters |= {
        "age": age,
        "ago": ago,
        "column_words": column_words,
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
        "origin_words": origin_words,
        "outcome_words": typed_outcome,
        "percent": written.percent,
        "second": second,
        "shape_words": shape_words,
        "size": size,
        "span": span,
        "svg_path": svg_path,
        "table_state": table_state,
        "typed_field": typed_field,
        "value_words": value_words,
        "way_words": way_words,
        "web_address": web_address,
        "work_words": work_words,
    }


def table_state(row: TableRow) -> tuple[str, str]:
    """The words of a table's lozenge and its colour; a table that waits for its turn is not called current,
    and one in a live doc waits for no draft."""
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
    return f"{number:,}".replace(",", words().thousands)


def hundredths(share: Fraction) -> str:
    """The width of a bar: percent without the sign, from 0 to 100, as SVG and ARIA want them."""
    return f"{min(max(float(share), 0), 1) * 100:.4g}"


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
    return written.number(value, written.decimals((kr.baseline, kr.target, value)), words())


def day(when: date | datetime) -> str:
    """19 Nov"""
    return written.day(when.astimezone(UTC).date() if isinstance(when, datetime) else when, words())


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
    return gettext("just now") if length < timedelta(seconds=2) else gettext("{age} ago").format(age=age(length))


def span(seconds: int) -> str:
    """How long something will still take: a second, 20 seconds, 3 minutes."""
    if seconds <= 1:
        return gettext("a second")
    for length, unit in _UNITS:
        if seconds >= length:
            return _spelled_out(round(seconds / length), unit)
    return gettext("{n} seconds").format(n=seconds)


def _spelled_out(number: int, unit: str) -> str:
    spelled = {
        "d": ngettext("{n} day", "{n} days", number),
        "h": ngettext("{n} hour", "{n} hours", number),
        "min": ngettext("{n} minute", "{n} minutes", number),
    }
    return spelled[unit].format(n=number)


def every(seconds: int) -> str:
    """every minute, every 30 s"""
    if seconds == 60:
        return gettext("every minute")
    return gettext("every {age}").format(age=age(timedelta(seconds=seconds)))


def hours(number: float) -> str:
    """24, 0.5"""
    return _decimal(f"{number:g}")


def size(number: int) -> str:
    """41 MB"""
    megabytes = number / 1_000_000
    return f"{megabytes:.0f} MB" if megabytes >= 10 else f"{_decimal(f'{megabytes:.1f}')} MB"


def _decimal(written_plainly: str) -> str:
    return written_plainly.replace(".", words().decimal_point)


def svg_path(trend: Trend, width: int, height: int) -> str:
    """The line as the ``d`` of an SVG path in a box of this size."""
    return "M" + " L".join(f"{point.x * width:.1f} {(1 - point.y) * height:.1f}" for point in trend.points)


def initials(name: str) -> str:
    """RK for Rosa Klein."""
    parts = name.split() or ["?"]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def web_address(address: str) -> str:
    """The address if it leads to a page of the web or of ours; empty for one that a browser would run."""
    is_ours = address.startswith("/") and not address.startswith("//")
    return address if is_ours or address.startswith(("https://", "http://")) else ""


def cycle_week(when: CycleDay) -> str:
    """week 8 of 13, starts 1 Oct, ended 31 Dec"""
    if when.day < 1:
        return gettext("starts {day}").format(day=day(when.starts_on))
    if when.day > when.days:
        return gettext("ended {day}").format(day=day(when.ends_on))
    return gettext("week {week} of {weeks}").format(week=when.week, weeks=when.weeks)
