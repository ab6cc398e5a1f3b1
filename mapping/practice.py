"""What a coach would ask about a set of OKRs: questions about objectives and key results, never about people.

The counts follow the 3-3-3 school (three objectives, three key results, three activities), with five key results as the
looser schools' limit; they are starting points of a talk, not rules, and never count as "needs attention".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from mapping.figures import CycleFigure, KeyResultFigure, Mark, ObjectiveFigure
from mapping.okr import KeyResult, Kind, Source
from mapping.sentences import sentence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of doing rather than of changing, as a title's first word, or (German infinitives and nouns) its last.
_TASK_WORDS = _words(
    """
    add build carry complete conduct create define deliver deploy design develop document draft establish execute
    finalise finalize finish hold implement install integrate introduce launch make migrate organise organize perform
    plan prepare publish release roll run set setup ship start write
    abschließen aufbauen aufsetzen ausliefern ausrollen bauen bereitstellen definieren dokumentieren durchführen
    einführen einrichten entwerfen entwickeln erstellen fertigstellen implementieren integrieren konzipieren launchen
    liefern migrieren organisieren planen schreiben starten umsetzen veröffentlichen vorbereiten
    durchführung einführung entwicklung erstellung fertigstellung implementierung umsetzung veröffentlichung
    """
)
# Things that a team makes; a number of them says that work was done, not that it helped.
_OUTPUT_WORDS = _words(
    """
    articles commits deployments epics features initiatives interviews issues meetings pages points posts prototypes
    releases stories tasks tickets trainings workshops
    aufgaben artikel beiträge epen funktionen initiativen interviews prototypen schulungen seiten treffen
    """
)
LITTLE = Fraction(1, 20)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class HintCode(StrEnum):
    NO_BASELINE = "no_baseline"
    NO_OWNER = "no_owner"
    NO_NEWS = "no_news"
    READS_LIKE_A_TASK = "reads_like_a_task"
    COUNTS_OUTPUT = "counts_output"
    TOO_EASY = "too_easy"
    MANY_KEY_RESULTS = "many_key_results"
    MANY_OBJECTIVES = "many_objectives"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many are asked about: above ``mild`` gently, above the larger number plainly. Settings of the workspace."""

    objectives_per_team: int = 3
    key_results_mild: int = 3
    key_results: int = 5


@dataclass(frozen=True, slots=True)
class Hint:
    """One question. ``key`` is that of the key result or objective, or the name of the team that it is about. ``text``
    may name ``values`` in braces, kept apart so that a screen can ask it in another language."""

    code: HintCode
    key: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    mild: bool = False

    @property
    def question(self) -> str:
        return self.text.format(**self.values)


def hints(figure: CycleFigure, limits: Limits) -> tuple[Hint, ...]:
    """Questions in the order of the board: about each team's number of objectives first, then down the list."""
    return (*_about_teams(figure, limits), *_about_objectives(figure, limits))


def _about_teams(figure: CycleFigure, limits: Limits) -> Iterator[Hint]:
    per_team = Counter(each.objective.team for each in figure.objectives if each.objective.team)
    for team, number in per_team.items():
        if number > limits.objectives_per_team:
            yield many_objectives(team, number, limits)


def _about_objectives(figure: CycleFigure, limits: Limits) -> Iterator[Hint]:
    for objective in figure.objectives:
        yield from _about_objective(objective, limits)
        for key_result in objective.key_results:
            if key_result.key_result.dropped_on is None:
                yield from _about_key_result(key_result)


def _about_objective(figure: ObjectiveFigure, limits: Limits) -> Iterator[Hint]:
    key = figure.objective.key
    alive = [each for each in figure.key_results if each.key_result.dropped_on is None]
    if len(alive) > limits.key_results_mild:
        yield _many_key_results(key, len(alive), limits)
    counting = [each for each in alive if each.counts]
    if counting and all(Mark.REACHED_EARLY in each.marks for each in counting):
        question = sentence("Everything was reached in the first half. What would have been worth trying for?")
        yield Hint(HintCode.TOO_EASY, key, question)


