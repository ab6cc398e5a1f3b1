"""The board: one cycle with its objectives and key results, and what the reader may choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import okr_changes, okrs
from connector.store.okr_changes import OkrChange
from mapping.figures import CycleFigure, ObjectiveFigure, Thresholds
from mapping.okr import Cycle, CycleState, Stage
from mapping.pace import day_of
from sync.figures import load_cycle_facts
from sync.ports import Resources
from sync.queries.cycle_days import CycleDay, cycle_day
from sync.queries.key_result import KeyResultView, load_key_result
from sync.queries.trend import Trend, load_trends

# As many key results as the other lists have rows; an objective is never torn apart.
PAGE = 50


@dataclass(frozen=True, slots=True)
class BoardView:
    """``figure`` is the cycle, or the part of one team; ``shown`` what of it stands on this ``page`` of the board.

    ``grades`` go by the keys of objectives, ``parents`` are the titles of those above by their keys. ``opened`` is the
    key result that is explained."""

    figure: CycleFigure
    shown: tuple[ObjectiveFigure, ...]
    page: int
    pages: int
    when: CycleDay
    cycles: tuple[Cycle, ...]
    teams: tuple[str, ...]
    team: str
    only_attention: bool
    trends: Mapping[str, Trend]
    grades: Mapping[str, OkrChange]
    parents: Mapping[str, str]
    opened: KeyResultView | None


def load_board(
    on: Resources,
    workspace_id: int,
    at: datetime,
    *,
    cycle_key: str | None,
    team: str,
    only_attention: bool,
    opened: str = "",
    page: int = 1,
) -> BoardView | None:
    """The cycle of this key, or without one the cycle that runs today, else the nearest. None where there is none.

    Of its pages the one that shows the key result ``opened``, else ``page``, or the last before it."""
    with on.database.read() as conn:
        cycles = okrs.load_cycles(conn, workspace_id)
        chosen = _by_key(cycles, cycle_key) if cycle_key is not None else _nearest(cycles, at)
        if chosen is None:
            return None
        teams = _teams(objective.team for objective in okrs.load_objectives(conn, workspace_id, chosen.key))
        of_team = (team,) if team in teams else ()
        facts = load_cycle_facts(conn, workspace_id, chosen.key, teams=of_team, figures_only=True)
        figure = facts.figure(at, Thresholds())
        pages = in_pages(_needing(figure.objectives) if only_attention else figure.objectives)
        number = _page_of(pages, opened) or min(max(page, 1), len(pages))
        shown = pages[number - 1]
        every = facts.of_key_results
        trends = load_trends(conn, workspace_id, {key: every[key] for key in _keys(shown)}, at)
        grades = _grades(conn, workspace_id, shown)
        parents = _parents(conn, workspace_id, shown)
    return BoardView(
        figure=figure,
        shown=shown,
        page=number,
        pages=len(pages),
        when=cycle_day(chosen, day_of(at)),
        cycles=tuple(reversed(cycles)),
        teams=teams,
        team=next(iter(of_team), ""),
        only_attention=only_attention,
        trends=trends,
        grades=grades,
        parents=parents,
        opened=load_key_result(on, workspace_id, opened, at) if opened in trends else None,
    )


def in_pages(objectives: Sequence[ObjectiveFigure]) -> list[tuple[ObjectiveFigure, ...]]:
    """Whole objectives, on each page as many as have 50 key results together, and one at least; one page at least."""
    pages: list[tuple[ObjectiveFigure, ...]] = [()]
    room = PAGE
    for objective in objectives:
        if pages[-1] and len(objective.key_results) > room:
            pages.append(())
            room = PAGE
        pages[-1] += (objective,)
        room -= len(objective.key_results)
    return pages


def _page_of(pages: Sequence[tuple[ObjectiveFigure, ...]], key: str) -> int | None:
    return next((number for number, shown in enumerate(pages, 1) if key in _keys(shown)), None)


def _keys(objectives: Iterable[ObjectiveFigure]) -> list[str]:
    return [figure.key_result.key for objective in objectives for figure in objective.key_results]


def _grades(conn: Transaction, workspace_id: int, objectives: tuple[ObjectiveFigure, ...]) -> dict[str, OkrChange]:
    """Asked for only where there are any."""
    graded = [each.objective.key for each in objectives if each.objective.stage is Stage.GRADED]
    return okr_changes.latest_grades(okr_changes.load_changes(conn, workspace_id, graded)) if graded else {}


def _parents(conn: Transaction, workspace_id: int, objectives: tuple[ObjectiveFigure, ...]) -> dict[str, str]:
    wanted = {key for each in objectives for key in each.objective.parent_keys}
    everything = okrs.load_all_objectives(conn, workspace_id) if wanted else ()
    return {each.key: each.title for each in everything if each.key in wanted}


def _by_key(cycles: tuple[Cycle, ...], key: str) -> Cycle | None:
    return next((cycle for cycle in cycles if cycle.key == key), None)


def _nearest(cycles: tuple[Cycle, ...], at: datetime) -> Cycle | None:
    """The shortest open one that runs today; else the one whose days are least far away, an open one first."""
    today = day_of(at)

    def distance(cycle: Cycle) -> tuple[int, bool, int]:
        away = max((cycle.starts_on - today).days, (today - cycle.ends_on).days, 0)
        return away, cycle.state is not CycleState.OPEN, (cycle.ends_on - cycle.starts_on).days

    return min(cycles, key=distance, default=None)


def _teams(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))


def _needing(objectives: tuple[ObjectiveFigure, ...]) -> tuple[ObjectiveFigure, ...]:
    few = (
        replace(objective, key_results=tuple(kr for kr in objective.key_results if kr.needs_attention))
        for objective in objectives
    )
    return tuple(objective for objective in few if objective.key_results)
