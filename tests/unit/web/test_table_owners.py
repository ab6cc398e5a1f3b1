"""Which account checks in under which name."""

from __future__ import annotations

import pytest

from connector.site_answers import SiteAccount
from tests.unit.web.reading import row
from tests.unit.web.table_desk import Desk


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
