"""Cells of figures: words of ours around what people wrote, which is only ever text. A page of them: test_board."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from markupsafe import escape

from mapping.figures import KeyResultFacts, KeyResultFigure, Thresholds
from mapping.okr import CheckIn, Cycle, CycleState, KeyResult
from mapping.rollup import key_result_figure
from tests.unit.web.surroundings import Visitor
from web import figure_cells

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
CYCLE = Cycle("q4", "Q4", date(2026, 10, 1), date(2026, 12, 31), CycleState.OPEN)
KR = KeyResult("A-KR1", "A-O1", "Faster", unit="s", baseline=Decimal(38), target=Decimal(20))
HOSTILE = '"><script>x</script>'


def _figure(kr: KeyResult, *said: CheckIn) -> KeyResultFigure:
    return key_result_figure(KeyResultFacts(kr, said), CYCLE, NOW, Thresholds())


def _said(value: int, confidence: int, day: int) -> CheckIn:
    return CheckIn(KR.key, datetime(2026, 11, day, 9, tzinfo=UTC), Decimal(value), confidence)


def test_what_people_wrote_is_text(stranger: Visitor) -> None:
    figure = _figure(replace(KR, unit=HOSTILE), _said(29, 8, 29))
    with stranger.client.application.test_request_context():
        cells = (escape(figure_cells.way(figure)), figure_cells.progress(figure, f"/?team={HOSTILE}"))
    assert all("<script>" not in cell for cell in cells)
    assert all("&lt;script&gt;" in cell for cell in cells)


def test_words_of_a_lozenge_are_text() -> None:
    assert figure_cells.lozenge("a < b", "red") == '<span class="loz red">a &lt; b</span>'
    assert figure_cells.lozenge("plain") == '<span class="loz">plain</span>'


def test_without_an_address_the_figure_leads_nowhere(stranger: Visitor) -> None:
    figure = _figure(KR, _said(29, 8, 29))
    with stranger.client.application.test_request_context():
        assert "<a " not in figure_cells.progress(figure)
        assert 'href="/why"' in figure_cells.progress(figure, "/why")


def test_confidence_says_where_it_went(stranger: Visitor) -> None:
    with stranger.client.application.test_request_context():
        assert figure_cells.confidence(_figure(KR, _said(30, 8, 22), _said(29, 3, 29))) == (
            '3<span class="two"><span class="loz red">Low</span> down 5</span>'
        )
        assert "none yet" in figure_cells.confidence(_figure(KR))
