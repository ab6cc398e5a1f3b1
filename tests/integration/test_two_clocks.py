"""The site's clock and ours: what is typed counts whatever they say, and never for a time that is still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.clock import FakeClock
from tests.integration.line import Line
from tests.integration.okr_page import OkrPage, written
from tests.integration.typing import ANA, NOW, outcomes, said, type_in


def with_clock_behind(okr_line: Line, span: timedelta) -> Line:
    """Ours stands so much before the site's, which goes on as the machine's does."""
    clock = FakeClock(datetime.now(UTC) - span)
    return replace(okr_line, on=replace(okr_line.on, clock=clock), clock=clock)


@pytest.mark.parametrize("behind", [timedelta(0), timedelta(hours=1)], ids=str)
def test_what_is_typed_right_after_our_own_write_is_taken(okr_line: Line, behind: timedelta) -> None:
    page = written(with_clock_behind(okr_line, behind))
    type_in(page, {NOW: "27"})
    look(page)
    assert outcomes(page) == [("27", "taken", ANA.display_name)]


def test_a_check_in_that_is_typed_is_never_later_than_now(okr_line: Line) -> None:
    page = written(with_clock_behind(okr_line, timedelta(hours=1)))
    type_in(page, {NOW: "27"})
    look(page)
    (check_in,) = said(page)
    assert check_in.at <= page.line.clock.now()


def look(page: OkrPage) -> None:
    """At the page, with hardly any time gone since it was written."""
    page.line.mark("table", str(page.table_id))
    page.line.work()
