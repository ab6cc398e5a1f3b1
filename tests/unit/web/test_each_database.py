"""Every page reads the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.reading import heading, main
from tests.unit.web.surroundings import visitor


def test_every_page_reads_the_same(database: Database, clock: FakeClock) -> None:
    filled = made_up.fill(database, clock.now())
    made_up.set_aside(database, filled, clock.now())
    reader = visitor(database, clock)
    reader.is_let_in(filled.person, clock.now())
    assert heading(reader.get("/").text) == "4 of 9 key results need attention"
    status = reader.get("/status").text
    assert heading(status) == "One thing was set aside"
    assert "1 received in 24 h" in main(status)
    assert "2 written in 24 h" in main(status)
    assert "Completion beside it: 76 %" in main(reader.get("/kr/PAY-KR1").text)
    assert "Stands on 2 pages soon after." in main(reader.get("/check-in/PAY-KR1").text)
