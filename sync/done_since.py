"""What moved in Jira since each key result's last check-in: for the block that a team goes through in its meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store.overview import figures_since
from connector.store.progress import Moment, issue_subject
from mapping.figures import CycleFigure, InitiativeFigure, KeyResultFigure

Histories = Mapping[str, tuple[Moment, ...]]


def with_done_since(conn: Transaction, workspace_id: int, figure: CycleFigure) -> CycleFigure:
    """The same figures with ``done_since`` of each initiative, as far as its history goes back to the check-in."""
    said = [each for objective in figure.objectives for each in objective.key_results if each.last_check_in is not None]
    moments = [each.last_check_in.at for each in said if each.last_check_in is not None]
    if not moments:
        return figure
    subjects = {_subject(initiative) for each in said for initiative in each.initiatives}
    histories = figures_since(conn, workspace_id, subjects, min(moments))
    objectives = tuple(
        replace(objective, key_results=tuple(_with(each, histories) for each in objective.key_results))
        for objective in figure.objectives
    )
    return replace(figure, objectives=objectives)


def with_own_done_since(conn: Transaction, workspace_id: int, figure: KeyResultFigure) -> KeyResultFigure:
    """The same for one key result alone."""
    last = figure.last_check_in
    if last is None:
        return figure
    return _with(figure, figures_since(conn, workspace_id, set(map(_subject, figure.initiatives)), last.at))


def _with(figure: KeyResultFigure, histories: Histories) -> KeyResultFigure:
    last = figure.last_check_in
    if last is None:
        return figure
    return replace(figure, initiatives=tuple(_compared(each, last.at, histories) for each in figure.initiatives))


def _compared(figure: InitiativeFigure, since: datetime, histories: Histories) -> InitiativeFigure:
    before = [moment for moment in histories[_subject(figure)] if moment.at <= since]
    if not before or figure.completion is None:
        return figure
    return replace(figure, done_since=figure.completion.done - int(before[-1].figure["done"]))


def _subject(figure: InitiativeFigure) -> str:
    return issue_subject(figure.initiative.connection_id, figure.initiative.issue_id)
