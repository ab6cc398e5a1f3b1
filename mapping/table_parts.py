"""What a table is made of, free of any markup: its cells, its rows, and what an admin chose for it.

The words in them stand in ``mapping.table_pieces``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from mapping.figures import Thresholds
from mapping.sentences import Explained
from mapping.table_pieces import Expand, Line
from mapping.words import Language

MOST_COLUMNS = 8


class InvalidTable(Explained, ValueError):
    """A choice that no table can have; the text says which and what to do."""


class Column(StrEnum):
    """One column of the table; the header words stand in ``mapping.words``."""

    KEY_RESULT = "key_result"
    PROGRESS = "progress"
    NOW = "now"
    CONFIDENCE = "confidence"
    OWNER = "owner"
    INITIATIVES = "initiatives"
    NEXT_STEP = "next_step"
    NOTE = "note"
    BLOCKERS = "blockers"
    DONE_SINCE = "done_since"
    NEEDS_ATTENTION = "needs_attention"
    WHO_NEXT = "who_next"
    RESULT = "result"
    SCORE = "score"
    LEARNED = "learned"

    @property
    def is_input(self) -> bool:
        """True where a person may type. A single cell of such a column may still be computed: see ``Cell.typed``."""
        return self in _INPUT_COLUMNS


_INPUT_COLUMNS = frozenset({Column.NOW, Column.CONFIDENCE, Column.NEXT_STEP, Column.NOTE, Column.BLOCKERS})


class Design(StrEnum):
    """``NORMAL``: three lines of figures per key result. ``SHORT``: one line, the rest in expands; for long tables."""

    NORMAL = "normal"
    SHORT = "short"


class Shape(StrEnum):
    """What of a cycle is shown, and for whom.

    ``TABLE``: everything, the default. ``OBJECTIVE``: one objective in a team's page. ``ATTENTION``: only what somebody
    should act on. ``MEETING``: what a team goes through in its weekly meeting. ``HEALTH``: the limits that must hold.
    ``SNAPSHOT``: a closed cycle as it ended, written once.
    """

    TABLE = "table"
    OBJECTIVE = "objective"
    ATTENTION = "attention"
    MEETING = "meeting"
    HEALTH = "health"
    SNAPSHOT = "snapshot"


# What each shape shows unless other columns were chosen.
_SHAPE_COLUMNS = {
    Shape.TABLE: (
        Column.KEY_RESULT, Column.PROGRESS, Column.NOW, Column.CONFIDENCE, Column.OWNER, Column.INITIATIVES,
        Column.NEXT_STEP,
    ),
    Shape.OBJECTIVE: (
        Column.KEY_RESULT, Column.PROGRESS, Column.NOW, Column.CONFIDENCE, Column.OWNER, Column.NEXT_STEP,
    ),
    Shape.ATTENTION: (Column.NEEDS_ATTENTION, Column.KEY_RESULT, Column.WHO_NEXT),
    Shape.MEETING: (
        Column.KEY_RESULT, Column.DONE_SINCE, Column.PROGRESS, Column.NOW, Column.CONFIDENCE, Column.BLOCKERS,
        Column.NEXT_STEP,
    ),
    Shape.HEALTH: (Column.KEY_RESULT, Column.PROGRESS, Column.NOW, Column.OWNER, Column.NEXT_STEP),
    Shape.SNAPSHOT: (Column.KEY_RESULT, Column.RESULT, Column.SCORE, Column.LEARNED),
}  # fmt: skip
# These say one thing only, and their columns follow from it.
_FIXED_SHAPES = frozenset({Shape.ATTENTION, Shape.SNAPSHOT})
_CHOOSABLE = (*_SHAPE_COLUMNS[Shape.TABLE], Column.NOTE, Column.BLOCKERS)


def default_columns(shape: Shape) -> tuple[Column, ...]:
    """What a table of this shape shows unless other columns were chosen."""
    return _SHAPE_COLUMNS[shape]


def choosable_columns(shape: Shape) -> tuple[Column, ...]:
    """What may be chosen for a table of this shape; nothing where its columns follow from what it says."""
    if shape in _FIXED_SHAPES:
        return ()
    # Counting what was done since the last check-in is the meeting's alone.
    return (*_CHOOSABLE, Column.DONE_SINCE) if shape is Shape.MEETING else _CHOOSABLE


class Width(StrEnum):
    """``WIDE``: 960 px, with the bar of squares. ``NARROW``: 760 px, without it; fits inside layout columns.

    Shapes other than the table and the meeting have few columns and stand in 760 px either way; there the choice is of
    the bar alone.
    """

    WIDE = "wide"
    NARROW = "narrow"

    @property
    def pixels(self) -> int:
        return 960 if self is Width.WIDE else 760


class Container(StrEnum):
    """The macro around the table: Page Properties (found by its ``id``), or a named excerpt (found by its ``name``)."""

    DETAILS = "details"
    EXCERPT = "excerpt"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What was chosen for one table.

    ``region_id`` is what the region is found by. ``service_url`` is the address of this service, without a slash at the
    end; rows link to ``/kr/KEY`` below it, and what waits for a decision to ``/tables/`` with ``table_id`` (0: not
    known yet). ``columns`` may be empty: those of the shape. ``check_in_by``: owner | team | editors.
    """

    region_id: str
    service_url: str
    language: Language = "en"
    design: Design = Design.NORMAL
    columns: tuple[Column, ...] = ()
    shape: Shape = Shape.TABLE
    width: Width = Width.WIDE
    container: Container = Container.DETAILS
    thresholds: Thresholds = field(default_factory=Thresholds)
    table_id: int = 0
    check_in_by: str = "editors"

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """Those chosen; those of the shape where none were."""
        return self.columns or default_columns(self.shape)

    def __post_init__(self) -> None:
        if not self.region_id.strip() or self.region_id != self.region_id.strip():
            raise InvalidTable("a table needs an id to be found by, without spaces around it")
        if not self.service_url.startswith(("http://", "https://")) or self.service_url.endswith("/"):
            raise InvalidTable("the service's address starts with http:// or https:// and has no slash at its end")
        if self.columns:
            _check_columns(self.columns, self.shape)


