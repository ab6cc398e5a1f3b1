"""Putting tables on pages, choosing anew, pausing, taking over: by somebody without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from werkzeug.test import TestResponse

from connector.errors import Unavailable
from connector.site_answers import SiteAccount
from connector.store import okrs, tables
from connector.store.engine import Database
from connector.store.okrs import OkrSet
from connector.store.tables import PageTable, TableState
from mapping.storage_format import render_region
from mapping.table_intended import intended
from sync.composing import compose_table
from sync.page_look import fields_to_json, read_back
from sync.ports import Resources
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeConfluence, FakeJira, FakeSites, page
from tests.unit.web import made_up
from tests.unit.web.made_up import SITE, MadeUp
from tests.unit.web.reading import heading, main, row
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
        from sqlalchemy import update

        from connector.store.schema import person

        other = made_up.add_owner(self.on.database, self.on.clock.now(), role=role, email=f"{role}@acme.example")
        with self.on.database.write() as conn:
            conn.execute(update(person).where(person.c.id == other.person_id).values(teams=list(teams)))
        self.who.is_let_in(other, self.on.clock.now())


@pytest.fixture
def desk(sqlite_database: Database, clock: FakeClock) -> Desk:
    """Rosa, an admin; table 1 stands in its page and says all but one thing of what it should."""
    made = made_up.fill(sqlite_database, clock.now())
    wiki = FakeConfluence({"4711": page(), "4714": page("4714", title="Objectives", body=HAND_MADE)})
    sites = FakeSites({SITE: FakeJira()}, {SITE: wiki})
    on = replace(resources(sqlite_database, clock), sites=sites)
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


class TestEditor:
    """Choosing anew for a table that stands."""

    def test_it_opens_without_asking_confluence(self, desk: Desk) -> None:
        desk.wiki.calls.clear()
        opened = desk.who.get("/tables/1/edit").text
        assert desk.wiki.calls == []
        assert "Not compared with the page yet." in main(opened)
        assert "Median checkout time" in opened.partition('data-live="preview"')[2], "what it shows is there at once"
        assert "data-ask-at-once" in opened

    def test_it_says_what_the_next_write_changes(self, desk: Desk) -> None:
        shown = desk.compared().text
        assert heading(shown).startswith("The next write changes ")
        assert "version 214 → 215" in main(shown)
        assert "PAY-412 <del>6</del> <ins>7</ins> of 12 done" in shown

    def test_what_was_typed_and_taken_stays(self, desk: Desk) -> None:
        made_up.type_into(desk.on.database, desk.made, 1, "Ask ‹them›.", key="PAY-KR1", column="next_step",
                          outcome="taken", version=215)  # fmt: skip
        said = main(desk.compared().text)
        assert "Stays as typed by Ana Duarte: “Ask ‹them›.” Taken as a check-in of 22 Nov" in said

    def test_what_waits_in_a_cell_stands_in_the_preview(self, desk: Desk) -> None:
        made_up.type_into(desk.on.database, desk.made, 1, "Ask ‹them›.", key="PAY-KR1", column="next_step",
                          outcome="not_allowed", version=215)  # fmt: skip
        for shown in (desk.who.get("/tables/1/edit"), desk.compared()):
            assert "Ask ‹them›." in shown.text.partition('data-live="preview"')[2]

    def test_a_page_that_says_it_all_changes_nothing(self, desk: Desk) -> None:
        table = desk.table()
        body = desk.wiki.pages[table.page_id].body.replace("6 of 12 done", "7 of 12 done")
        desk.wiki.pages[table.page_id] = page(table.page_id, version=214, body=body)
        assert heading(desk.compared().text) == "The page says all of it already"

    def test_a_renamed_objective_is_a_change(self, desk: Desk) -> None:
        table = desk.table()
        body = desk.wiki.pages[table.page_id].body.replace("6 of 12 done", "7 of 12 done")
        desk.wiki.pages[table.page_id] = page(table.page_id, version=214, body=body)
        with desk.on.database.write() as conn:
            (kept, *_) = okrs.load_objectives(conn, desk.made.workspace_id, table.cycle_key)
            renamed = OkrSet(objectives=[replace(kept, title="Paying takes a moment")])
            okrs.record_okrs(
                conn, desk.made.workspace_id, renamed, at=desk.on.clock.now(), who="Rosa", reason="Clearer"
            )
        shown = desk.compared().text
        assert heading(shown) == "The next write changes one place"
        assert "Paying takes a moment" in main(shown)

    def test_confluence_away_it_compares_with_what_is_remembered(self, desk: Desk) -> None:
        desk.wiki.trouble["read"] = Unavailable("no answer within 4 s.")
        shown = desk.compared()
        assert shown.status_code == 200
        assert "Confluence could not be asked just now" in shown.text
        assert "PAY-412 <del>6</del> <ins>7</ins> of 12 done" in shown.text

    def test_a_choice_is_looked_at_before_it_is_saved(self, desk: Desk) -> None:
        shown = desk.compared(**{"column-note": "8"}).text
        assert "Not saved yet: one choice was changed." in main(shown)
        assert "The column comes" in shown
        assert desk.table().columns == ()

    def test_it_is_saved_and_said(self, desk: Desk) -> None:
        answer = desk.save(language="de", write_bucket="7")
        assert (answer.status_code, answer.location) == (303, "/tables/1")
        assert (desk.table().language, desk.table().write_bucket) == ("de", 7)
        assert "Saved. The page is written within seconds" in desk.who.get("/tables/1").text
        desk.save(language="de")
        assert desk.table().write_bucket is None, "an empty field is the usual budget again"

    def test_the_second_of_two_sees_what_changed(self, desk: Desk) -> None:
        seen = desk.who.get("/tables/1/edit").text.partition('name="seen" value="')[2].partition('"')[0]
        desk.save(language="de")
        answer = desk.who.post("/tables/1/edit", CHOICES | {"seen": seen, "design": "short"}, page="/tables/1/edit")
        assert answer.status_code == 422
        said = main(answer.text)
        assert "Somebody changed this table while you were at it" in said
        assert "Language of fixed words now: Deutsch · you: English" in said
        assert desk.table().design == "normal"
        renewed = answer.text.partition('name="seen" value="')[2].partition('"')[0]
        again = {"seen": renewed, "design": "short"}
        assert desk.who.post("/tables/1/edit", CHOICES | again, page="/tables/1/edit").status_code == 303
        assert (desk.table().design, desk.table().language) == ("short", "en")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"write_bucket": "x"}, "Write a whole number"),
            ({"write_refill_minutes": "0"}, "from 1 to 1440"),
            ({"shape": "objective"}, "exactly one objective"),
            ({"container": "excerpt"}, "is not exchanged"),
            ({"column-now": "²"}, "Number the columns"),
            ({"language": "fr"}, "en or de"),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_is_saved(self, desk: Desk, typed: dict[str, str], said: str) -> None:
        answer = desk.save(**typed)
        assert answer.status_code == 422
        assert said in main(answer.text)
        assert desk.table().shape == "table"

    @pytest.mark.parametrize("number", [99, 2**63])
    def test_a_table_that_is_not_there_is_no_page(self, desk: Desk, number: int) -> None:
        assert desk.who.get(f"/tables/{number}/edit").status_code == 404
        assert desk.who.get(f"/tables/{number}/remove").status_code == 404
        for act in ("edit", "edit/preview", "pause", "resume", "put-back", "remove"):
            answer = desk.who.post(f"/tables/{number}/{act}", CHOICES, page="/tables/new")
            assert answer.status_code in {404, 405}


class TestActs:
    """What is done about one table."""

    def test_it_is_paused_and_resumed(self, desk: Desk) -> None:
        assert desk.who.post("/tables/1/pause", page="/tables/1").status_code == 303
        shown = desk.who.get("/tables/1").text
        assert heading(shown) == "OKRs Q4 2026 is not written until somebody resumes it"
        assert "Paused Rosa Klein paused it, 09:00 UTC" in main(shown)
        assert "Write now" not in shown
        assert "when resumed" in row(desk.who.get("/tables").text, "/tables/1")
        desk.who.post("/tables/1/resume", page="/tables/1")
        assert desk.table().state is TableState.WAITING

    def test_one_that_was_taken_out_is_put_back_or_forgotten(self, desk: Desk) -> None:
        desk.set(state="removed", page_id="4711")
        shown = row(desk.who.get("/tables").text, "/tables/1")
        assert shown.endswith("– Put back Forget")
        assert desk.who.post("/tables/1/put-back", page="/tables").status_code == 303
        assert desk.table().state is TableState.WAITING
        desk.set(state="removed")
        said = main(desk.who.get("/tables/1/remove").text)
        assert "A person took it out of the page already" in said
        answer = desk.who.post("/tables/1/remove", page="/tables/1/remove")
        assert answer.location == "/tables"
        assert "/tables/1" not in desk.who.get("/tables").text

    def test_stopping_says_what_stays(self, desk: Desk) -> None:
        said = main(desk.who.get("/tables/1/remove").text)
        assert "What stands in the page stays as it is" in said

    def test_an_editor_changes_only_tables_of_the_own_teams(self, desk: Desk) -> None:
        desk.set(2, teams=["Growth"])
        desk.becomes("editor", ("Growth",))
        assert desk.who.post("/tables/1/pause", page="/tables").status_code == 403
        assert desk.who.get("/tables/1/edit").status_code == 403
        assert desk.who.post("/tables/2/pause", page="/tables").status_code == 303
        assert desk.who.post("/tables/2/edit", CHOICES, page="/tables").status_code == 403, "all teams"
        assert desk.add().status_code == 403
        assert desk.add(teams="Growth").status_code == 303

    def test_a_reader_is_offered_nothing(self, desk: Desk) -> None:
        desk.becomes("reader")
        shown = desk.who.get("/tables").text
        assert "Put a table on a page" not in shown
        assert "Change" not in row(shown, "/tables/1")
        for address in ("/tables/new", "/tables/1/edit", "/tables/1/remove", "/tables/adopt"):
            assert desk.who.get(address).status_code == 403


class TestAdopting:
    """Taking over a table that somebody made by hand."""

    def look(self, desk: Desk, **typed: str) -> TestResponse:
        return desk.who.post("/tables/adopt/look", {"page": "4714", **typed}, page="/tables/adopt")

    def test_what_was_recognised_is_shown_before_anything_changes(self, desk: Desk) -> None:
        shown = desk.who.get("/tables/adopt?page=4714").text
        assert heading(shown) == "Take over one key result?"
        assert "9 → 2 h, Ana Duarte" in main(shown)
        assert "Take over one key result" in main(shown)
        with desk.on.database.read() as conn:
            assert len(tables.load_tables(conn, desk.made.workspace_id)) == 2

    def test_it_is_taken_over_and_ours_goes_beside_it(self, desk: Desk) -> None:
        answer = desk.who.post("/tables/adopt", {"page": "4714", "version": "3"}, page="/tables/adopt")
        assert answer.location == "/tables/3"
        assert "The hand-made table stays as it is" in desk.who.get("/tables/3").text
        assert desk.table(3).replaces is None
        again = desk.who.post("/tables/adopt", {"page": "4714", "version": "3"}, page="/tables/adopt")
        assert again.location == "/tables/3", "the same again changes nothing"

    def test_ours_goes_into_its_place_where_somebody_says_so(self, desk: Desk) -> None:
        form = {"page": "4714", "version": "3", "replace": "yes"}
        desk.who.post("/tables/adopt", form, page="/tables/adopt")
        assert desk.table(3).replaces is not None

    def test_a_column_is_taken_for_something_else(self, desk: Desk) -> None:
        shown = self.look(desk, **{"column-3": "sponsor", "was-3": "owner"}).text
        assert "9 → 2 h, Ana Duarte" not in main(shown)

    def test_what_was_corrected_by_hand_is_taken(self, desk: Desk) -> None:
        shown = self.look(desk).text
        yaml = shown.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0].strip()
        corrected = yaml.replace("First answer", "Very first answer")
        form = {"page": "4714", "version": "3", "use_yaml": "yes", "yaml": corrected}
        assert desk.who.post("/tables/adopt", form, page="/tables/adopt").status_code == 303
        assert "Very first answer" in desk.who.get("/").text

    def test_an_editor_writes_no_query_into_it_that_looks_into_texts(self, desk: Desk) -> None:
        desk.becomes("editor")
        shown = self.look(desk).text
        yaml = shown.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0].strip()
        assert "from: 9" in yaml
        asking = yaml.replace("from: 9", 'source: {jql: "filter = 10001"}\n    from: 9')
        form = {"page": "4714", "version": "3", "use_yaml": "yes", "yaml": asking}
        answer = desk.who.post("/tables/adopt", form, page="/tables/adopt")
        assert (answer.status_code, "only an admin may use it" in answer.text) == (422, True)
        desk.becomes("admin")
        assert desk.who.post("/tables/adopt", form, page="/tables/adopt").status_code == 303

    def test_a_page_that_changed_since_is_looked_at_again(self, desk: Desk) -> None:
        answer = desk.who.post("/tables/adopt", {"page": "4714", "version": "2"}, page="/tables/adopt")
        assert answer.status_code == 422
        assert "Look again, then say yes." in answer.text

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"page": ""}, "Say which page"),
            ({"page": "999"}, "There is no page 999"),
            ({"page": "4711"}, "looks like OKRs"),
            ({"prefix": "p-"}, "Keys cannot begin with"),
            ({"cycle": "spring"}, "Say its days"),
            ({"cycle": "spring", "starts": "soon"}, "Write the day as"),
            ({"cycle": "x" * 41}, "at most 40 are kept"),
            ({"table": "7"}, "Table 7"),
        ],
    )
    def test_what_is_missing_is_said(self, desk: Desk, typed: dict[str, str], said: str) -> None:
        answer = self.look(desk, **typed)
        assert answer.status_code == 422
        assert said in main(answer.text)


class TestOwners:
    """Which account a name stands for."""

    def test_an_admin_says_which(self, desk: Desk) -> None:
        desk.wiki.people = (SiteAccount("557058:ana", "Ana Duarte", "person"),)
        form = {"connection": str(desk.made.confluence.id), "name": "Ana Duarte", "seen": "", "account": "557058:ana"}
        assert desk.who.post("/tables/owners", form).location == "/tables/owners"
        shown = desk.who.get("/tables/owners").text
        assert "Ana Duarte stands for the account Ana Duarte now." in shown
        assert "Ana Duarte 557058:ana 22 Nov" in row(shown, "<td>Ana Duarte")
        answer = desk.who.post("/tables/owners", form)
        assert (answer.status_code, "stands for another account by now" in answer.text) == (422, True)

    @pytest.mark.parametrize("connection", ["", "x", "9" * 30])
    def test_a_site_that_is_none_is_not_found(self, desk: Desk, connection: str) -> None:
        form = {"connection": connection, "name": "Ana Duarte"}
        assert desk.who.post("/tables/owners", form).status_code == 404

    def test_an_editor_looks_and_changes_nothing(self, desk: Desk) -> None:
        desk.becomes("editor")
        assert "Another account" not in desk.who.get("/tables/owners").text
