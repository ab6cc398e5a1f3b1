"""What tests of adopting share: a draft of a page's tables, as short as it can be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from mapping.adoption import belonging_together, find_tables
from mapping.adoption_draft import draft_from
from mapping.adoption_result import Choice, Draft
from mapping.okr import Cycle, KeyResult

NAMES = {"557058:ana": "Ana Duarte"}
CYCLE = Cycle("2026-q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def choice(**chosen: Any) -> Choice:
    """Keys begin with PAY; nothing is known and nothing taken, but for what is ``chosen``."""
    made = Choice(
        prefix="PAY", cycle=CYCLE, baseline_due_on=date(2026, 12, 6), at=AT, importer="Rosa", title="The page"
    )
    return replace(made, **chosen)


def draft_of(body: str, **chosen: Any) -> Draft:
    """Of the tables that are meant where nobody chooses."""
    return draft_from(belonging_together(find_tables(body, NAMES)), choice(**chosen))


def titles(draft: Draft) -> dict[str, list[str]]:
    """The titles of key results by that of their objective."""
    below: dict[str, list[str]] = {}
    for objective in draft.okrs.objectives:
        mine = [kr.title for kr in draft.okrs.key_results if kr.objective_key == objective.key]
        below[objective.title] = mine
    return below


def aims(draft: Draft) -> list[str]:
    """``38 → 20 s``, ``below 12``, or ``to measure``, for each key result."""
    return [_aim(kr) for kr in draft.okrs.key_results]


def left_out(draft: Draft) -> list[tuple[int, str]]:
    """Row and words of what was not taken over."""
    return [(remark.left_out.row, remark.left_out.text) for remark in draft.remarks]


def _aim(kr: KeyResult) -> str:
    unit = f" {kr.unit}" if kr.unit else ""
    if kr.baseline is not None:
        return f"{kr.baseline} → {kr.target}{unit}"
    if kr.bound is not None:
        return f"{kr.bound} {kr.target}{unit}"
    return "to measure" if kr.target is None else f"to measure, {kr.target}{unit}"
