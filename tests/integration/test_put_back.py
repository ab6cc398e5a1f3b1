"""A backup is put back, and the site has gone on since: we wrote versions that we do not remember, and people typed.

None of our own words becomes a check-in, none of theirs gets lost, and the page ends up right.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from connector.store.engine import Database
from connector.store.schema import connection
from connector.store.tables import TableState
from mapping.okr import CheckInOrigin
from sync.commands import give_up_typed, record_check_in, take_typed
from sync.typed_judgement import FORGOTTEN
from tests.databases import closing
from tests.integration.backed_up import back_up, put_back
from tests.integration.hooked import HookedSites, nothing
from tests.integration.okr_page import OkrPage
from tests.integration.typing import ANA, NEXT_STEP, NOW, ROSA, findings, outcomes, said, type_in, typed
from tests.site.person_edits import with_typed_cell
from tests.site.roster import SYNC


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database."""
    with closing(f"sqlite:///{tmp_path / 'other.sqlite3'}") as database:
        yield database


@pytest.fixture
def file(page: OkrPage, tmp_path: Path) -> Path:
    """A backup of the moment at which the page was written first, in version 2."""
    path = tmp_path / "okr.backup"
    back_up(page, path)
    page.line.clock.advance(hours=1)
    return path


def says(page: OkrPage, value: str, next_step: str = "") -> None:
    """A check-in by form; its page is written at once."""
    record_check_in(
        page.line.on, page.line.workspace_id, key="T-KR1", value=Decimal(value), confidence=7, done_since="",
        note="", blockers="", next_step=next_step, author="Ana Duarte", origin=CheckInOrigin.WEB,
        idempotency_key=value,
    )  # fmt: skip
    page.line.work()
    page.line.clock.advance(minutes=40)


def is_quiet(page: OkrPage) -> bool:
    """Over another day nothing more is written than the daily version."""
    before = page.our_versions()
    for _ in range(3):
        page.line.after(hours=8)
    return page.our_versions() <= before + 1


def test_where_nothing_happened_since_nothing_is_written(page: OkrPage, file: Path, other: Database) -> None:
    again = put_back(page, file, other)
    assert again.table.put_back_at is not None
    again.line.work()
    assert (again.our_versions(), outcomes(again), said(again), again.wrong()) == (1, [], [], [])
    assert again.table.written_version == 2
    assert again.table.put_back_at is None


def test_what_changed_in_jira_since_is_read_before_the_page_is_written(
    page: OkrPage, file: Path, other: Database
) -> None:
    page.finish(1)
    page.line.next_poll()
    page.finish(2)
    again = put_back(page, file, other)
    again.site.faults({"path": "/rest/api/3/", "kind": "status", "status": 503, "times": None})
    again.line.work(until_quiet=False)
    assert (again.table.state, again.our_versions()) == (TableState.WAITING, 2)
    again.site.clear_faults()
    again.line.after(minutes=15)
    assert (again.wrong(), again.our_versions(), outcomes(again), said(again)) == ([], 3, [], [])
    assert is_quiet(again)


def test_our_version_that_says_it_all_is_remembered_and_not_written_again(
    page: OkrPage, file: Path, other: Database
) -> None:
    page.finish(1)
    page.line.next_poll()
    assert page.our_versions() == 2
    again = put_back(page, file, other)
    again.line.work()
    assert (again.wrong(), again.our_versions(), again.table.written_version) == ([], 2, 3)
    assert (again.table.put_back_at, outcomes(again)) == (None, [])
    assert is_quiet(again)


@pytest.mark.parametrize("account_id", [SYNC.account_id, ""])
class TestSaidByForm:
    """A check-in by form since then stands in the page and nowhere else: whether it counts, a person decides."""

    @pytest.fixture
    def again(self, page: OkrPage, file: Path, other: Database, account_id: str) -> OkrPage:
        says(page, "25", "Ask for more.")
        page.type_below("<p>Somebody wrote below.</p>")
        page.finish(1)
        page.line.after(minutes=40)
        again = put_back(page, file, other)
        with other.write() as conn:
            ours = connection.c.workspace_id == again.line.workspace_id
            conn.execute(connection.update().where(ours).values(account_id=account_id))
        again.line.work()
        return again

    def test_none_is_made_up(self, again: OkrPage) -> None:
        assert said(again) == []
        assert ("to_confirm", "25") in findings(again)
        assert {each[1:] for each in outcomes(again)} == {("to_confirm", FORGOTTEN)}
        assert ">25<" in again.body()
        assert "Somebody wrote below." in again.body()
        assert again.wrong() == []
        assert is_quiet(again)
        assert said(again) == []

    def test_it_counts_where_a_person_says_so(self, again: OkrPage) -> None:
        take_typed(again.line.on, again.line.workspace_id, again.table_id, None, who="Rosa")
        again.line.work()
        assert [(each.value, each.next_step, each.author) for each in said(again)][-1][0] == Decimal(25)
        assert findings(again) == []
        assert is_quiet(again)

    def test_else_the_page_says_what_the_service_knows(self, again: OkrPage) -> None:
        give_up_typed(again.line.on, again.line.workspace_id, again.table_id, None, who="Rosa")
        again.line.work()
        assert (said(again), findings(again)) == ([], [])
        assert ">25<" not in again.body()
        assert "Raise to 100 %." in again.body()
        assert is_quiet(again)


