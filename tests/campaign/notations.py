"""How people write what they type, and what each writing means. Nothing here asks the product what it understands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from random import Random

Meaning = Decimal | int | str | None

_LEVELS = {"en": {"at risk": 3, "On track": 8, "OFF TRACK": 1}, "de": {"gefährdet": 3, "Auf Kurs": 8}}
_OUT_OF = {"en": "of", "de": "von"}
_BAD_NUMBERS = (
    "quite ok", "about 30", "1.2.3", "12 of us", "soon™", "30?", "=A1", "–", "9999999999999999999999", "1,23,4", "3 4",
)  # fmt: skip
_BAD_CONFIDENCES = ("11", "-1", "4/5", "high-ish", "6.5", "7 or 8", "100 %", "8/")
_WORDS = (
    "Ask the bank on Friday.", "Raise to 100 % & go <on>", "=HYPERLINK(1)", "Größe prüfen – „bald“", "💥 שלום", "42",
    "at risk", "- one - two", "x" * 300,
)  # fmt: skip
_PLAIN = re.compile(r"-?[0-9]+([.,][0-9]+)?")


@dataclass(frozen=True)
class Typing:
    """What is typed into a cell of this column, and what it means; None: nobody can say."""

    text: str
    meaning: Meaning


def good(chance: Random, column: str, language: str, unit: str, name: str) -> Typing:
    """Something that has one meaning in this column. ``name`` makes plain words differ from all others."""
    if column == "now":
        return _number(chance, language, unit)
    if column == "confidence":
        return _confidence(chance, language)
    said = f"{chance.choice(_WORDS)} {name}"
    return Typing(said, said)


def bad(chance: Random, column: str) -> Typing | None:
    """Something that nobody can understand there; None where all words are welcome."""
    if column == "now":
        return Typing(chance.choice(_BAD_NUMBERS), None)
    return Typing(chance.choice(_BAD_CONFIDENCES), None) if column == "confidence" else None


def _number(chance: Random, language: str, unit: str) -> Typing:
    value = Decimal(chance.randrange(-300, 99_999)) / chance.choice((1, 10, 100))
    return Typing(_written(chance, value, language, unit), value)


def _written(chance: Random, value: Decimal, language: str, unit: str) -> str:
    point, comma = (".", ",") if language == "en" else (",", ".")
    sign, (whole, _, part) = "-" if value < 0 else "", str(abs(value)).partition(".")
    if part and len(whole) > 3 and chance.random() < 0.5:  # two marks of which only one can be the decimal one
        whole = f"{int(whole):,}".replace(",", comma)
    elif len(whole) > 3 and chance.random() < 0.5:
        whole = f"{int(whole):,}".replace(",", chance.choice((" ", "\u00a0", "\u202f")))
    if len(part) == 3:
        part += "0"  # 1.234 has two meanings
    text = chance.choice(("−", "-")) + whole if sign else whole
    text += point + part if part else ""
    if unit and chance.random() < 0.4:
        text += chance.choice((" ", "\u00a0", "")) + unit
    return chance.choice(("{}", "{}", " {} ", "\u00a0{}")).format(text)


def _confidence(chance: Random, language: str) -> Typing:
    value = chance.randrange(11)
    if chance.random() < 0.3:
        words, value = chance.choice(sorted(_LEVELS[language].items()))
        return Typing(words, value)
    forms = ("{}", "{}/10", "{} / 10", f"{{}} {_OUT_OF[language]} 10", "\u00a0{}")
    return Typing(chance.choice(forms).format(value), value)


def plainly(text: str, column: str, language: str) -> Meaning:
    """The meaning of what stands in a cell that the table itself filled: a plain number, or the words."""
    if column not in ("now", "confidence"):
        return text or None
    bare = text.replace("\u00a0", " ").replace("−", "-").replace(" ", "")
    bare = bare.replace("," if language == "en" else ".", "").replace(",", ".")
    if not _PLAIN.fullmatch(bare):
        return None
    return Decimal(bare) if column == "now" else int(Decimal(bare))
