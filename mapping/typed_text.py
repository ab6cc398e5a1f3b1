"""Understanding what a person typed in an input cell. What has two meanings has none: the answer is then None.

parse_number(text, language, unit) -> Decimal | None
parse_confidence(text, language) -> int | None
parse_words(text) -> str | None
"""

from __future__ import annotations

import re
from decimal import Decimal

from mapping.languages import words_of
from mapping.okr import CONFIDENCE_RANGE
from mapping.visible_text import folded
from mapping.words import Language

# What is said of a cell that holds something, but no words: a picture, a mention.
NO_WORDS = "(no words)"
# Longer is a sentence, not a number.
_LONGEST = 40
# Longer is a document, which a cell would only show in part.
_MOST_CHARACTERS = 2000
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-", "\u2019": "'"})
_SIGNED = re.compile(r"(-?) ?([0-9].*)", re.ASCII)
_PLAIN = re.compile(r"[0-9]+")
_BY_SPACES = re.compile(r"[0-9]{1,3}(?:(?: [0-9]{3})+|(?:'[0-9]{3})+)(?=[.,]|$)")
_BY_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_BY_DOTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_TEN = 10


def parse_number(text: str, language: Language, unit: str = "") -> Decimal | None:
    """``42``, ``42 %``, ``1,234.5``, ``1.234,5``, ``−3.6``, ``12 000``, with ordinary spaces or no-break ones.

    A single mark is read as the table's language reads it (``1,234`` is 1234 in English, 1.234 in German) unless only
    one reading is possible (``1,5``). With ``unit``, that unit may follow, and ``%`` only if it is the unit.
    """
    signed = _SIGNED.fullmatch(_without_unit(folded(text).translate(_MINUS), unit))
    if signed is None or len(text) > _LONGEST:
        return None
    sign, written = signed.groups()
    digits = _in_digits(written, language)
    return None if digits is None else Decimal(sign + digits)


def parse_confidence(text: str, language: Language) -> int | None:
    """``6``, ``8/10``, ``8 of 10``, or a level in words (``at risk``), as a whole number from 0 to 10."""
    words = words_of(language)
    said = folded(text).casefold()
    if said in words.levels:
        return words.levels[said]
    number, slash, scale = said.replace(f" {words.out_of} ", "/").partition("/")
    if slash and scale.strip() != str(_TEN):
        return None
    value = parse_number(number, language, unit=" ")
    return int(value) if value is not None and value in CONFIDENCE_RANGE else None


def parse_words(text: str) -> str | None:
    """The words as lines with white space folded; None where there are none (or NO_WORDS), or more than 2,000
    characters."""
    words = "\n".join(line for line in map(folded, text.splitlines()) if line)
    return words if words != NO_WORDS and 0 < len(words) <= _MOST_CHARACTERS else None


def _without_unit(text: str, unit: str) -> str:
    for ending in (unit, "%") if not unit else (unit,):
        if ending and text.endswith(ending):
            return text[: -len(ending)].rstrip()
    return text


def _in_digits(written: str, language: Language) -> str | None:
    """With a dot before the decimals and nothing between thousands."""
    spaced = _BY_SPACES.match(written)
    if spaced is not None:
        whole = spaced.group().replace(" ", "").replace("'", "")
        rest = written[spaced.end() :]
        return whole if not rest else _joined(whole, rest[1:])
    if _PLAIN.fullmatch(written):
        return written
    return _with_marks(written, language)


def _with_marks(written: str, language: Language) -> str | None:
    if "," in written and "." in written:
        decimal = "." if written.rfind(".") > written.rfind(",") else ","
    else:
        decimal = _decimal_mark(written, language)
    whole, _, part = written.rpartition(decimal) if decimal in written else (written, "", "")
    grouped = _BY_COMMAS if decimal == "." else _BY_DOTS
    if not _PLAIN.fullmatch(whole):
        if not grouped.fullmatch(whole):
            return None
        whole = whole.replace(",", "").replace(".", "")
    return whole if decimal not in written else _joined(whole, part)


def _decimal_mark(written: str, language: Language) -> str:
    """Of a number with marks of one sort only: what must be the mark before its decimals."""
    mark = "," if "," in written else "."
    other = "." if mark == "," else ","
    by_thousands = (_BY_COMMAS if mark == "," else _BY_DOTS).fullmatch(written)
    if not by_thousands:
        return mark
    if written.count(mark) > 1:
        return other
    return words_of(language).decimal_point


def _joined(whole: str, part: str) -> str | None:
    return f"{whole}.{part}" if _PLAIN.fullmatch(part) else None
