"""Choosing anew for a table that stands, by somebody without JavaScript."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.errors import Unavailable
from connector.store import okrs
from connector.store.okrs import OkrSet
from tests.unit.commands.stand_in import page
from tests.unit.web import made_up
from tests.unit.web.reading import heading, main
from tests.unit.web.table_desk import CHOICES, Desk


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
