"""The lines beside the table about what somebody typed and what is no check-in yet: what stands there, what to do."""

from __future__ import annotations

from mapping.languages import phrase, plain, words_of
from mapping.table_notices import NotTaken, WhyNotTaken
from mapping.table_parts import Column, TableSpec
from mapping.table_pieces import Colour, Line, Link, Lozenge, Text
from mapping.words import NotTakenWords, Words
from mapping.written import LONGEST_NAME, shortened

MOST_LINES = 3
_LONGEST_QUOTE = 80


def not_taken_lines(not_taken: tuple[NotTaken, ...], spec: TableSpec) -> tuple[Line, ...]:
    """One line each, but one for all that wait to be confirmed; of more than three, the rest is counted."""
    words = words_of(spec.language)
    to_confirm = [each for each in not_taken if each.why is WhyNotTaken.TO_CONFIRM]
    others = [each for each in not_taken if each.why is not WhyNotTaken.TO_CONFIRM]
    lines = [_to_confirm(len(to_confirm), spec, words)] if to_confirm else []
    shown = others[: MOST_LINES - len(lines)]
    lines += [_line(each, spec, words) for each in shown]
    left = len(others) - len(shown)
    return (*lines, _more(left, spec, words.not_taken)) if left else tuple(lines)


def _line(each: NotTaken, spec: TableSpec, words: Words) -> Line:
    said = words.not_taken
    is_understood = each.why is WhyNotTaken.NOT_ALLOWED
    lozenge = Lozenge(said.not_taken if is_understood else said.not_understood, Colour.YELLOW)
    rest = _not_allowed(each, spec, said) if is_understood else _not_understood(each, said)
    says = plain(said.says, column=words.headers[each.column], key=each.key, text=shortened(each.text, _LONGEST_QUOTE))
    form = Link(said.check_in_by_form, f"{spec.service_url}/check-in/{each.key}")
    return (lozenge, Text(says + rest), form)


def _not_understood(each: NotTaken, said: NotTakenWords) -> str:
    needed = {Column.NOW: said.number_needed, Column.CONFIDENCE: said.confidence_needed}
    return plain(said.stays, needed=needed.get(each.column, said.words_needed))


def _not_allowed(each: NotTaken, spec: TableSpec, said: NotTakenWords) -> str:
    by = plain(said.typed_by, name=shortened(each.who, LONGEST_NAME)) if each.who else ""
    who_may = {"owner": said.owner_only, "team": said.team_only}.get(spec.check_in_by, "")
    return by + plain(said.not_allowed_says, who_may=who_may)


def _to_confirm(count: int, spec: TableSpec, words: Words) -> Line:
    said = words.not_taken
    text = phrase(said.one_to_confirm if count == 1 else said.some_to_confirm, n=count)
    return (Lozenge(said.please_confirm, Colour.BLUE), *text, Link(said.look_and_confirm, _tables(spec)))


def _more(count: int, spec: TableSpec, said: NotTakenWords) -> Line:
    return (*phrase(said.more_waiting, n=count), Link(said.look, _tables(spec)))


def _tables(spec: TableSpec) -> str:
    return f"{spec.service_url}/tables/{spec.table_id}" if spec.table_id else f"{spec.service_url}/tables"
