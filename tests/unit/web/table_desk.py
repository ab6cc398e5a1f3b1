"""Somebody who puts tables on pages and changes them, without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import update
from werkzeug.test import TestResponse

from connector.store import tables
from connector.store.engine import Database
from connector.store.schema import person
from connector.store.tables import PageTable
from mapping.storage_format import render_region
from mapping.table_intended import intended
from sync.composing import compose_table
from sync.page_look import fields_to_json, read_back
from sync.ports import Resources
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeConfluence, FakeJira, FakeSites, page
from tests.unit.web import made_up
from tests.unit.web.made_up import SITE, MadeUp
from tests.unit.web.surroundings import CountingBell, Visitor, resources
from web.app import create_app

HAND_MADE = (
    "<h2>Goals</h2><table><tbody><tr><th>Objective</th><th>Key result</th><th>Owner</th><th>From</th><th>Target</th>"
    "<th>Mood</th></tr><tr><td>Support is quick</td><td>First answer (h)</td><td>Ana Duarte</td><td>9</td><td>2</td>"
    "<td>sunny</td></tr></tbody></table>"
)
COLUMNS = {f"column-{name}": str(n) for n, name in enumerate(
    ("progress", "now", "confidence", "owner", "initiatives", "next_step"), 2)}  # fmt: skip
CHOICES = {
    "page": "4711", "cycle_key": "2026-q4", "shape": "table", "shape_was": "table", "language": "en",
    "design": "normal", "width": "wide", "container": "details", "check_in_by": "editors", "write_bucket": "",
    "write_refill_minutes": "", "region_id": "", **COLUMNS,
}  # fmt: skip


@dataclass
class Desk:
    """Somebody at the screens, with a Confluence in process."""

    on: Resources
    made: MadeUp
    who: Visitor
    wiki: FakeConfluence

    def table(self, number: int = 1) -> PageTable:
        with self.on.database.read() as conn:
            return tables.load_table(conn, self.made.workspace_id, number)

    def set(self, number: int = 1, **values: object) -> None:
        with self.on.database.write() as conn:
            tables.set_table(conn, self.made.workspace_id, number, values)

    def compared(self, **typed: str) -> TestResponse:
        return self.who.post("/tables/1/edit/preview", CHOICES | typed, page="/tables/1/edit")

    def add(self, **typed: str) -> TestResponse:
        return self.who.post("/tables/new", CHOICES | typed)

    def save(self, **typed: str) -> TestResponse:
        found = self.who.get("/tables/1/edit").text.partition('name="seen" value="')[2].partition('"')[0]
        return self.who.post("/tables/1/edit", CHOICES | {"seen": found} | typed)

    def becomes(self, role: str, teams: tuple[str, ...] = ()) -> None:
        """Somebody else signs in."""
        other = made_up.add_owner(self.on.database, self.on.clock.now(), role=role, email=f"{role}@acme.example")
        with self.on.database.write() as conn:
            conn.execute(update(person).where(person.c.id == other.person_id).values(teams=list(teams)))
        self.who.is_let_in(other, self.on.clock.now())


def desk_with(database: Database, clock: FakeClock) -> Desk:
    """Rosa, an admin; table 1 stands in its page and says all but one thing of what it should."""
    made = made_up.fill(database, clock.now())
    wiki = FakeConfluence({"4711": page(), "4714": page("4714", title="Objectives", body=HAND_MADE)})
    sites = FakeSites({SITE: FakeJira()}, {SITE: wiki})
    on = replace(resources(database, clock), sites=sites)
    bell = on.bell
    assert isinstance(bell, CountingBell)
    desk = Desk(on, made, Visitor(create_app(on).test_client(), bell), wiki)
    desk.who.client.environ_base["HTTP_HOST"] = "127.0.0.1:8400"
    desk.who.is_let_in(made.person, clock.now())
    _stand_in_page(desk)
    return desk


def _stand_in_page(desk: Desk) -> None:
    table = desk.table()
    with desk.on.database.read() as conn:
        now = intended(compose_table(conn, desk.made.workspace_id, table, desk.on.settings, desk.on.clock.now()))
    body = render_region(now.table).replace("7 of 12 done", "6 of 12 done")
    desk.wiki.pages[table.page_id] = page(table.page_id, title=table.page_title, version=214, body=body)
    read = read_back(body, table)
    desk.set(
        intended=now.fingerprint, intended_fields=fields_to_json(now.fields), read_back=fields_to_json(read.fields),
        read_back_lines=read.lines,
    )  # fmt: skip
