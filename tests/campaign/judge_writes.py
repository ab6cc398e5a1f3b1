"""What must be true of every version that we wrote, one by one (DESIGN §2.3, §2.5, §6)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.campaign.hands import OWN
from tests.campaign.listening import Read, Written
from tests.campaign.markup import NotWellFormed, words
from tests.campaign.okr_sets import REGION_IDS
from tests.campaign.sheet import Row, Sheet, sheet_of
from tests.campaign.wiki import refs_in

_MARKER = re.compile(rb"<ac:inline-comment-marker\b[^>]*>|</ac:inline-comment-marker>")
_MOMENT = re.compile(r"(as of|Stand:?|vom|on) ?[0-9]{1,2}\.?\s?\S+\s[0-9]{4},\s[0-9:]{5}\sUTC")


Objectives = Mapping[str, str]


def judge_writes(written: list[Written], objective_of: Objectives) -> Iterator[str]:
    """One line for each thing that is wrong. ``objective_of``: the objective of each key result."""
    for one in written:
        for wrong in _judge(one, objective_of):
            yield f"version {one.number} (step {one.step}): {wrong}"


def _judge(one: Written, objective_of: Objectives) -> Iterator[str]:
    yield from _version(one)
    try:
        made_of, region_id = _made_of(one)
        bodies = (made_of.body, one.sent, one.before, one.stored)
        read, sent, before, stored = (sheet_of(body, region_id) for body in bodies)
    except NotWellFormed:
        yield "h: a body that is not well-formed was written"
        return
    if made_of.number != one.before_number:
        yield f"g: written over version {one.before_number}, but made of version {made_of.number}"
    if sent.region is None:
        yield "i: what was sent has no table of ours"
        return
    yield from _outside(one, read, sent, before)
    if before.region is not None:
        yield from _inside(before, stored, objective_of)
        if _says(before) == _says(stored) and Counter(refs_in(one.before)) == Counter(refs_in(one.stored)):
            yield "e: the page said the same before, but for the moment of its figures"


def _version(one: Written) -> Iterator[str]:
    last = one.reads[-1]
    if one.number != one.before_number + 1:
        yield f"g: written as {one.number} over {one.before_number}"
    if last.number != one.before_number:
        yield f"g: written over version {one.before_number}, but version {last.number} was the last one read"
    if one.draft is not None and one.draft not in (one.before, last.body):
        yield "g: written while somebody had a draft with other content open"
    if one.title != one.title_before:
        yield f"l: the page was called {one.title_before!r} and is called {one.title!r} now"


def _made_of(one: Written) -> tuple[Read, str]:
    """The latest read of which the body can have been made, and the table that was written: what stands around that
    table is as it was there, and so are the words that people brought into it. Nobody can say where nothing fits."""
    sheets = [sheet_of(one.sent, region_id) for region_id in REGION_IDS]
    fitting = (
        (read, region_id)
        for read in reversed(one.reads)
        for region_id, sent in zip(REGION_IDS, sheets, strict=True)
        if sent.region is not None and _fits(read, sent, region_id)
    )
    return next(fitting, (one.reads[-1], REGION_IDS[0]))


def _fits(read: Read, sent: Sheet, region_id: str) -> bool:
    try:
        sheet = sheet_of(read.body, region_id)
    except NotWellFormed:
        return False
    if sheet.region is None:
        return _only_added(sheet.data, sent.data)
    is_same = _MARKER.sub(b"", sheet.outside) == _MARKER.sub(b"", sent.outside)
    return is_same and _own_words(sheet) == _own_words(sent)


def _outside(one: Written, read: Sheet, sent: Sheet, before: Sheet) -> Iterator[str]:
    if read.region is None:
        if not _only_added(read.data, sent.data):
            yield f"a: the first write changed more than it added: {_difference(read.data, sent.data)}"
    elif sent.outside != read.outside and not _only_comments_back(sent.outside, read.outside):
        yield f"a: bytes outside our table differ from what was read: {_difference(read.outside, sent.outside)}"
    elif _MARKER.sub(b"", sent.outside) != _MARKER.sub(b"", before.outside):
        yield f"a: bytes outside our table differ from what stood there: {_difference(before.outside, sent.outside)}"


def _only_comments_back(sent: bytes, read: bytes) -> bool:
    """Comments that were made between our read and our write are put back by the next one."""
    kept = set(refs_in(read.decode())) <= set(refs_in(sent.decode()))
    return kept and _MARKER.sub(b"", sent) == _MARKER.sub(b"", read)


def _only_added(old: bytes, new: bytes) -> bool:
    """Whether the new bytes are the old ones with one piece put in; it may hold more than the table, a section of a
    layout for example."""
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    return new.endswith(old[same:])


def _inside(before: Sheet, stored: Sheet, objective_of: Objectives) -> Iterator[str]:
    """People's words, rows, columns and their order are what they were."""
    missing = _own_words(before) - _own_words(stored)
    if missing:
        yield f"b: words of people are gone, or not in their rows and columns any more: {sorted(missing)[:5]}"
    added = _own_words(stored) - _own_words(before)
    if added:
        yield f"b: words of people stand where nobody put them: {sorted(added)[:5]}"
    for objective in sorted(set(objective_of.values())):
        theirs, ours = (_keys(sheet, objective, objective_of) for sheet in (before, stored))
        if [key for key in ours if key in theirs] != [key for key in theirs if key in ours]:
            yield f"b: the order of the rows of {objective} was {theirs} and is {ours}"


def _own_words(sheet: Sheet) -> Counter[tuple[str, str]]:
    """Each mark of a person within our macro, with the key of the row in which it stands."""
    found: Counter[tuple[str, str]] = Counter()
    if sheet.region is None:
        return found
    everywhere = Counter(OWN.findall(sheet.text(sheet.region)))
    for row in sheet.rows:
        marks = Counter(OWN.findall(sheet.text(row.element)))
        everywhere -= marks
        found.update({(_place(row), mark): number for mark, number in marks.items()})
    found.update({("beside the table", mark): number for mark, number in everywhere.items()})
    return found


def _place(row: Row) -> str:
    return row.key or "a row without a key"


def _keys(sheet: Sheet, objective: str, objective_of: Objectives) -> list[str]:
    """The keys of one objective in their order, each once. A row moved below another objective's heading may go
    back to its own, so the order between objectives is not a person's."""
    return [key for key in dict.fromkeys(row.key for row in sheet.rows) if objective_of.get(key) == objective]


def _says(sheet: Sheet) -> str:
    return "" if sheet.region is None else _MOMENT.sub("", words(sheet.markup(sheet.region)))


def _difference(old: bytes, new: bytes) -> str:
    at = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return f"at byte {at}, {old[max(at - 30, 0) : at + 50]!r} became {new[max(at - 30, 0) : at + 50]!r}"
