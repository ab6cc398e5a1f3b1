"""What the check-ins of one key result say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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
        values = self._values()
        return values[-1][1] if values else None

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
        said = self._confidences()
        return said[-1][1] if said else None

    @property
    def confidence_change(self) -> int | None:
        """By how much the confidence changed with the last check-in; None unless something was said on that day."""
        said = self._confidences()
        if len(said) < 2 or self.last is None or said[-1][0] != day_of(self.last.at):
            return None
        return said[-1][1] - said[-2][1]

    def days_since(self, day: date) -> int | None:
        """Whole days from the last check-in to ``day``, at least 0; None where there was none."""
        return None if self.last is None else max((day - day_of(self.last.at)).days, 0)

    def since(self, holds: Callable[[Decimal], bool]) -> date | None:
        """The day on which the unbroken run of values that hold, up to the last one, began; None without a run."""
        began: date | None = None
        for day, value in reversed(self._values()):
            if not holds(value):
                break
            began = day
        return began

    def _standing(self, text: Callable[[CheckIn], str]) -> str:
        saying = (each for each in reversed(self.check_ins) if text(each) or each.origin in _SHOWING_EVERYTHING)
        return next(map(text, saying), "")

    def _values(self) -> list[tuple[date, Decimal]]:
        return [(day_of(check_in.at), check_in.value) for check_in in self.check_ins if check_in.value is not None]

    def _confidences(self) -> list[tuple[date, int]]:
        said = ((check_in.at, check_in.confidence) for check_in in self.check_ins)
        return [(day_of(at), confidence) for at, confidence in said if confidence is not None]