def _about_key_result(figure: KeyResultFigure) -> Iterator[Hint]:
    kr = figure.key_result
    if Mark.NO_BASELINE in figure.marks:
        yield _no_baseline(kr)
    if not kr.owner:
        yield Hint(HintCode.NO_OWNER, kr.key, "Who looks after it?")
    if Mark.STALE in figure.marks and figure.last_check_in is not None:
        yield Hint(HintCode.NO_NEWS, kr.key, "What has been learned since the last check-in?")
    if reads_like_a_task(kr):
        yield Hint(HintCode.READS_LIKE_A_TASK, kr.key, "What will be different for people once this is done?")
    if counts_output(figure):
        yield _counts_output(kr)


def draft_hints(kr: KeyResult, siblings: int, limits: Limits) -> tuple[Hint, ...]:
    """Questions about a key result while it is being written, beside ``siblings`` that its objective has already."""
    return tuple(_about_draft(kr, siblings, limits))


def many_objectives(team: str, number: int, limits: Limits) -> Hint:
    """The question to a team that has, or would have, so many."""
    text = sentence("{team} has {number} objectives. Which {limit} matter most?")
    values = {"team": team, "number": number, "limit": limits.objectives_per_team}
    return Hint(HintCode.MANY_OBJECTIVES, team, text, values)


def _about_draft(kr: KeyResult, siblings: int, limits: Limits) -> Iterator[Hint]:
    if kr.kind is Kind.TO_MEASURE:
        yield _no_baseline(kr)
    if reads_like_a_task(kr):
        yield Hint(HintCode.READS_LIKE_A_TASK, kr.key, "What will be different for people once this is done?")
    if says_output(kr):
        yield _counts_output(kr)
    if moves_little(kr):
        text = sentence("From {baseline} to {target} is a small step. What would be worth trying for?")
        yield Hint(HintCode.TOO_EASY, kr.key, text, {"baseline": kr.baseline, "target": kr.target}, mild=True)
    if not kr.owner:
        yield Hint(HintCode.NO_OWNER, kr.key, "Who looks after it?")
    if siblings + 1 > limits.key_results_mild:
        yield _many_key_results(kr.objective_key, siblings + 1, limits)


def _no_baseline(kr: KeyResult) -> Hint:
    return Hint(HintCode.NO_BASELINE, kr.key, "Where does it stand today, and how could that be measured soon?")


def _many_key_results(key: str, number: int, limits: Limits) -> Hint:
    text = sentence("It has {number} key results. Which of them would show by themselves that it was reached?")
    mild = number <= limits.key_results
    return Hint(HintCode.MANY_KEY_RESULTS, key, text, {"number": number}, mild=mild)


def _counts_output(kr: KeyResult) -> Hint:
    text = sentence("It counts what was made. By what would one notice that it helped?")
    return Hint(HintCode.COUNTS_OUTPUT, kr.key, text, mild=kr.source is Source.INITIATIVES)


def reads_like_a_task(kr: KeyResult) -> bool:
    """True where the title begins or ends with a word of doing and does not itself say from where to where."""
    words = [word.casefold() for word in _WORD.findall(kr.title)]
    says_doing = bool(words) and (words[0] in _TASK_WORDS or words[-1] in _TASK_WORDS)
    return says_doing and len(_NUMBER.findall(kr.title)) < 2


def counts_output(figure: KeyResultFigure) -> bool:
    """True where the figure is the work itself: from initiatives, in things made, or as many as there are issues."""
    kr = figure.key_result
    if kr.kind is not Kind.METRIC:
        return False
    issues = sum(each.completion.total for each in figure.initiatives if each.completion is not None)
    return says_output(kr) or (kr.target == issues and kr.baseline == 0)


def says_output(kr: KeyResult) -> bool:
    """The same, as far as it tells by itself."""
    return kr.kind is Kind.METRIC and (kr.source is Source.INITIATIVES or kr.unit.casefold() in _OUTPUT_WORDS)


def moves_little(kr: KeyResult) -> bool:
    """True where the target is within a twentieth of the baseline. Of percents nothing can be told: from 99.5 to 99.9
    may be a long way."""
    if kr.kind is not Kind.METRIC or not kr.baseline or kr.target is None or kr.unit == "%":
        return False
    return abs(Fraction(kr.target) / Fraction(kr.baseline) - 1) < LITTLE
