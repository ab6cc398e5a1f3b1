"""A first draft of an objective and its key result, out of a sentence about what will be different.

Reads figures, units and "from … to …" in English and German; what the sentence does not say is asked for, and no figure
is ever made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mapping.adoption_values import Aim, aim_in, alike
from mapping.okr import Bound, KeyResult, Kind
from mapping.practice import reads_like_a_task
from mapping.visible_text import folded
from mapping.words import Language

LONGEST_TITLE = 300
LONGEST_UNIT = 20


class Ask(StrEnum):
    """What the sentence leaves open."""

    FIGURE = "figure"
    BASELINE = "baseline"
    TARGET = "target"
    UNITS_DIFFER = "units_differ"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Draft:
    """``objective`` and ``key_result`` are titles. With ``bound`` the target is a limit to hold. ``falls``: less is
    better, True or False where words or figures say so. ``asks`` are in the order of their weight."""

    objective: str
    key_result: str
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    bound: Bound | None = None
    falls: bool | None = None
    asks: tuple[Ask, ...] = ()


_GERMAN = re.compile(
    r"\b(?:der|die|das|den|dem|ein|eine|und|von|auf|statt|weniger|mehr als|schneller|wird|werden|ist|sind|für|nicht|"
    r"unter|über|sinkt|steigt|dauert|seltener|öfter|höchstens|mindestens)\b",
    re.IGNORECASE,
)
_FIGURE = r"(?:[€$£] ?)?[-−]?[0-9][0-9.,'’ ]{0,20}(?: ?[^\W\d_]{1,12}| ?[%‰€$£])?"
# "20 s instead of 38 s", "statt 38 nur noch 20 s": the second figure named is where it comes from.
_INSTEAD = re.compile(
    rf"(?P<target>{_FIGURE})\s*,?\s*(?:instead of|rather than|anstatt|anstelle von|statt)\s+(?P<baseline>{_FIGURE})",
    re.IGNORECASE,
)
_INSTEAD_FIRST = re.compile(
    rf"\b(?:instead of|rather than|statt|anstatt)\s+(?P<baseline>{_FIGURE}?)\s*,?\s*"
    rf"(?:only|just|nur noch|nur|noch|then|dann)?\s*(?P<target>{_FIGURE})",
    re.IGNORECASE,
)
_FALLS = re.compile(
    r"\b(?:fewer|less|lower|shorter|faster|quicker|sooner|falls?|drops?|halves|reduced?|cut|down|decreases?|weniger|"
    r"seltener|kürzer|schneller|früher|niedriger|geringer|sinkt|sinken|fällt|fallen|halbiert|senken|gesenkt)\b",
    re.IGNORECASE,
)
_RISES = re.compile(
    r"\b(?:more|higher|longer|rises?|grows?|increases?|doubles?|up|improves?|mehr|öfter|häufiger|höher|länger|steigt|"
    r"steigen|wächst|wachsen|verdoppelt|steigern|gesteigert)\b",
    re.IGNORECASE,
)
# What stands right before the figures: words that lead to them, and verbs that say nothing else.
_LEADS = (
    r"only|just|nur|noch|on|at|to|bei|um|from|von|by|will|should|be|takes?|lasts?|goes|go|comes?|stays?|is|are|was|"
    r"dauert|dauern|geht|gehen|kommt|kommen|bleibt|bleiben|ist|sind|liegt|liegen|wird|werden|soll|sollen"
)
# Verbs that say which way it moves: part of an aim, not of what is measured.
_MOVES = (
    r"falls?|drops?|rises?|grows?|increases?|decreases?|improves?|reduced|cut|shrinks?|down|up|sinkt|sinken|fällt|"
    r"fallen|steigt|steigen|wächst|wachsen"
)
_ENDS_WITH_LEAD = re.compile(rf"(?:^|\s)(?:{_LEADS})[\s,]*$", re.IGNORECASE)
_ENDS_WITH_MOVE = re.compile(rf"(?:^|\s)(?:{_LEADS}|{_MOVES})[\s,]*$", re.IGNORECASE)
_SHORTEST_SUBJECT = 8
_FIRST_FIGURE = re.compile(
    r"(?:\b(?:from|von|statt|instead of|below|under|above|over|at least|at most|less than|fewer than|more than|unter|"
    r"über|mindestens|höchstens|weniger als|mehr als|by|um)\s+)?(?:[<>≤≥€$£]\s*)?[0-9]",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\s*(?::|;|\s[–—-]\s|\.\s|,\s+(?:so that|because|since|weil|sodass|so dass|damit)\s)\s*", re.IGNORECASE
)


def draft_key_result(sentence: str) -> Draft:
    """What can be read out of the sentence; empty titles where it is empty."""
    said = folded(sentence)[:2_000].strip(" .!")
    language: Language = "de" if _GERMAN.search(said) else "en"
    about, told = _parts(said)
    aim = _aim(told, language)
    unit, baseline, target, asks = _figures(aim)
    objective = about if about != told or aim is None else _before_figures(told, _ENDS_WITH_LEAD)
    return Draft(
        objective=_capital(objective)[:LONGEST_TITLE],
        key_result=_capital(told if aim is None else _before_figures(told, _ENDS_WITH_MOVE))[:LONGEST_TITLE],
        unit=unit[:LONGEST_UNIT],
        baseline=baseline,
        target=target,
        bound=aim.bound if aim is not None and baseline is None else None,
        falls=_falls(said, baseline, target, aim),
        asks=asks if said else (),
    )


def names_work(title: str) -> bool:
    """True where a title says what is done rather than what will be different."""
    said = title.strip()[:LONGEST_TITLE]
    return bool(said) and reads_like_a_task(KeyResult("OKR-KR1", "OKR-O1", said, Kind.TO_MEASURE))


def _parts(said: str) -> tuple[str, str]:
    """The part without figures is what it is about, the part with them how one sees it; the same where there is one."""
    parts = [part for part in _PARTS.split(said) if part.strip()]
    told = [part for part in parts if re.search(r"[0-9]", part)]
    plain = [part for part in parts if part not in told]
    return (plain[0], told[0]) if told and plain else (said, said)


def _aim(said: str, language: Language) -> Aim | None:
    for pattern in (_INSTEAD, _INSTEAD_FIRST):
        found = pattern.search(said)
        if found is not None:
            way = aim_in(f"{found['baseline'].strip()} → {found['target'].strip()}", language)
            if way is not None and way.baseline is not None:
                return way
    return aim_in(said, language)


def _figures(aim: Aim | None) -> tuple[str, Decimal | None, Decimal | None, tuple[Ask, ...]]:
    if aim is None:
        return "", None, None, (Ask.FIGURE,)
    if aim.says_change_only or aim.target is None:
        return "", None, None, (Ask.CHANGE,)
    if aim.baseline is None:
        return aim.target.whole_unit, None, aim.target.number, () if aim.bound is not None else (Ask.BASELINE,)
    same = alike(aim.baseline, aim.target)
    if same is None:
        return aim.target.whole_unit, aim.baseline.number, aim.target.number, (Ask.UNITS_DIFFER,)
    return same[1].whole_unit, same[0].number, same[1].number, ()


def _falls(said: str, baseline: Decimal | None, target: Decimal | None, aim: Aim | None) -> bool | None:
    if baseline is not None and target is not None:
        return target < baseline
    if aim is not None and aim.bound is not None:
        return aim.bound is Bound.BELOW
    falls, rises = bool(_FALLS.search(said)), bool(_RISES.search(said))
    return falls if falls is not rises else None


def _before_figures(said: str, endings: re.Pattern[str]) -> str:
    """The words before the figures, without such endings; all words where few would be left."""
    found = _FIRST_FIGURE.search(said)
    before = said[: found.start()].rstrip(" ,:(") if found is not None else said
    while endings.search(before):
        before = endings.sub("", before).rstrip(" ,")
    return before if len(before) >= _SHORTEST_SUBJECT else said


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
