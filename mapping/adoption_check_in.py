"""The first check-in of a key result, out of what a table made by hand says of today."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from mapping.adoption_confidence import confidence_of
from mapping.adoption_entries import KeyResultEntry, Said
from mapping.adoption_remarks import LONGEST_TEXT, SAID_ALREADY, TOO_LONG
from mapping.adoption_values import Figure, figure_of
from mapping.adoption_words import Meaning
from mapping.okr import CheckIn, CheckInOrigin, KeyResult
from mapping.sentences import sentence
from mapping.words import Language
from mapping.yaml_fields import printable

NOT_A_FIGURE = sentence("it is not one figure")
OTHER_UNIT = sentence("its unit is another than that of the target")
NO_CONFIDENCE = sentence("it is no confidence from 0 to 10")
Odd = tuple[Said, str]


def first_check_in(
    entry: KeyResultEntry, key_result: KeyResult, at: datetime, author: str, language: Language
) -> tuple[CheckIn | None, tuple[Odd, ...]]:
    """None where the table says nothing of today. With it, what was not understood and why."""
    reader = _Reader(entry, key_result, language)
    value, confidence = reader.value(), reader.confidence()
    words = {
        "next_step": reader.text(Meaning.NEXT_STEP, "; "),
        "note": reader.text(Meaning.NOTE, "\n"),
        "blockers": reader.text(Meaning.BLOCKERS, "\n"),
    }
    if value is None and confidence is None and not any(words.values()):
        return None, tuple(reader.odd)
    check_in = CheckIn(key_result.key, at, value, confidence, author=author, origin=CheckInOrigin.IMPORT, **words)
    return check_in, tuple(reader.odd)


class _Reader:
    def __init__(self, entry: KeyResultEntry, key_result: KeyResult, language: Language) -> None:
        self._entry = entry
        self._key_result = key_result
        self._language = language
        self.odd: list[Odd] = []

    def of(self, meaning: Meaning) -> list[Said]:
        return [said for said in self._entry.said if said.column.meaning is meaning]

    def value(self) -> Decimal | None:
        found: list[Decimal] = []
        for said in self.of(Meaning.NOW):
            figure = figure_of(said.text, self._language)
            number = None if figure is None else self._in_unit(figure)
            if number is None:
                self.odd.append((said, NOT_A_FIGURE if figure is None else OTHER_UNIT))
            elif found:
                self.odd.append((said, SAID_ALREADY))
            else:
                found.append(number)
        return found[0] if found else None

    def confidence(self) -> int | None:
        found: list[int] = []
        for said in self.of(Meaning.CONFIDENCE):
            number = confidence_of(said.text, said.cell.colour, self._language)
            if number is None or found:
                self.odd.append((said, NO_CONFIDENCE if number is None else SAID_ALREADY))
            else:
                found.append(number)
        return found[0] if found else None

    def text(self, meaning: Meaning, by: str) -> str:
        said = self.of(meaning)
        whole = by.join(line.strip() for each in said for line in printable(each.text).split("\n") if line.strip())
        if len(whole) > LONGEST_TEXT:
            self.odd += [(each, TOO_LONG) for each in said]
        return whole[:LONGEST_TEXT]

    def _in_unit(self, figure: Figure) -> Decimal | None:
        """The number in the unit of the key result; None where it has another unit."""
        unit = self._key_result.unit
        if not figure.whole_unit or figure.whole_unit.casefold() == unit.casefold():
            return figure.number
        plain = figure.spelled_out()
        if figure.scale_word and plain.unit.casefold() == unit.casefold():
            return plain.number
        return figure.number if not unit else None
