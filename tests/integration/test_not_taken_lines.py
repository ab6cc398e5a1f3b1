"""What a visit found in the page is said beside the table, in its words."""

from __future__ import annotations

from connector.store.tables import set_table
from sync.composing import compose_table
from tests.integration.okr_page import OkrPage
from tests.unit.mapping.sayings import text_of


def test_findings_become_lines_that_lead_to_this_table(page: OkrPage) -> None:
    found = {"key": "T-KR1", "column": "now", "text": "4", "who": "Rosa Klein"}
    whats = ("not_understood", "not_allowed", "to_confirm", "repeated")
    findings = [found | {"what": what} for what in whats]
    line = page.line
    with line.on.database.write() as conn:
        set_table(conn, line.workspace_id, page.table_id, {"findings": findings, "check_in_by": "owner"})
    kept = page.table
    with line.on.database.read() as conn:
        table = compose_table(conn, line.workspace_id, kept, line.on.settings, line.clock.now())
    _, confirm, unreadable, refused = map(text_of, table.summary)
    assert confirm.startswith("Please confirm 1 cell")
    assert unreadable.startswith("Not understood Now of T-KR1 says “4”")
    assert "typed by Rosa Klein. Its owner checks in here." in refused
    assert f"/tables/{page.table_id}" in repr(table.summary[1])
