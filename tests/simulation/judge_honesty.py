"""Every count that we ever wrote was possible when it was written: nothing is invented, nothing is left out.

Jira's index lags and issues are read at different moments, so a count may mix moments. What can be said of each child
for sure bounds it: whatever was below an issue all the time has to be counted, and nothing that never was may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.campaign.listening import Written
from tests.campaign.markup import NotWellFormed
from tests.campaign.okr_sets import REGION_ID
from tests.campaign.sheet import Sheet, sheet_of
from tests.simulation.history import Place
from tests.simulation.truth import Fact

_COUNTED = re.compile(r"([A-Z][A-Z0-9]*-[0-9]+) ([0-9]+) of ([0-9]+) done")
# A figure may be as old as the full check, and as the longest time for which a site was away in a history.
OLDEST = timedelta(hours=4)


def judge_honesty(place: Place) -> Iterator[str]:
    """One line for each count that cannot have been true."""
    for one in place.play.heard.written:
        try:
            sheet = sheet_of(one.sent, REGION_ID)
        except NotWellFormed:
            continue  # told by another law
        if "cannot be read since" in sheet.lines or "Figures are from" in sheet.lines:
            continue
        yield from _judge(place, one, sheet)


def _judge(place: Place, one: Written, sheet: Sheet) -> Iterator[str]:
    cells = (sheet.cell_text(key, "initiatives") or "" for key in sheet.by_key)
    counted = {found for cell in cells for found in _COUNTED.findall(cell.replace("\u00a0", " "))}
    for issue_key, done, total in sorted(counted):
        if not _is_possible(place, issue_key, int(done), int(total), one.at):
            yield f"8: version {one.number} says {issue_key} {done} of {total} done, which cannot have been"


def _is_possible(place: Place, issue_key: str, done: int, total: int, at: datetime) -> bool:
    named = [i for i in place.truth.history if any(fact.key == issue_key for fact in place.truth.facts(i))]
    return any(_fits(place, issue_id, done, total, at) for issue_id in named)


def _fits(place: Place, issue_id: str, done: int, total: int, at: datetime) -> bool:
    states = [_states(place, child, issue_id, at) for child in place.truth.ever_below(issue_id)]
    least_total = sum(each <= {"open", "done"} for each in states)
    most_total = sum(bool(each & {"open", "done"}) for each in states)
    least_done = sum(each == {"done"} for each in states)
    most_done = sum("done" in each for each in states)
    return least_done <= done <= most_done and least_total <= total <= most_total


def _states(place: Place, child: str, parent: str, at: datetime) -> set[str]:
    """What it was, seen from there, at any moment that the figure may be from."""
    past = place.truth.history[child]
    ends = [moment for moment, _ in past[1:]] + [None]
    seen = (fact for (start, fact), end in zip(past, ends, strict=True) if start <= at and _is_late(end, at))
    before = {"none"} if past[0][0] > at - OLDEST and past[0][0] > place.truth.began else set()
    return {state for fact in seen for state in _states_of(fact, parent)} | before


def _is_late(end: datetime | None, at: datetime) -> bool:
    return end is None or end >= at - OLDEST


def _states_of(fact: Fact | None, parent: str) -> set[str]:
    """An archived issue may be counted or not: searches do not find it, and who knows its id can read it."""
    if fact is None or fact.parent != parent or fact.level < 0 or fact.wont_do:
        return {"none"}
    state = "done" if fact.category == "done" else "open"
    return {state, "none"} if fact.is_archived else {state}
