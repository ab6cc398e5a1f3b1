"""The fields of one YAML mapping, read as what they should be; every problem is noted with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from mapping.okr import InvalidOkr
from mapping.okr_set import Problem
from mapping.yaml_tree import Fields, Items, Node, Scalar

LONGEST_TEXT = 4_000
LONGEST_NUMBER = 40

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNFIT_IN_TEXT = re.compile(r"[^\t\n -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Word = TypeVar("Word", bound=StrEnum)
Made = TypeVar("Made")


class FieldReader:
    """Reads the fields of one mapping; what is wrong is noted in ``problems``, what cannot be read counts as absent.

    ``path`` says where in the file this mapping stands. A key that is not in ``known``, or stands twice, is a problem.
    """

    def __init__(self, node: Node, path: str, known: Sequence[str], problems: list[Problem]) -> None:
        self.line = node.line
        self.path = path
        self._known = known
        self.problems = problems
        self._fields: dict[str, Node] = {}
        if isinstance(node, Fields):
            for key, value in node.entries:
                self._take(key, value)
        else:
            self.refuse(node.line, "", f"fields are needed here, such as {known[0]}:", "")
        self._problems_before = len(problems)

    def refuse(self, line: int, name: str, what: str, to_do: str) -> None:
        self.problems.append(Problem(line, _joined(self.path, name), what, to_do))

    def nested(self, name: str, known: Sequence[str]) -> FieldReader | None:
        node = self.node(name)
        return None if node is None else FieldReader(node, _joined(self.path, name), known, self.problems)

    def each(self, name: str, known: Sequence[str]) -> Iterator[FieldReader]:
        """A reader for every entry of the list ``name``."""
        for index, node in enumerate(self.items(name), start=1):
            yield FieldReader(node, f"{_joined(self.path, name)}[{index}]", known, self.problems)

    def has(self, name: str) -> bool:
        """True where the field stands there with something in it."""
        node = self._fields.get(name)
        return node is not None and not (isinstance(node, Scalar) and node.is_null)

    def line_of(self, name: str) -> int:
        return self._fields[name].line if name in self._fields else self.line

    def node(self, name: str) -> Node | None:
        return self._fields[name] if self.has(name) else None

    def text(self, name: str, *, required: bool = False) -> str:
        node = self.node(name)
        if node is None:
            if required:
                self.refuse(self.line, name, "it is missing", f"write {name}: with a text")
            return ""
        return self._as_text(node, name)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(self._as_text(node, name) for node in self.items(name))

    def number(self, name: str) -> Decimal | None:
        """The digits as written, so that 4.10 keeps its zero."""
        node = self.node(name)
        return None if node is None else self.as_number(node, name)

    def as_number(self, node: Node, name: str) -> Decimal | None:
        text = self._scalar_text(node, name)
        if _NUMBER.fullmatch(text) and len(text) <= LONGEST_NUMBER:
            return Decimal(text)
        if text:
            self.refuse(node.line, name, f"{text[:60]!r} is not a number", "write digits, with a point for decimals")
        return None

    def whole(self, name: str, allowed: range) -> int | None:
        number = self.number(name)
        if number is None or number in allowed:
            return None if number is None else int(number)
        to_do = f"write a whole number from {allowed[0]} to {allowed[-1]}"
        self.refuse(self.line_of(name), name, f"{number} is out of range", to_do)
        return None

    def weight(self, name: str) -> Decimal:
        """A number above 0; 1 where nothing is said."""
        weight = self.number(name)
        if weight is not None and weight <= 0:
            self.refuse(self.line_of(name), name, f"{weight} is not above 0", "write a number above 0, or leave it out")
        return Decimal(1) if weight is None else weight

    def day(self, name: str) -> date | None:
        node = self.node(name)
        return None if node is None else self.as_day(node, name)

    def as_day(self, node: Node, name: str) -> date | None:
        text = self._scalar_text(node, name)
        try:
            return _day(text)
        except ValueError:
            self.refuse(node.line, name, f"{text[:60]!r} is not a date", "write it like 2026-11-30")
            return None

    def needed_day(self, name: str) -> date | None:
        if not self.has(name):
            self.refuse(self.line, name, "it is missing", f"write {name}: with a day, e.g. 2026-10-01")
        return self.day(name)

    def moment(self, name: str) -> datetime | None:
        """A time with its zone, or a day, which means noon UTC."""
        node = self.node(name)
        if node is None:
            self.refuse(self.line, name, "it is missing", f"write {name}: with a day, e.g. 2026-11-19")
            return None
        text = self._scalar_text(node, name)
        try:
            return _moment(text)
        except (OverflowError, ValueError):
            to_do = "write a day like 2026-11-19, or a time with its zone like 2026-11-19T14:30:00Z"
            self.refuse(node.line, name, f"{text[:60]!r} is not a time", to_do)
            return None

    def flag(self, name: str) -> bool:
        node = self.node(name)
        if node is None:
            return False
        text = self._scalar_text(node, name)
        if text not in ("true", "false"):
            self.refuse(node.line, name, f"{text[:60]!r} is neither true nor false", "write true, or leave it out")
        return text == "true"

    def word(self, name: str, default: Word) -> Word:
        node = self.node(name)
        if node is None:
            return default
        text = self._scalar_text(node, name)
        words = {str(each): each for each in type(default)}
        if text not in words:
            self.refuse(node.line, name, f"{text[:60]!r} is not known here", f"write one of: {', '.join(words)}")
        return words.get(text, default)

    def items(self, name: str) -> tuple[Node, ...]:
        node = self.node(name)
        if node is None:
            return ()
        if isinstance(node, Items):
            return node.items
        self.refuse(node.line, name, "a list is needed here", "start each entry with a hyphen")
        return ()

    def made(self, make: Callable[[], Made]) -> Made | None:
        """What ``make`` makes of these fields; None where any of them, or a rule of OKRs, has noted a problem."""
        made = None
        try:
            made = make()
        except InvalidOkr as error:
            if self._is_clean():
                self.refuse(self.line, "", str(error).removeprefix(f"{self.path}: "), "")
        return made if self._is_clean() else None

    def _is_clean(self) -> bool:
        return len(self.problems) == self._problems_before

    def _take(self, key: Node, value: Node) -> None:
        name = key.text if isinstance(key, Scalar) else ""
        if name not in self._known:
            near = get_close_matches(name, self._known, n=1)
            to_do = f"did you mean {near[0]}?" if near else f"known here: {', '.join(self._known)}"
            self.refuse(key.line, "", f"the field {name[:60]!r} is not known", to_do)
        elif name in self._fields:
            self.refuse(key.line, name, "it stands here twice", f"the first is in line {self._fields[name].line}")
        else:
            self._fields[name] = value

    def _as_text(self, node: Node, name: str) -> str:
        text = self._scalar_text(node, name)
        if len(text) > LONGEST_TEXT:
            self.refuse(node.line, name, f"it has {len(text):,} characters", f"at most {LONGEST_TEXT:,} are kept")
        if unfit := _UNFIT_IN_TEXT.search(text):
            self.refuse(node.line, name, f"the character U+{ord(unfit[0]):04X} cannot be kept", "take it out")
        return text

    def _scalar_text(self, node: Node, name: str) -> str:
        if isinstance(node, Scalar):
            return node.text
        self.refuse(node.line, name, "one value is needed here, not several", "put text with : or [ in quotes")
        return ""


def printable(text: str) -> str:
    """``text`` without the characters that a file cannot hold."""
    return _UNFIT_IN_TEXT.sub("", text)


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError("not written as year-month-day")
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    if _DAY.fullmatch(text):
        return datetime.combine(_day(text), time(12), UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment.astimezone(UTC)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name
