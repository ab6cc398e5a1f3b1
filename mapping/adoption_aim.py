"""What one key result of a table made by hand aims at, out of all the places that may say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mapping.adoption_entries import KeyResultEntry, Said
from mapping.adoption_values import Aim, Figure, aim_in, alike, figure_of, has_other_words, unit_in_brackets
from mapping.adoption_words import Meaning
from mapping.okr import Bound, Kind
from mapping.sentences import sentence
from mapping.visible_text import folded
from mapping.words import Language

NOT_A_FIGURE = sentence("it is not one figure")
ONLY_FIGURES = sentence("only its figures are taken")
NO_BASELINE = sentence("nothing says where it starts: measure its baseline, or say it with from:")
NO_FIGURE = sentence("nothing in it can be measured: say from: and to:, a limit with below: or above:, or its steps:")
CHANGE_ONLY = sentence("it says by how much it changes, not from where: say from: and to:")
NO_TARGET = sentence("it has a baseline, but no target: say to:")
OTHER_UNIT = sentence("its baseline and its target have different units: say from:, to: and unit:")
SAME_FIGURE = sentence("its baseline is its target: if it is a limit to hold, say below: or above:")
# As many characters as a table shows of it.
_LONGEST_UNIT = 30
_BELOW_OR_ABOVE = {Bound.BELOW: "below", Bound.ABOVE: "above"}


@dataclass(frozen=True, slots=True)
class Measurable:
    """``hint`` says what a person should look at, empty where nothing is open. ``used`` are the cells that were
    understood, ``odd`` those that were not, each with the reason."""

    kind: Kind
    baseline: Decimal | None
    target: Decimal | None
    unit: str
    bound: Bound | None
    hint: str
    used: tuple[Said, ...]
    odd: tuple[tuple[Said, str], ...]


def measurable_of(entry: KeyResultEntry, language: Language) -> Measurable:
    """Columns come first; what they leave open, the words of the key result may say."""
    reader = _Reader(entry, language)
    aim, unit = reader.aim(), reader.unit()
    found = _found(aim)
    of_figures = next((each.whole_unit for each in (found.target, found.baseline) if each is not None), "")
    return Measurable(
        kind=found.kind,
        baseline=found.baseline.number if found.baseline else None,
        target=found.target.number if found.target else None,
        unit=(unit or of_figures)[:_LONGEST_UNIT],
        bound=found.bound,
        hint=found.hint,
        used=tuple(reader.used),
        odd=tuple(reader.odd),
    )


class _Reader:
    def __init__(self, entry: KeyResultEntry, language: Language) -> None:
        self._entry = entry
        self._language = language
        self.used: list[Said] = []
        self.odd: list[tuple[Said, str]] = []

    def aim(self) -> Aim:
        baseline = self._first(Meaning.BASELINE)
        aims = (*self._aims(Meaning.TARGET), *self._aims(Meaning.AIM))
        aim = _joined(aims)
        title = aim_in(self._entry.title, self._language)
        # The words of the key result complete the columns; they never contradict them.
        if title is not None and aim.target is None and aim.bound is None:
            aim = title if aim.baseline is None else replace(title, baseline=aim.baseline)
        elif title is not None and aim.baseline is None and baseline is None and _same(title.target, aim.target):
            aim = replace(aim, baseline=title.baseline)
        return aim if baseline is None else replace(aim, baseline=baseline)

    def unit(self) -> str:
        said = next(self._said(Meaning.UNIT), None)
        if said is not None:
            self.used.append(said)
            return folded(said.text)
        of_header = next((each.column.unit for each in self._entry.said if each.column.unit), "")
        return of_header or unit_in_brackets(self._entry.title)

    def _said(self, meaning: Meaning) -> Iterator[Said]:
        return (each for each in self._entry.said if each.column.meaning is meaning)

    def _first(self, meaning: Meaning) -> Figure | None:
        for said in self._said(meaning):
            figure = figure_of(said.text, self._language)
            if figure is not None:
                self.used.append(said)
                return figure
            self.odd.append((said, NOT_A_FIGURE))
        return None

    def _aims(self, meaning: Meaning) -> Iterator[Aim]:
        for said in self._said(meaning):
            figure = figure_of(said.text, self._language)
            aim = Aim(target=figure) if figure is not None else aim_in(said.text, self._language)
            if aim is None or aim.says_change_only:
                self.odd.append((said, CHANGE_ONLY if aim else NOT_A_FIGURE))
            else:
                self.used.append(said)
                if figure is None and has_other_words(said.text):
                    self.odd.append((said, ONLY_FIGURES))
                yield aim


def _joined(aims: Sequence[Aim]) -> Aim:
    """The first that says anything about each part."""
    known = [aim for aim in aims if aim.target is not None]
    if not known:
        return Aim()
    baseline = next((aim.baseline for aim in known if aim.baseline is not None), None)
    return replace(known[0], baseline=baseline)


def _same(one: Figure | None, other: Figure | None) -> bool:
    return one is not None and other is not None and one.number * one.scale == other.number * other.scale


@dataclass(frozen=True, slots=True)
class _Found:
    """What a key result is by its figures; ``hint`` as in ``Measurable``."""

    kind: Kind
    hint: str
    baseline: Figure | None = None
    target: Figure | None = None
    bound: Bound | None = None


def _found(aim: Aim) -> _Found:
    if aim.target is None:
        return _Found(Kind.TO_MEASURE, _nothing_hint(aim))
    if aim.baseline is not None:
        return _found_way(aim.baseline, aim.target)
    if aim.bound is not None:
        return _Found(Kind.THRESHOLD, _limit_hint(aim), target=aim.target, bound=aim.bound)
    return _Found(Kind.TO_MEASURE, NO_BASELINE, target=aim.target)


def _found_way(baseline: Figure, target: Figure) -> _Found:
    both = alike(baseline, target)
    if both is None:
        return _Found(Kind.TO_MEASURE, OTHER_UNIT, target=target)
    if both[0].number == both[1].number:
        return _Found(Kind.TO_MEASURE, SAME_FIGURE, target=both[1])
    return _Found(Kind.METRIC, "", *both)


def _limit_hint(aim: Aim) -> str:
    if not aim.meets_itself or aim.target is None or aim.bound is None:
        return ""
    word = _BELOW_OR_ABOVE[aim.bound]
    return f"it is taken as a limit: {word} {aim.target.number}; exactly {aim.target.number} counts as broken"


def _nothing_hint(aim: Aim) -> str:
    if aim.says_change_only:
        return CHANGE_ONLY
    return NO_TARGET if aim.baseline is not None else NO_FIGURE
