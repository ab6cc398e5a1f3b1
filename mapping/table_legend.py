"""The last row: how to read the table and how to check in by typing, for exactly the columns that it has."""

from __future__ import annotations

from fractions import Fraction

from mapping.languages import phrase, words_of
from mapping.table_parts import Column, Shape, TableSpec, Width
from mapping.table_pieces import Colour, Expand, Line, Link, Lozenge, Piece
from mapping.words import Words
from mapping.written import percent

# These are read at a glance, or stand beside the table of their cycle, which has the legend.
_WITHOUT = frozenset({Shape.OBJECTIVE, Shape.ATTENTION, Shape.SNAPSHOT})


def legend(spec: TableSpec) -> Expand | None:
    """Bullets; one that speaks of a column is left out where the table has no such column. None where the shape has no
    legend."""
    if spec.shape in _WITHOUT:
        return None
    words = words_of(spec.language)
    lines = (
        _how_to_type(spec, words),
        _progress(spec, words),
        _marks(spec, words),
        phrase(words.legend.initiatives) if Column.INITIATIVES in spec.shown_columns else (),
        phrase(words.legend.as_of, see_why=Link(words.legend.see_why, f"{spec.service_url}/status")),
    )
    return Expand(words.legend.title, tuple(line for line in lines if line), bullets=True)


def _how_to_type(spec: TableSpec, words: Words) -> Line:
    said = words.legend
    example = {Column.NOW: said.typed_now, Column.CONFIDENCE: said.typed_confidence}
    named = [
        f"**{words.headers[column]}** ({example.get(column, said.typed_words)})"
        for column in spec.shown_columns
        if column.is_input
    ]
    if not named:
        return ()
    columns = said.or_.join(part for part in (", ".join(named[:-1]), named[-1]) if part)
    who = {"owner": said.owner_types, "team": said.team_types}.get(spec.check_in_by, "")
    grey = said.grey if Column.NOW in spec.shown_columns else ""
    return phrase(said.how_to_type.replace("{columns}", columns), who=who, grey=grey)


def _progress(spec: TableSpec, words: Words) -> Line:
    if Column.PROGRESS not in spec.shown_columns:
        return ()
    if spec.shape is Shape.HEALTH:
        return phrase(words.legend.limit.strip())
    squares = words.legend.squares if spec.width is Width.WIDE else ""
    return phrase(words.legend.progress + squares + words.legend.limit)


def _marks(spec: TableSpec, words: Words) -> Line:
    """Marks of pace stand under Progress, of news under Owner, of scope under Initiatives; a limit has no pace."""
    said, shown = words.legend, spec.shown_columns
    sentences = (
        said.pace_marks if Column.PROGRESS in shown and spec.shape is not Shape.HEALTH else "",
        said.news_marks if Column.OWNER in shown else "",
        said.scope_mark if Column.INITIATIVES in shown else "",
    )
    return phrase(" ".join(each for each in sentences if each), **_filled(spec, words))


def _filled(spec: TableSpec, words: Words) -> dict[str, Piece | str | int]:
    at = spec.thresholds
    late = at.off_pace_more_than
    return {
        "behind": Lozenge(words.behind, Colour.YELLOW),
        "off_pace": Lozenge(words.off_pace, Colour.RED),
        "reached_early": Lozenge(words.reached_early, Colour.PURPLE),
        "stale": Lozenge(words.legend.stale, Colour.YELLOW),
        "low": Lozenge(words.low, Colour.RED),
        "scope": Lozenge(words.scope.replace("{n}", "3"), Colour.BLUE),
        "quarter": words.legend.a_quarter if late == Fraction(1, 4) else percent(late),
        "share": percent(at.aspirational_share),
        "days": at.stale_after_days,
        "confidence": at.low_confidence_below,
    }
