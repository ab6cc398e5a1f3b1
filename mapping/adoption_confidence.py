"""Confidence as people write it by hand: ``6``, ``8/10``, ``70 %``, ``0.7``, ``amber``, a coloured dot or lozenge."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType

from mapping.adoption_values import figure_of
from mapping.typed_text import parse_confidence
from mapping.visible_text import folded
from mapping.words import LANGUAGES, Language

_SHARE = re.compile(r"0[.,][0-9]{1,2}|1[.,]0{1,2}")
_OF_A_SCALE = re.compile(r"([0-9]{1,2})\s*(?:/|of|von)\s*(5|10|100)")
_COLOURS = MappingProxyType({"green": 8, "yellow": 3, "red": 1})
_LEVELS = MappingProxyType({
    "green": 8, "on track": 8, "ontrack": 8, "grün": 8, "high": 8, "hoch": 8, "🟢": 8, "💚": 8, "✅": 8, "g": 8,
    "amber": 3, "yellow": 3, "orange": 3, "gelb": 3, "🟡": 3, "🟠": 3, "⚠": 3, "a": 3, "y": 3, "medium": 5,
    "mittel": 5, "needs attention": 3, "red": 1, "rot": 1, "low": 1, "niedrig": 1, "gering": 1, "🔴": 1, "r": 1,
    "off-track": 1, "behind": 3, "in danger": 3, "kritisch": 1, "critical": 1,
})  # fmt: skip


def confidence_of(text: str, colour: str, language: Language) -> int | None:
    """``6``, ``8/10``, ``4/5``, ``70 %``, ``0.7``, a level in words, a coloured dot, or the colour of a lozenge."""
    line = folded(text).replace("\ufe0f", "")
    for each in (language, *LANGUAGES):
        if (said := parse_confidence(line, each)) is not None:
            return said
    if line.casefold() in _LEVELS:
        return _LEVELS[line.casefold()]
    share = _as_share(line)
    if share is not None:
        return _on_scale(share)
    dots = [level for sign, level in _LEVELS.items() if not sign.isascii() and not sign.isalpha() and sign in line]
    if len(set(dots)) == 1:
        return dots[0]
    return _COLOURS.get(colour) if not any(map(str.isdigit, line)) else None


def _as_share(line: str) -> Decimal | None:
    scale = _OF_A_SCALE.fullmatch(line)
    if scale is not None and int(scale[1]) <= int(scale[2]):
        return Decimal(scale[1]) / Decimal(scale[2])
    if _SHARE.fullmatch(line):
        return Decimal(line.replace(",", "."))
    figure = figure_of(line, "en")
    if figure is not None and figure.unit == "%" and 0 <= figure.number <= 100:
        return figure.number / 100
    return None


def _on_scale(share: Decimal) -> int:
    return int((share * 10).to_integral_value())
