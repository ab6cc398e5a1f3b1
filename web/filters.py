"""Everything that templates use as a filter, under its name: words, times, drawings, and cells of figures."""

from __future__ import annotations

from flask import Flask

from mapping import written
from web import drawings, figure_cells, language, time_tags, time_words, wording


def add_filters(app: Flask) -> None:
    """Make them known to the app's templates."""
    app.jinja_env.filters |= {
        "age": time_words.age,
        "ago": time_words.ago,
        "ago_tag": time_tags.ago_tag,
        "bar": drawings.bar,
        "column_words": wording.column_words,
        "confidence": figure_cells.confidence,
        "count": wording.count,
        "cycle_week": time_words.cycle_week,
        "day": time_words.day,
        "day_tag": time_tags.day_tag,
        "event_words": wording.event_words,
        "every": time_words.every,
        "hours": wording.hours,
        "initials": wording.initials,
        "kept_words": language.kept_words,
        "last_check_in": figure_cells.last_check_in,
        "limit_words": wording.limit_words,
        "lozenge": figure_cells.lozenge,
        "moment_tag": time_tags.moment_tag,
        "now_words": wording.now_words,
        "objective_state": figure_cells.objective_state,
        "origin_words": wording.origin_words,
        "outcome_words": wording.typed_outcome,
        "percent": written.percent,
        "progress": figure_cells.progress,
        "second_tag": time_tags.second_tag,
        "shape_words": wording.shape_words,
        "size": wording.size,
        "span": time_words.span,
        "spark": drawings.spark,
        "state": figure_cells.state,
        "table_state": wording.table_state,
        "typed_field": wording.typed_field,
        "value_words": wording.value_words,
        "way": figure_cells.way,
        "way_words": wording.way_words,
        "web_address": wording.web_address,
        "work_words": wording.work_words,
    }
