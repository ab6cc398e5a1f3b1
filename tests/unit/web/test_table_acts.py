"""Pausing, putting back and forgetting tables."""

from __future__ import annotations

from connector.store.tables import TableState
from tests.unit.web.reading import heading, main, row
from tests.unit.web.table_desk import CHOICES, Desk


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
