"""Whatever people write stands on our pages as they wrote it, and never as markup."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

import web
from connector.store import activity, check_ins, connection_state, okrs, tables
from connector.store.connections import Health
from connector.store.engine import Database
from connector.store.okrs import OkrSet
from connector.store.tables import TableState
from mapping.okr import CheckIn, Cycle, KeyResult, Objective
from tests.clock import FakeClock
from tests.databases import SqliteTemplate, closing
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor, visitor

CORPUS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; & <b>bold</b>",
    "\u202eRTL \u2028line",
    "<!-- --><![CDATA[ ]]>",
]
ADDRESSES = ("/", "/kr/XSS-KR1", "/check-in/XSS-KR1", "/status")


class Tags(HTMLParser):
    """Counts elements, and collects attributes that would run something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.dangerous: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.dangerous.append((name, value or ""))


def _fill_with(text: str, database: Database, filled: MadeUp, clock: FakeClock) -> None:
    ws, at = filled.workspace_id, clock.now()
    with database.read() as conn:
        cycle: Cycle = okrs.load_cycles(conn, ws)[0]
    objective = Objective("XSS-O1", cycle.key, text, why=text, sponsor=text, team=text)
    one, two = Decimal(1), Decimal(2)
    kr = KeyResult("XSS-KR1", "XSS-O1", text, owner=text, unit=text[:40], baseline=one, target=two)
    said = CheckIn("XSS-KR1", at, confidence=3, done_since=text, note=text, blockers=text, next_step=text, author=text)
    with database.write() as conn:
        okrs.record_okrs(conn, ws, OkrSet((), (objective,), (kr,)), at=at, who=text)
        check_ins.record_check_in(conn, ws, said, idempotency_key="x", recorded_at=at)
        activity.record_activity(conn, ws, at=at, who=text, text=f"Seen: {text}")
        connection_state.record_health(conn, ws, filled.jira.id, Health.UNREACHABLE, at, text)
        table = tables.load_tables(conn, ws)[0]
        tables.record_table_state(conn, ws, table.id, TableState.NOT_READABLE, at, text)
        tables.set_table(conn, ws, table.id, {"page_title": text})


@pytest.fixture(scope="module")
def plain(sqlite_template: SqliteTemplate) -> dict[str, list[str]]:
    """The elements of each page where everybody wrote plain words."""
    clock = FakeClock()
    with closing(sqlite_template.copy()) as database:
        filled = made_up.fill(database, clock.now())
        reader = visitor(database, clock)
        reader.is_let_in(filled.person, clock.now())
        _fill_with("plain words", database, filled, clock)
        return {address: Tags(reader.get(address).text).names for address in ADDRESSES}


@pytest.mark.parametrize("text", CORPUS)
def test_text_stays_text(
    text: str,
    plain: dict[str, list[str]],
    rosa: Visitor,
    filled: MadeUp,
    sqlite_database: Database,
    clock: FakeClock,
) -> None:
    _fill_with(text, sqlite_database, filled, clock)
    for address in ADDRESSES:
        tags = Tags(rosa.get(address).text)
        assert tags.dangerous == []
        assert tags.names == plain[address], f"{text!r} became markup on {address}"


def test_a_page_address_that_is_no_web_address_is_no_link(
    rosa: Visitor, filled: MadeUp, sqlite_database: Database, clock: FakeClock
) -> None:
    with sqlite_database.write() as conn:
        table = tables.load_tables(conn, filled.workspace_id)[0]
        tables.set_table(conn, filled.workspace_id, table.id, {"page_url": "javascript:alert(1)"})
        activity.record_activity(
            conn, filled.workspace_id, at=clock.now(), who="", text="Look", url=" JavaScript:alert(1)"
        )
    assert Tags(rosa.get("/status").text).dangerous == []


def test_no_template_switches_escaping_off() -> None:
    for template in Path(web.__file__).parent.joinpath("templates").rglob("*.html"):
        text = template.read_text("utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text
