"""Putting tables on pages, by somebody without JavaScript."""

from __future__ import annotations

import pytest

from connector.errors import Unavailable
from connector.store import tables
from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.commands.stand_in import page
from tests.unit.web import made_up
from tests.unit.web.made_up import SITE
from tests.unit.web.reading import main
from tests.unit.web.surroundings import CountingBell, Visitor, resources
from tests.unit.web.table_desk import CHOICES, Desk
from web.app import create_app


class TestNew:
    """Putting a table on a page."""

    def test_it_is_looked_at_before_anything_is_kept(self, desk: Desk) -> None:
        count = len(desk.who.get("/tables").text.split("<tr>"))
        shown = desk.who.post("/tables/new/preview", CHOICES, page="/tables/new")
        assert shown.status_code == 200
        said = main(shown.text)
        assert "OKRs Q4 2026 : it goes to the end of the page." in said
        assert "Median checkout time PAY-KR1" in said
        assert len(desk.who.get("/tables").text.split("<tr>")) == count

    def test_the_placeholder_in_the_page_is_said(self, desk: Desk) -> None:
        desk.wiki.pages["4711"] = page(body="<p>Before</p><p>[OKR:okr-2026-q4]</p>")
        said = main(desk.who.post("/tables/new/preview", CHOICES, page="/tables/new").text)
        assert "it goes in place of the paragraph [OKR:okr-2026-q4]." in said

    def test_it_is_written_with_what_was_chosen(self, desk: Desk) -> None:
        answer = desk.add(language="de", check_in_by="team", write_bucket="9", region_id="ours", teams="Growth")
        assert (answer.status_code, answer.location) == (303, "/tables/3")
        kept = desk.table(3)
        assert (kept.page_id, kept.region_id, kept.language, kept.check_in_by) == ("4711", "ours", "de", "team")
        assert (kept.teams, kept.write_bucket, kept.columns) == (("Growth",), 9, ())

    def test_a_second_click_adds_no_second_table(self, desk: Desk) -> None:
        desk.add()
        assert desk.add().location == "/tables/3"
        assert "The page had exactly this table already." in desk.who.get("/tables/3").text

    def test_columns_stand_in_the_order_of_their_numbers(self, desk: Desk) -> None:
        desk.add(**{"column-now": "9", "column-owner": "", "column-note": "10"})
        assert desk.table(3).columns == ("key_result", "progress", "confidence", "initiatives", "next_step", "now",
                                         "note")  # fmt: skip

    def test_another_shape_takes_its_own_columns(self, desk: Desk) -> None:
        shown = desk.who.post("/tables/new/preview", CHOICES | {"shape": "meeting"}, page="/tables/new").text
        assert 'name="column-done_since" value="2"' in shown
        desk.add(shape="meeting")
        assert (desk.table(3).shape, desk.table(3).columns) == ("meeting", ())

    def test_a_title_finds_its_page(self, desk: Desk) -> None:
        assert desk.add(page="Objectives").status_code == 303
        assert desk.table(3).page_id == "4714"

    def test_of_pages_of_one_title_one_is_chosen(self, desk: Desk) -> None:
        desk.wiki.pages["4715"] = page("4715", title="Objectives", url=f"{SITE}/wiki/spaces/GRO/pages/4715/O")
        answer = desk.add(page="Objectives")
        assert answer.status_code == 422
        assert "Several pages have this title. Choose one of them." in answer.text
        assert "Objectives, space GRO" in main(answer.text)
        meant = f"{SITE}/pages/viewpage.action?pageId=4715"
        assert f'value="{meant}"' in answer.text
        assert desk.add(page="Objectives", meant=meant).status_code == 303
        assert desk.table(3).page_id == "4715"

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"page": ""}, "Say which page: its address or its title."),
            ({"page": "x" * 601}, "at most 600 are kept"),
            ({"page": "Nowhere <b>here</b>"}, "No page has exactly this title"),
            ({"page": "999"}, "There is no page 999"),
            ({"page": "https://evil.example/wiki/pages/1"}, "is not connected"),
            ({"cycle_key": "2099-q1"}, "no cycle"),
            ({"shape": "wheel"}, "Choose table, objective"),
            ({"shape": "snapshot"}, "Q4 2026 has not ended"),
            ({"shape": "objective"}, "exactly one objective"),
            ({"teams": "Nobody"}, "no team Nobody"),
            ({"objective_keys": "X-O1"}, "no objective X-O1"),
            ({"column-now": "soon"}, "Number the columns"),
            ({"column-note": "8", "column-blockers": "9"}, "2 to 8 columns"),
            ({"write_bucket": "many"}, "Write a whole number"),
            ({"write_bucket": "0"}, "from 1 to 1000"),
            ({"write_refill_minutes": "99999"}, "from 1 to 1440"),
            ({"region_id": "Not a name!"}, "cannot name a table"),
            ({"container": "panel"}, "details or excerpt"),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(self, desk: Desk, typed: dict[str, str], said: str) -> None:
        answer = desk.add(**typed)
        assert answer.status_code == 422
        assert said in main(answer.text)
        assert "<b>here" not in answer.text
        assert f'value="{CHOICES["page"]}"' in answer.text or "page" in typed
        with desk.on.database.read() as conn:
            assert len(tables.load_tables(conn, desk.made.workspace_id)) == 2

    def test_many_key_results_are_advised_to_be_split(self, desk: Desk) -> None:
        assert "one table per team reads better" not in desk.who.get("/tables/new").text

    def test_confluence_away_is_said_at_once(self, desk: Desk) -> None:
        desk.wiki.trouble["read"] = Unavailable("no answer within 4 s.")
        answer = desk.who.post("/tables/new/preview", CHOICES, page="/tables/new")
        assert answer.status_code == 422
        assert "no answer within 4 s." in answer.text
        assert "Median checkout time" in answer.text, "what is known is shown all the same"

    def test_without_okrs_there_is_nothing_to_show(self, sqlite_database: Database, clock: FakeClock) -> None:
        person = made_up.add_owner(sqlite_database, clock.now())
        on = resources(sqlite_database, clock)
        assert isinstance(on.bell, CountingBell)
        who = Visitor(create_app(on).test_client(), on.bell)
        who.client.environ_base["HTTP_HOST"] = "127.0.0.1:8400"
        who.is_let_in(person, clock.now())
        assert "There are no objectives and key results yet" in who.get("/tables/new").text
