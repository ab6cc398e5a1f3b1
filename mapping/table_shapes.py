"""Which objectives and key results a shape shows, and in which form."""

from __future__ import annotations

from mapping.figures import CycleFigure, KeyResultFigure, ObjectiveFigure
from mapping.okr import CycleState, Kind
from mapping.table_parts import Shape, TableSpec, Width

_BROAD_SHAPES = frozenset({Shape.TABLE, Shape.MEETING})


def only_objective(figure: CycleFigure, spec: TableSpec) -> ObjectiveFigure | None:
    """The objective that stands in the first line instead of a row of its own; None in all other shapes."""
    is_one = spec.shape is Shape.OBJECTIVE and len(figure.objectives) == 1
    return figure.objectives[0] if is_one else None


def is_final(figure: CycleFigure, spec: TableSpec) -> bool:
    """True for a snapshot of a closed cycle: nothing in it changes any more."""
    return spec.shape is Shape.SNAPSHOT and figure.cycle.state is CycleState.CLOSED


def alive(figure: CycleFigure | ObjectiveFigure) -> tuple[KeyResultFigure, ...]:
    """The key results that nobody dropped, in the order of the table."""
    objectives = figure.objectives if isinstance(figure, CycleFigure) else (figure,)
    found = (each for objective in objectives for each in objective.key_results)
    return tuple(each for each in found if each.key_result.dropped_on is None)


def limits_of(figure: CycleFigure) -> tuple[KeyResultFigure, ...]:
    """The limits that must hold, in the order of the table."""
    return tuple(each for each in alive(figure) if each.key_result.kind is Kind.THRESHOLD)


def real_width(spec: TableSpec) -> Width:
    """How broad the table is; shapes with few columns are always narrow."""
    return spec.width if spec.shape in _BROAD_SHAPES else Width.NARROW
