"""Figures in people's own words: ``38 → 20 s``, ``von 38 auf 20 s``, ``< 12``, ``at least 99.9 %``.

What is not certain is not read: the answer is then None, and the words are shown to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from mapping.okr import LARGEST_VALUE, MOST_DECIMALS, Bound
from mapping.typed_text import parse_number
from mapping.visible_text import folded
from mapping.words import Language

_LONGEST_SEARCHED = 2_000
_SCALES = MappingProxyType({
    "": Decimal(1), "k": Decimal(1000), "tsd": Decimal(1000), "thousand": Decimal(1000),
    "m": Decimal(10**6), "mio": Decimal(10**6), "million": Decimal(10**6), "bn": Decimal(10**9), "mrd": Decimal(10**9),
})  # fmt: skip
_UNITS = (
    "%|‰|€|\\$|£|EUR|USD|CHF|GBP|pp|ms|sec|secs|seconds?|Sekunden?|s|minutes?|mins?|Minuten?|hours?|hrs?|Stunden?|h|"
    "days?|Tagen?|Tage|d|weeks?|Wochen?|months?|Monaten?|Monate|points?|pts|Punkten?|Punkte|[KMGT]B|x"
)
_NUMBER = r"(?:[0-9]{1,3}(?:[ '’][0-9]{3}){1,4}|[0-9]{1,15})(?:[.,][0-9]{1,9}){0,4}"
_FIGURE = (
    rf"(?<![\w.,])(?:(?P<money#>[€$£]|EUR|USD|CHF) ?)?(?P<number#>[-−–]?{_NUMBER})"
    rf"(?: ?(?P<scale#>Tsd|Mio|Mrd|bn|million|thousand|[kKMm])\.?(?![\w]))?"
    rf"(?: ?(?P<unit#>{_UNITS})(?!\w))?(?![\w]|[.,][0-9])"
)
_ARROW = r"(?:→|➔|➜|⇒|⟶|->|-->|=>|–>|»|to|auf|bis|zu)"


def _figure(number: int = 1) -> str:
    return _FIGURE.replace("#", str(number))


_RANGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:from|von)\s+{_figure(1)}\s*{_ARROW}\s*{_figure(2)}",
        rf"{_figure(1)}\s*(?:→|➔|➜|⇒|⟶|->|-->|=>|–>|»)\s*{_figure(2)}",
        rf"(?<!\w){_figure(1)}\s+(?:to|auf)\s+{_figure(2)}",
        rf"\b(?:to|auf)\s+{_figure(2)}[\s,;(]+(?:from|von|today|now|currently|heute|aktuell|derzeit)\s+{_figure(1)}",
    )
)
_BELOW = (
    r"<=|=<|<|≤|below|under|less than|fewer than|at most|no more than|not more than|max\.?|maximum|maximum of|"
    r"unter|höchstens|maximal|weniger als|nicht mehr als"
)
_ABOVE = (
    r">=|=>|>|≥|above|over|more than|at least|no less than|not less than|min\.?|minimum|minimum of|"
    r"über|mindestens|minimal|mehr als|nicht weniger als"
)
_LIMIT = re.compile(rf"(?<!\w)(?:(?P<below>{_BELOW})|(?P<above>{_ABOVE}))\s*{_figure()}", re.IGNORECASE)
_MEETS_ITSELF = frozenset({
    "<=", "=<", "≤", "at most", "no more than", "not more than", "max", "max.", "maximum", "maximum of", "höchstens",
    "maximal", "nicht mehr als", ">=", "=>", "≥", "at least", "no less than", "not less than", "min", "min.",
    "minimum", "minimum of", "mindestens", "minimal", "nicht weniger als",
})  # fmt: skip
_CHANGE = re.compile(rf"\b(?:by|um)\s+{_figure()}", re.IGNORECASE)
_MONTH = (
    "(?:Jan(?:uary|uar)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Apr(?:il)?|May|Mai|June?|Juni|July?|Juli|Aug(?:ust)?|"
    "Sept?(?:ember)?|O[ck]t(?:ober)?|Nov(?:ember)?|De[cz](?:ember)?)"
)
_NO_FIGURES = re.compile(
    rf"\b[0-9]{{1,2}}\.? {_MONTH}\b|\b{_MONTH}\.? [0-9]{{1,2}}\b|"
    r"\bQ[1-4]\b(?:[ /]*(?:20)?[0-9]{2}\b)?|\b20[0-9]{2}-[0-9]{2}(?:-[0-9]{2})?\b|"
    r"\b[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2,4})?(?![0-9])|\b(?:KR|O)\s?[0-9]+(?:\.[0-9]+)*\b|\b24/7\b|"
    r"\b[A-Z][A-Z0-9_]*-[0-9]+\b|\b[0-9]+(?:st|nd|rd|th)\b|\bH[12]\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b20[2-3][0-9]\b")
_ONE = re.compile(_figure(), re.IGNORECASE)
_WORDS_AS_UNIT = re.compile(r"[^\W\d_]{1,20}(?: [^\W\d_]{1,20})?")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,12})[)\]]")
_ABOUT = re.compile(r"(?:~|≈|ca\.?|approx\.?|about|circa|rund|etwa)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """``10 k €``: the number is 10, its scale 1000, its scale word ``k``, its unit ``€``."""

    number: Decimal
    unit: str = ""
    scale: Decimal = Decimal(1)
    scale_word: str = ""

    @property
    def whole_unit(self) -> str:
        """With the scale: ``M €``."""
        return " ".join(part for part in (self.scale_word, self.unit) if part)

    def spelled_out(self) -> Figure:
        """``1.2 M €`` as ``1200000 €``."""
        return Figure(_plain(self.number * self.scale), self.unit)


@dataclass(frozen=True, slots=True)
class Aim:
    """``bound`` with ``target`` is a limit to hold; ``meets_itself``: the words count the limit itself as held (``≤``).
    ``says_change_only``: it says by how much, not from where (``by 20 %``)."""

    baseline: Figure | None = None
    target: Figure | None = None
    bound: Bound | None = None
    meets_itself: bool = False
    says_change_only: bool = False


def figure_of(text: str, language: Language) -> Figure | None:
    """Of a text that is one figure and nothing else; any short words behind it are its unit."""
    line = folded(text)
    about = _ABOUT.match(line)
    line = line[about.end() :] if about else line
    found = _ONE.match(line[:_LONGEST_SEARCHED])
    if found is None:
        return None
    figure = _read(found, 1, language)
    rest = line[found.end() :].strip()
    if figure is None or not rest:
        return figure
    return replace(figure, unit=rest) if not figure.unit and _WORDS_AS_UNIT.fullmatch(rest) else None


def range_in(text: str, language: Language) -> Aim | None:
    """A way from one figure to another, anywhere in the words."""
    said = _without_marks(text)
    for pattern in _RANGES:
        found = pattern.search(said)
        if found is not None:
            baseline, target = _read(found, 1, language), _read(found, 2, language)
            return Aim(baseline, target) if baseline is not None and target is not None else None
    return None


def aim_in(text: str, language: Language) -> Aim | None:
    """A way, a limit to hold, or the one figure in the words, which is then the target. None where there is no figure,
    or there are several and nothing says which is which."""
    way = range_in(text, language)
    if way is not None:
        return way
    said = _without_marks(text)
    limit = _LIMIT.search(said)
    if limit is not None:
        figure = _read(limit, 1, language)
        word = folded((limit["below"] or limit["above"]).casefold())
        bound = Bound.BELOW if limit["below"] else Bound.ABOVE
        return Aim(target=figure, bound=bound, meets_itself=word in _MEETS_ITSELF) if figure is not None else None
    return _only_figure(said, language)


def has_other_words(text: str) -> bool:
    """Whether it says more than the figures and limits that ``aim_in`` reads."""
    rest = folded(text)[:_LONGEST_SEARCHED]
    for pattern in (*_RANGES, _LIMIT, _ONE):
        rest = pattern.sub(" ", rest)
    return len(text) > _LONGEST_SEARCHED or any(map(str.isalpha, rest))


def unit_in_brackets(text: str) -> str:
    """``%`` of ``Target (%)``; nothing where no known unit stands in brackets."""
    found = (folded(each) for each in _IN_BRACKETS.findall(text))
    return next((each for each in found if re.fullmatch(_UNITS, each, re.IGNORECASE)), "")


def alike(one: Figure, other: Figure) -> tuple[Figure, Figure] | None:
    """Both in one unit; a figure without any takes that of the other. None where the units differ."""
    if one.unit and other.unit and one.unit.casefold() != other.unit.casefold():
        return None
    unit = other.unit or one.unit
    if one.scale == other.scale or (one.number == 0 and not one.scale_word):
        scale, word = (other.scale, other.scale_word)
        return (Figure(one.number, unit, scale, word), Figure(other.number, unit, scale, word))
    first, second = one.spelled_out(), other.spelled_out()
    return replace(first, unit=unit), replace(second, unit=unit)


def fits(number: Decimal) -> bool:
    """Whether OKRs can hold it."""
    return number.copy_abs() <= LARGEST_VALUE and number == round(number, MOST_DECIMALS)


def _only_figure(said: str, language: Language) -> Aim | None:
    change = _CHANGE.search(said)
    if change is not None:
        return Aim(says_change_only=True)
    found = list(_ONE.finditer(_YEAR.sub(_blank, said)))
    figure = _read(found[0], 1, language) if len(found) == 1 else None
    return None if figure is None else Aim(target=figure)


def _without_marks(text: str) -> str:
    """Dates, quarters and keys are no figures."""
    return _NO_FIGURES.sub(_blank, folded(text)[:_LONGEST_SEARCHED])


def _blank(found: re.Match[str]) -> str:
    return "_" * len(found[0])


def _read(found: re.Match[str], which: int, language: Language) -> Figure | None:
    number = parse_number(found[f"number{which}"], language)
    if number is None:
        other: Language = "de" if language == "en" else "en"
        number = parse_number(found[f"number{which}"], other)
    scale_word = (found[f"scale{which}"] or "").rstrip(".")
    unit = found[f"unit{which}"] or found[f"money{which}"] or ""
    if number is None or not fits(number * _SCALES[scale_word.casefold()]):
        return None
    return Figure(number, unit, _SCALES[scale_word.casefold()], scale_word)


def _plain(number: Decimal) -> Decimal:
    whole = number.normalize()
    return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole
