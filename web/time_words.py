"""How times are written on our own screens, in the language of the answer.

In UTC here; a small script shows them in the reader's zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from mapping import written
from sync.queries.cycle_days import CycleDay
from web.language import gettext, ngettext, words

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


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


def cycle_week(when: CycleDay) -> str:
    """week 8 of 13, starts 1 Oct, ended 31 Dec"""
    if when.day < 1:
        return gettext("starts {day}").format(day=day(when.starts_on))
    if when.day > when.days:
        return gettext("ended {day}").format(day=day(when.ends_on))
    return gettext("week {week} of {weeks}").format(week=when.week, weeks=when.weeks)
