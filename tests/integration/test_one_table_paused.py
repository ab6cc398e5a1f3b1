"""While one table is paused its page is looked at and what people type is taken, and nothing is written there."""

from __future__ import annotations

from connector.store.overview import causes_of_versions
from connector.store.tables import TableState
from sync.commands import pause_table, put_back_table, resume_table
from tests.integration.okr_page import OkrPage
from tests.site.roster import PEOPLE

ANA = PEOPLE[1]


def _causes(page: OkrPage) -> dict[str, int]:
    on, table = page.line.on, page.table
    since = on.clock.now().replace(day=1, hour=0)
    with on.database.read() as conn:
        return causes_of_versions(conn, page.line.workspace_id, table.connection_id, table.page_id, since)


def test_nothing_is_written_until_somebody_resumes_it(page: OkrPage) -> None:
    before = page.our_versions()
    pause_table(page.line.on, page.line.workspace_id, page.table_id, who="Rosa")
    page.finish()
    page.line.next_poll()
    assert (page.our_versions(), page.state()) == (before, TableState.PAUSED)
    assert page.table.state_detail.startswith("Rosa paused it.")
    resume_table(page.line.on, page.line.workspace_id, page.table_id, who="Rosa")
    page.line.work()
    assert (page.our_versions(), page.state()) == (before + 1, TableState.CURRENT)
    assert page.wrong() == []


def test_what_a_version_was_written_for_is_kept(page: OkrPage) -> None:
    assert _causes(page) == {"people": 1}
    page.finish()
    page.line.next_poll()
    assert _causes(page) == {"people": 1, "jira": 1}


def test_put_back_it_stands_there_again_and_the_count_goes_on(page: OkrPage) -> None:
    page.site.edit_page(page.page_id, lambda _: "<p>No table here.</p>", by=ANA)
    page.line.next_poll()
    assert page.state() is TableState.REMOVED
    number = page.table_id
    put_back_table(page.line.on, page.line.workspace_id, number, who="Rosa")
    page.line.work()
    assert (page.table_id, page.state(), page.wrong()) == (number, TableState.CURRENT, [])
    assert _causes(page) == {"people": 2}
