"""What people typed, who they are, and what was settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from connector.site_answers import SiteAccount
from connector.store import check_ins, okrs, page_visits, site_accounts, typed_texts
from connector.store.engine import Database
from connector.store.page_visits import TypedText
from connector.store.tables import PageTable
from sync.typed_check_ins import record_typed
from tests.unit.store.test_tables import new as new
from tests.unit.store.test_tables import table as table

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEXT = TypedText(7, "PAY-KR1", "now", "about 30", "ben", "Ben", START, "not_understood")


def test_what_waits_is_settled_once(database: Database, table: PageTable) -> None:
    ids = (table.workspace_id, table.id)
    later = replace(TEXT, version=8, key_result_key="PAY-KR2", outcome="to_confirm")
    with database.write() as conn:
        for text in (TEXT, later, replace(TEXT, column="confidence", outcome="taken")):
            page_visits.record_typed_text(conn, *ids, text)
        assert typed_texts.load_waiting(conn, *ids) == (TEXT, later)
        assert typed_texts.load_waiting_for_key(conn, table.workspace_id, "PAY-KR2") == ((table.id, later),)
        assert typed_texts.settle_typed(conn, *ids, [TEXT], "given_up", at=START, by="Petra") == 1
        assert typed_texts.settle_typed(conn, *ids, [TEXT], "superseded") == 0
        assert typed_texts.load_waiting(conn, *ids) == (later,)
        settled = typed_texts.load_settled(conn, *ids, limit=5)
    assert [(text.column, text.outcome, text.settled_by) for text in settled] == [
        ("confidence", "taken", ""),
        ("now", "given_up", "Petra"),
    ]


def test_what_was_typed_over_computed_cells_is_found_by_version(database: Database, table: PageTable) -> None:
    ids = (table.workspace_id, table.id)
    with database.write() as conn:
        page_visits.record_typed_text(conn, *ids, replace(TEXT, outcome="replaced"))
        assert typed_texts.load_replaced(conn, *ids, after=7) == ()
        assert len(typed_texts.load_replaced(conn, *ids, after=6)) == 1


def test_an_account_is_kept_with_the_day_on_which_it_was_looked_up(database: Database, table: PageTable) -> None:
    site = (table.workspace_id, table.connection_id)
    ben, renamed = SiteAccount("ben", "Ben", "person"), SiteAccount("ben", "Benjamin", "person")
    with database.write() as conn:
        site_accounts.record_accounts(conn, *site, [ben], START)
        assert site_accounts.load_accounts(conn, *site, ["ben", "eve"], START - timedelta(1)) == {"ben": ben}
        assert site_accounts.load_accounts(conn, *site, ["ben"], START) == {}
        site_accounts.record_accounts(conn, *site, [renamed], START + timedelta(8))
        assert site_accounts.load_accounts(conn, *site, ["ben"], START + timedelta(1)) == {"ben": renamed}
        site_accounts.record_accounts(conn, *site, [], START)


def test_a_name_stands_for_the_first_account(database: Database, table: PageTable) -> None:
    site = (table.workspace_id, table.connection_id)
    with database.write() as conn:
        assert site_accounts.pin_owner_account(conn, *site, "Ben", "ben", START) is True
        assert site_accounts.pin_owner_account(conn, *site, "Ben", "eve", START) is False
        assert site_accounts.load_owner_accounts(conn, *site, ["Ben", "Eve"]) == {"Ben": "ben"}


def test_versions_of_a_page_are_those_of_all_its_tables(database: Database, table: PageTable) -> None:
    ids = (table.workspace_id, table.id)
    with database.write() as conn:
        for version in (5, 7):
            page_visits.record_version(conn, *ids, version, START, "said")
        found = page_visits.versions_of_page(conn, table.workspace_id, table.connection_id, table.page_id, 5)
        elsewhere = page_visits.versions_of_page(conn, table.workspace_id, table.connection_id, "999", 0)
    assert (found, elsewhere) == (frozenset({7}), frozenset())


def test_the_same_texts_are_one_check_in_however_often_they_are_recorded(database: Database, table: PageTable) -> None:
    """Also where the rows that say so were lost, as after taking the table out of our hands and adding it again."""
    texts = [replace(TEXT, text="30"), replace(TEXT, column="confidence", text="8/10")]
    with database.write() as conn:
        key_results = okrs.load_key_results(conn, table.workspace_id, ["PAY-KR1"])
        before = len(check_ins.load_check_ins(conn, table.workspace_id, ["PAY-KR1"])["PAY-KR1"])
        for _ in range(2):
            keys = record_typed(conn, table.workspace_id, table, texts, key_results, START)
            assert keys == ("PAY-KR1",)
        found = check_ins.load_check_ins(conn, table.workspace_id, ["PAY-KR1"])["PAY-KR1"][before:]
    assert [(said.value, said.confidence, said.author, said.at) for said in found] == [(Decimal(30), 8, "Ben", START)]