class TestTyped:
    """What people typed is their check-in again, exactly once, with its author and its time."""

    def test_before_a_version_of_ours(self, page: OkrPage, file: Path, other: Database) -> None:
        version = type_in(page, {NOW: "26"})
        page.line.next_poll()
        (before,) = said(page)
        assert page.our_versions() == 2
        again = put_back(page, file, other)
        again.line.work()
        (check_in,) = said(again)
        assert check_in == before
        assert [(each.version, each.outcome) for each in typed(again)] == [(version, "taken")]
        assert (findings(again), again.wrong()) == ([], [])
        assert is_quiet(again)
        assert said(again) == [check_in]

    def test_after_it(self, page: OkrPage, file: Path, other: Database) -> None:
        says(page, "25")
        type_in(page, {NEXT_STEP: "Call them."})
        again = put_back(page, file, other)
        again.line.work()
        assert [(each.next_step, each.value, each.author) for each in said(again)] == [
            ("Call them.", None, ANA.display_name)
        ]
        assert findings(again)[0] == ("to_confirm", "25")

    def test_over_a_word_of_ours(self, page: OkrPage, file: Path, other: Database) -> None:
        says(page, "25")
        type_in(page, {NOW: "24"})
        again = put_back(page, file, other)
        again.line.work()
        assert [(each.value, each.author) for each in said(again)] == [(Decimal(24), ANA.display_name)]
        assert ("25", "superseded", FORGOTTEN) not in outcomes(again)

    def test_in_a_version_with_a_message_is_asked_about(self, page: OkrPage, file: Path, other: Database) -> None:
        """We never write one without; whether it was under another account of ours nobody knows."""
        region = page.table.region_id
        page.site.edit_page(
            page.page_id, lambda body: with_typed_cell(body, region, "T-KR1", NOW, "23"), by=ROSA, message="By hand"
        )
        again = put_back(page, file, other)
        again.line.work()
        assert (outcomes(again), said(again)) == ([("23", "to_confirm", ROSA.display_name)], [])

    def test_an_older_table_pasted_by_hand_is_asked_about(self, page: OkrPage, file: Path, other: Database) -> None:
        before = page.body()
        says(page, "25")
        says(page, "24")
        page.site.edit_page(page.page_id, lambda _: before.replace(">29<", ">28<"), by=ROSA)
        again = put_back(page, file, other)
        again.line.work()
        assert (outcomes(again), said(again)) == ([("28", "to_confirm", ROSA.display_name)], [])


def test_what_people_wrote_around_the_table_stays(page: OkrPage, file: Path, other: Database) -> None:
    page.type_below("<p>One.</p>")
    says(page, "25")
    page.type_below("<p>Two.</p>")
    again = put_back(page, file, other)
    again.line.work()
    assert again.body().endswith("<p>One.</p><p>Two.</p>")


def test_a_write_that_was_under_way_is_settled_first(page: OkrPage, tmp_path: Path, other: Database) -> None:
    """The backup was made between a write and its answer."""
    file = tmp_path / "under-way.backup"
    page.finish(1)
    sites = HookedSites(page.line.on.sites, before_write=lambda: back_up(page, file), after_write=nothing)
    page.line.next_poll(sites=sites)
    says(page, "25")
    again = put_back(page, file, other)
    again.line.after(minutes=5)
    assert (again.wrong(), said(again)) == ([], [])
    assert findings(again) == [("to_confirm", "25"), ("to_confirm", "7")]


@pytest.mark.postgres
def test_from_one_kind_of_database_into_the_other_and_back(
    page: OkrPage, file: Path, postgres_url: str, other: Database, tmp_path: Path
) -> None:
    type_in(page, {NOW: "26"})
    page.line.next_poll()
    with closing(postgres_url) as postgres:
        there = put_back(page, file, postgres)
        there.line.work()
        assert [each.value for each in said(there)] == [Decimal(26)]
        back_up(there, tmp_path / "back.backup")
        there.finish(1)
        there.line.next_poll()
        here = put_back(there, tmp_path / "back.backup", other)
        here.line.work()
        assert ([each.value for each in said(here)], here.wrong(), findings(here)) == ([Decimal(26)], [], [])
