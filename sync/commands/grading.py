"""Grading objectives at the end of a cycle: the score is the progress, and one sentence says what was learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.store import okr_changes, okrs
from connector.store.activity import record_activity
from connector.store.okr_changes import GRADE, OkrChange, load_changes, record_change
from connector.store.okrs import OkrSet
from mapping.figures import ObjectiveFigure, Thresholds
from mapping.okr import Cycle, CycleState, Stage
from mapping.pace import day_of
from sync.commands.links import mark_pages
from sync.commands.not_possible import NotPossible
from sync.figures import load_cycle_figure
from sync.ports import Resources

# A retrospective is often held a little before the last day.
BEFORE_THE_END = timedelta(days=14)


def grade_objectives(
    on: Resources, workspace_id: int, cycle_key: str, sentences: Mapping[str, str], *, who: str
) -> int:
    """Give each named objective its progress of now as score, with its sentence. Returns how many grades are new; the
    same again changes nothing. NotPossible before the end of the cycle, and where an objective is not of it."""
    now = on.clock.now()
    with on.database.write() as conn:
        figure = load_cycle_figure(conn, workspace_id, cycle_key, at=now, thresholds=Thresholds())
        if not may_be_graded(figure.cycle, now):
            raise NotPossible("{cycle} still runs. Grades are given at its end.", cycle=figure.cycle.name)
        known = {each.objective.key: each for each in figure.objectives}
        unknown = sorted(set(sentences) - set(known))
        if unknown:
            raise NotPossible("There is no objective {keys} in this cycle.", keys=", ".join(unknown))
        held = okr_changes.latest_grades(load_changes(conn, workspace_id, list(sentences)))
        new = [key for key, why in sentences.items() if key not in held or _differs(held[key], known[key], why)]
        for key in new:
            _grade(
                conn, workspace_id, known[key], OkrChange(key, GRADE, now, who, score_of(known[key]), sentences[key])
            )
    on.bell.ring()
    return len(new)


def may_be_graded(cycle: Cycle, at: datetime) -> bool:
    """From two weeks before its last day on, and once it is closed."""
    return cycle.state is CycleState.CLOSED or day_of(at) >= cycle.ends_on - BEFORE_THE_END


def score_of(figure: ObjectiveFigure) -> str:
    """As a fraction, as exact as it was; empty where there is no figure."""
    return "" if figure.progress is None else str(figure.progress)


def _differs(held: OkrChange, figure: ObjectiveFigure, why: str) -> bool:
    return (held.what, held.why) != (score_of(figure), why) or figure.objective.stage is not Stage.GRADED


def _grade(conn: Transaction, workspace_id: int, figure: ObjectiveFigure, grade: OkrChange) -> None:
    objective = replace(figure.objective, stage=Stage.GRADED)
    okrs.record_okrs(conn, workspace_id, OkrSet(objectives=[objective]), at=grade.at, who=grade.who)
    record_change(conn, workspace_id, grade)
    mark_pages(conn, workspace_id, [each.key_result.key for each in figure.key_results], grade.at)
    record_activity(conn, workspace_id, at=grade.at, who=grade.who, text=f"graded {grade.subject}: {grade.why}")
