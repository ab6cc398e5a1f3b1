"""What the check-ins of one key result say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from mapping.okr import CheckIn, CheckInOrigin
from mapping.pace import day_of

# They show every field, so that a text left empty there is meant to be empty.
_SHOWING_EVERYTHING = frozenset({CheckInOrigin.WEB, CheckInOrigin.IMPORT})


@dataclass(frozen=True, slots=True)
class History:
    """The check-ins of one key result, oldest first; a check-in that leaves something out says nothing about it."""

    check_ins: tuple[CheckIn, ...]

    @classmethod
    def of(cls, check_ins: Iterable[CheckIn]) -> History:
        """In any order; of two of one moment the one that comes later counts as the later."""
        return cls(tuple(sorted(check_ins, key=lambda check_in: check_in.at)))

    @property
    def last(self) -> CheckIn | None:
        return self.check_ins[-1] if self.check_ins else None

    @property
    def value(self) -> Decimal | None:
        """The last value that was said."""
        return next((said.value for said in reversed(self.check_ins) if said.value is not None), None)

    @property
    def next_step(self) -> str:
        """The last next step that was said; a check-in without one leaves it standing."""
        return next((check_in.next_step for check_in in reversed(self.check_ins) if check_in.next_step), "")

    @property
    def note(self) -> str:
        """The note that stands: the last one, unless a form or an import left it empty since."""
        return self._standing(lambda check_in: check_in.note)

    @property
    def blockers(self) -> str:
        """What is in the way: as the note."""
        return self._standing(lambda check_in: check_in.blockers)

    @property
    def learned(self) -> str:
        """The last note that anybody wrote."""
        return next((each.note for each in reversed(self.check_ins) if each.note), "")

    @property
    def confidence(self) -> int | None:
        return next((confidence for _, confidence in self._confidences()), None)

    @property
    def confidence_change(self) -> int | None:
        """By how much the confidence changed with the last check-in; None unless something was said on that day."""
        latest = tuple(islice(self._confidences(), 2))
        if len(latest) < 2 or self.last is None or day_of(latest[0][0]) != day_of(self.last.at):
            return None
        return latest[0][1] - latest[1][1]

    def days_since(self, day: date) -> int | None:
        """Whole days from the last check-in to ``day``, at least 0; None where there was none."""
        return None if self.last is None else max((day - day_of(self.last.at)).days, 0)

    def since(self, holds: Callable[[Decimal], bool]) -> date | None:
        """The day on which the unbroken run of values that hold, up to the last one, began; None without a run."""
        began: datetime | None = None
        for at, value in self._values():
            if not holds(value):
                break
            began = at
        return None if began is None else day_of(began)

    def _standing(self, text: Callable[[CheckIn], str]) -> str:
        saying = (each for each in reversed(self.check_ins) if text(each) or each.origin in _SHOWING_EVERYTHING)
        return next(map(text, saying), "")

    def _values(self) -> Iterator[tuple[datetime, Decimal]]:
        """Newest first; nobody needs more of them than the last few."""
        return ((said.at, said.value) for said in reversed(self.check_ins) if said.value is not None)

    def _confidences(self) -> Iterator[tuple[datetime, int]]:
        """Newest first."""
        return ((said.at, said.confidence) for said in reversed(self.check_ins) if said.confidence is not None)
