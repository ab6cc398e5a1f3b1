"""The figures and texts that stand in the page, against a roll-up of the judge's own (``roll_up.py``)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from mapping.okr import CheckIn, KeyResult, Kind, Source
from tests.campaign.markup import folded
from tests.campaign.notations import plainly
from tests.campaign.play import Play
from tests.campaign.roll_up import is_held, mean_of, needs_attention, progress_of, value_of
from tests.campaign.sheet import Sheet

_PERCENT = re.compile(r"([-−]?[0-9][0-9.,]*)[ \u00a0]%")
_NEEDED = re.compile(r"(?:([0-9]+|None) of ([0-9]+) key results? needs? attention)")
# One key result is spoken of as one.
_OF_ONE = {
    "The key result needs attention": "1 of 1 key result needs attention",
    "The key result needs no attention": "None of 1 key result needs attention",
}
TYPED_OVER = re.compile(r"cc[0-9]+z")
_HELD = {"en": {True: "held", False: "Broken"}}
# So much of a text stands in any cell.
SURELY_SHOWN = 100


def judge_figures(play: Play, sheet: Sheet, now: datetime, unsure: Collection[str] = ()) -> Iterator[str]:
    """One line for each figure that is another one in the page. ``unsure``: key results of which nobody can say what
    is right, since Jira cannot be read."""
    said = play.tenant.check_ins([kr.key for kr in play.okrs.key_results])
    for kr in play.okrs.key_results:
        if kr.key in sheet.by_key and kr.key not in unsure:
            yield from _judge_row(play, sheet, kr, said[kr.key])
    if play.choice.shape in ("table", "meeting"):
        yield from _judge_objectives(play, sheet, said, unsure)
    if play.choice.shape == "table" and play.choice.language == "en" and not unsure:
        yield from _judge_sum(play, sheet, said, now)


def _judge_row(play: Play, sheet: Sheet, kr: KeyResult, said: tuple[CheckIn, ...]) -> Iterator[str]:
    progress = sheet.cell_text(kr.key, "progress")
    exact = progress_of(play, kr, said)
    if progress is not None and TYPED_OVER.search(progress):
        return  # what a person typed where we fill is replaced at the next write, and nothing else is to be written
    if progress is not None and exact is not None:
        shown = _PERCENT.search(progress)
        if shown is None or abs(_number(shown[1], play.choice.language) - exact * 100) >= 1:
            yield f"j: {kr.key} says {progress!r}, but its progress is {float(exact * 100):.2f} %"
    if progress is not None and kr.kind is Kind.THRESHOLD and play.choice.language == "en":
        held = is_held(kr, said)
        if held is not None and kr.dropped_on is None and _HELD["en"][held] not in progress:
            yield f"j: the limit {kr.key} says {progress!r}, but its value is {value_of(said)}"
    yield from _judge_now(play, sheet, kr, said)
    yield from _judge_texts(play, sheet, kr, said)
    yield from _judge_epics(play, sheet, kr)


def _judge_now(play: Play, sheet: Sheet, kr: KeyResult, said: tuple[CheckIn, ...]) -> Iterator[str]:
    shown, value = sheet.cell_text(kr.key, "now"), value_of(said)
    if shown is None or kr.source is not Source.CHECK_INS or kr.kind is Kind.MILESTONE or kr.dropped_on is not None:
        return
    if any((finding.get("key"), finding.get("column")) == (kr.key, "now") for finding in play.tenant.table.findings):
        return
    if plainly(shown.removesuffix(kr.unit).strip(), "now", play.choice.language) != value:
        yield f"j: {kr.key} says {shown!r} under Now, but the last value said is {value}"


def _judge_texts(play: Play, sheet: Sheet, kr: KeyResult, said: tuple[CheckIn, ...]) -> Iterator[str]:
    """To the letter: its title, its owner, and the next step that was said last."""
    step = next((each.next_step for each in reversed(said) if each.next_step), "")
    texts = {"key_result": kr.title, "owner": kr.owner}
    if kr.dropped_on is None:  # else nobody may type there, and what somebody typed stands until the next write
        texts["next_step"] = step
    waiting = {finding.get("column") for finding in play.tenant.table.findings if finding.get("key") == kr.key}
    for column, text in texts.items():
        cell = sheet.cell_text(kr.key, column)
        if cell is None or column in waiting or TYPED_OVER.search(cell) or play.choice.shape != "table":
            continue
        if not cell.startswith(folded(text)[:SURELY_SHOWN].strip()):
            yield f"j: {kr.key} says {cell!r} under {column}, and not {text!r}"


def _judge_epics(play: Play, sheet: Sheet, kr: KeyResult) -> Iterator[str]:
    cell = sheet.cell_text(kr.key, "initiatives")
    if cell is None or TYPED_OVER.search(cell) or play.choice.language != "en" or kr.dropped_on is not None:
        return
    for link in play.okrs.links:
        epic = play.okrs.epics[link.issue_id]
        if link.key_result_key == kr.key and epic.said not in cell.replace("\u00a0", " "):
            yield f"j: {kr.key} says {cell!r}, and not {epic.said!r}"


def _judge_sum(play: Play, sheet: Sheet, said: dict[str, tuple[CheckIn, ...]], now: datetime) -> Iterator[str]:
    line = sheet.lines.replace("\u00a0", " ")
    for spoken, counted in _OF_ONE.items():
        line = line.replace(spoken, counted)
    shown = _NEEDED.search(line)
    needing = [kr.key for kr in play.okrs.key_results if needs_attention(play, kr, said[kr.key], now)]
    wanted = (len(needing), len(play.okrs.key_results))
    if shown is None:
        yield f"j: the first line says {sheet.lines[:120]!r}, and not how many need attention"
    elif (0 if shown[1] == "None" else int(shown[1]), int(shown[2])) != wanted:
        yield f"j: the first line says {shown[0]!r}, but {wanted[0]} of {wanted[1]} do: {needing}"


def _judge_objectives(
    play: Play, sheet: Sheet, said: dict[str, tuple[CheckIn, ...]], unsure: Collection[str]
) -> Iterator[str]:
    """The figure behind each heading; where one is missing or there twice, nobody can say whose is whose."""
    objectives = sorted(play.okrs.objectives, key=lambda each: each.position)
    titles = tuple(folded(each.title)[:SURELY_SHOWN].strip() for each in objectives)
    alone = [sheet.text(row.cells[0]) for row in sheet.rows if not row.key and len(row.cells) == 1]
    headings = [text for text in alone if text.startswith(titles)]
    if len(headings) != len(objectives):
        return
    for objective, heading in zip(objectives, headings, strict=True):
        theirs = [kr for kr in play.okrs.key_results if kr.objective_key == objective.key]
        if not any(kr.key in unsure for kr in theirs):
            exact = mean_of(play, theirs, said)
            found = _PERCENT.findall(heading)
            if _is_other(_number(found[-1], play.choice.language) if found else None, exact):
                yield f"j: {objective.key} says {heading!r}, but its figure is {exact and float(exact * 100)} %"


def _is_other(percent: Fraction | None, exact: Fraction | None) -> bool:
    if percent is None or exact is None:
        return percent is not exact
    return abs(percent - exact * 100) >= 1


def _number(text: str, language: str) -> Fraction:
    bare = text.replace("−", "-").replace("," if language == "en" else ".", "").replace(",", ".")
    return Fraction(bare)


def after_the_morning(now: datetime) -> datetime:
    """Shortly after the next time at which what only time changes may be written."""
    six = datetime.combine(now.date(), datetime.min.time(), now.tzinfo) + timedelta(hours=6, minutes=10)
    return six if now < six - timedelta(minutes=5) else six + timedelta(days=1)
