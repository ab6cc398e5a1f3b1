"""How wide each column is, so that no word of ours breaks: measured in a browser, per shape, width and language."""

from __future__ import annotations

from mapping.table_parts import Column, Shape, TableSpec, Width
from mapping.table_shapes import real_width

_WIDE = {
    Column.KEY_RESULT: 144, Column.PROGRESS: 174, Column.NOW: 74, Column.CONFIDENCE: 126, Column.OWNER: 138,
    Column.INITIATIVES: 182, Column.NEXT_STEP: 122, Column.NOTE: 122, Column.BLOCKERS: 122, Column.DONE_SINCE: 144,
}  # fmt: skip
_NARROW = {
    Column.KEY_RESULT: 126, Column.PROGRESS: 127, Column.NOW: 58, Column.CONFIDENCE: 114, Column.OWNER: 121,
    Column.INITIATIVES: 108, Column.NEXT_STEP: 106, Column.NOTE: 106, Column.BLOCKERS: 106, Column.DONE_SINCE: 108,
}  # fmt: skip
_MEETING = {
    Width.WIDE: {
        Column.KEY_RESULT: 136, Column.DONE_SINCE: 128, Column.PROGRESS: 174, Column.NOW: 74, Column.CONFIDENCE: 126,
        Column.BLOCKERS: 170, Column.NEXT_STEP: 152,
    },
    Width.NARROW: {
        Column.KEY_RESULT: 124, Column.DONE_SINCE: 100, Column.PROGRESS: 127, Column.NOW: 67, Column.CONFIDENCE: 108,
        Column.BLOCKERS: 117, Column.NEXT_STEP: 117,
    },
}  # fmt: skip
_SMALL = {
    Shape.OBJECTIVE: {
        Column.KEY_RESULT: 136, Column.PROGRESS: 172, Column.NOW: 74, Column.CONFIDENCE: 128, Column.OWNER: 138,
        Column.NEXT_STEP: 112,
    },
    Shape.ATTENTION: {Column.NEEDS_ATTENTION: 152, Column.KEY_RESULT: 352, Column.WHO_NEXT: 256},
    Shape.HEALTH: {
        Column.KEY_RESULT: 212, Column.PROGRESS: 152, Column.NOW: 84, Column.OWNER: 138, Column.NEXT_STEP: 174,
    },
    Shape.SNAPSHOT: {Column.KEY_RESULT: 200, Column.RESULT: 204, Column.SCORE: 80, Column.LEARNED: 276},
}  # fmt: skip
# German words are longer: Verantwortlich, Stand, eingehalten.
_GERMAN = {
    Shape.TABLE: {
        Column.KEY_RESULT: 115, Column.NOW: 67, Column.CONFIDENCE: 104, Column.OWNER: 136, Column.INITIATIVES: 105,
    },
    Shape.SNAPSHOT: {Column.SCORE: 116, Column.LEARNED: 240},
}  # fmt: skip


def widths(spec: TableSpec) -> tuple[int, ...]:
    """In pixels, together as wide as the table; in proportion where other columns are chosen."""
    measured, full = _measured(spec), real_width(spec).pixels
    chosen = [measured[column] for column in spec.shown_columns]
    scaled = [each * full // sum(chosen) for each in chosen]
    return (scaled[0] + full - sum(scaled), *scaled[1:])


def _measured(spec: TableSpec) -> dict[Column, int]:
    width = real_width(spec)
    found = _WIDE if width is Width.WIDE else _NARROW
    found = found | (_MEETING[width] if spec.shape is Shape.MEETING else _SMALL.get(spec.shape, {}))
    if spec.language == "de" and width is Width.NARROW:
        return found | _GERMAN.get(spec.shape, {})
    return found
