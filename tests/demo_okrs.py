"""The OKRs of the demo, with their dates moved so that the quarter is as far gone today as in ``demo_okrs.yaml``."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from mapping.interchange import ParsedOkrs, parse_okrs
from mapping.okr import CheckIn, Cycle, KeyResult

DEMO_FILE = Path(__file__).with_name("demo_okrs.yaml")
WRITTEN_FOR = date(2026, 11, 22)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_IN_TEXT = re.compile(
    rf"(?P<weekday>(?:{'|'.join(_WEEKDAYS)}) )?(?P<day>[0-9]{{1,2}}) (?P<month>{'|'.join(_MONTHS)})\b"
)


def demo_okrs() -> ParsedOkrs:
    return parse_okrs(DEMO_FILE.read_text(encoding="utf-8"))


def moved_to(parsed: ParsedOkrs, today: date) -> ParsedOkrs:
    """All dates moved by whole days, those in texts too, so that ``today`` is what 22 November is in the file."""
    by = today - WRITTEN_FOR
    if not by:
        return parsed
    cycles = {cycle.key: _moved_cycle(cycle, by) for cycle in parsed.cycles}
    return replace(
        parsed,
        cycles=tuple(cycles.values()),
        objectives=tuple(replace(each, cycle_key=cycles[each.cycle_key].key) for each in parsed.objectives),
        key_results=tuple(_moved_key_result(kr, by) for kr in parsed.key_results),
        check_ins=tuple(_moved_check_in(check_in, by) for check_in in parsed.check_ins),
    )


def _moved_cycle(cycle: Cycle, by: timedelta) -> Cycle:
    """Named by its dates, since it is no quarter of the calendar any more."""
    starts, ends = cycle.starts_on + by, cycle.ends_on + by
    name = f"{_written(starts)} to {_written(ends)} {ends.year}"
    return replace(cycle, key=f"from-{starts}", name=name, starts_on=starts, ends_on=ends)


def _moved_key_result(kr: KeyResult, by: timedelta) -> KeyResult:
    return replace(kr, baseline_due_on=kr.baseline_due_on + by) if kr.baseline_due_on else kr


def _moved_check_in(check_in: CheckIn, by: timedelta) -> CheckIn:
    return replace(
        check_in,
        at=check_in.at + by,
        blockers=_moved_text(check_in.blockers, by),
        next_step=_moved_text(check_in.next_step, by),
    )


def _moved_text(text: str, by: timedelta) -> str:
    def moved(match: re.Match[str]) -> str:
        day = date(WRITTEN_FOR.year, _MONTHS.index(match["month"]) + 1, int(match["day"])) + by
        return f"{_WEEKDAYS[day.weekday()]} {_written(day)}" if match["weekday"] else _written(day)

    return _DAY_IN_TEXT.sub(moved, text)


def _written(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"
