"""The figures of a key result as they are written: its way, its limit, its present value."""

from __future__ import annotations

from decimal import Decimal

from mapping.figures import KeyResultFigure
from mapping.languages import plain
from mapping.okr import Bound, KeyResult, Source
from mapping.words import Words
from mapping.written import UNKNOWN, decimals, number, percent, shortened, with_unit

_LONGEST_UNIT = 30


def way(figure: KeyResultFigure, words: Words) -> str:
    """`38 → 20 s, from Jira`: the unit once, as many decimals as the most precise of baseline, target and present
    value; with where the value comes from, unless people say it."""
    kr = figure.key_result
    if kr.baseline is None or kr.target is None:
        return _sourced(kr, "", words)
    digits = _digits(figure)
    text = f"{number(kr.baseline, digits, words)} → {number(kr.target, digits, words)}"
    return _sourced(kr, _united(text, kr), words)


def limit(kr: KeyResult, words: Words) -> str:
    """`below 12`: a limit has its own number of decimals."""
    assert kr.target is not None  # noqa: S101  an invariant of KeyResult
    side = words.below if kr.bound is Bound.BELOW else words.above
    value = _united(number(kr.target, decimals([kr.target]), words), kr)
    return _sourced(kr, plain(side, value=value), words)


def target(figure: KeyResultFigure, words: Words) -> str:
    """`3.0 %`, with the decimals of its way."""
    kr = figure.key_result
    return UNKNOWN if kr.target is None else _united(number(kr.target, _digits(figure), words), kr)


def value(figure: KeyResultFigure, now: Decimal, words: Words) -> str:
    """The present value as it stands under Now."""
    return number(now, _digits(figure), words)


def value_or_share(figure: KeyResultFigure, words: Words) -> str:
    """The present value; of what has none, as a milestone, its share; `–` where nobody knows either."""
    if figure.now is not None:
        return value(figure, figure.now, words)
    return UNKNOWN if figure.progress is None else percent(figure.progress)


def with_units(text: str, figure: KeyResultFigure) -> str:
    """With the unit of the key result, unless the text is a share already."""
    return text if figure.now is None else _united(text, figure.key_result)


def _united(text: str, kr: KeyResult) -> str:
    return with_unit(text, shortened(kr.unit, _LONGEST_UNIT))


def _sourced(kr: KeyResult, text: str, words: Words) -> str:
    said = {Source.JQL: words.from_jira, Source.INITIATIVES: words.from_initiatives}.get(kr.source, "")
    return ", ".join(part for part in (text, said) if part)


def _digits(figure: KeyResultFigure) -> int:
    kr = figure.key_result
    ours = decimals([kr.baseline, kr.target])
    now = decimals([figure.now])
    # An average of issues has as many decimals as the division gave; nobody wrote them.
    return max(ours, min(now, ours + 1)) if kr.source is Source.JQL else max(ours, now)
