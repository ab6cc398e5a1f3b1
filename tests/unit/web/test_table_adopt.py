"""Taking over a table that somebody made by hand."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from connector.store import tables
from tests.unit.web.reading import heading, main
from tests.unit.web.table_desk import Desk


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