def _check_columns(columns: tuple[Column, ...], shape: Shape) -> None:
    if shape in _FIXED_SHAPES:
        raise InvalidTable("the shape {shape} has columns of its own; leave the columns out", shape=shape)
    foreign = [column for column in columns if column not in choosable_columns(shape)]
    if foreign:
        raise InvalidTable("the shape {shape} has no column {column}", shape=shape, column=foreign[0])
    if columns[:1] != (Column.KEY_RESULT,):
        raise InvalidTable("the first column is the key result: rows are found by its link")
    if len(set(columns)) != len(columns):
        raise InvalidTable("a column is chosen twice")
    if not 2 <= len(columns) <= MOST_COLUMNS:
        raise InvalidTable(
            "a table has 2 to {most} columns; {number} are chosen",
            most=MOST_COLUMNS,
            number=len(columns),
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """``typed``: a person may type here, so it holds plain text alone. ``grey``: it would be an input cell, but this
    row's value comes from Jira, and it looks so."""

    column: Column
    lines: tuple[Line, ...] = ()
    expand: Expand | None = None
    typed: bool = False
    grey: bool = False


@dataclass(frozen=True, slots=True)
class KeyResultRow:
    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """Spans all columns."""

    key: str
    line: Line


Row = KeyResultRow | ObjectiveRow


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """``width`` in pixels; all of a table sum to ``Width.pixels``."""

    column: Column
    text: str
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is meant to stand in the page. ``summary`` are paragraphs above it; ``in_panel``: the first of them
    stands in an information panel. ``legend`` is its last row; ``closing`` is one where a shape has no legend."""

    region_id: str
    container: Container
    width: Width
    language: Language
    summary: tuple[Line, ...]
    header: tuple[HeaderCell, ...]
    rows: tuple[Row, ...]
    legend: Expand | None
    shape: Shape = Shape.TABLE
    closing: Line = ()
    in_panel: bool = False
    design: Design = Design.NORMAL
