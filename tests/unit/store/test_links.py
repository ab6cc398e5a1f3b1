"""Links between key results and issues."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from connector.store.engine import Database
from connector.store.links import Linked, linked_issue_ids, links_to, load_links, record_link, remove_link
from connector.store.okrs import UnknownOkr
from mapping.okr import Initiative, LinkOrigin, Role
from tests.clock import START
from tests.unit.store.conftest import connect
from tests.unit.store.samples import keep


@pytest.fixture
def link(database: Database, workspace_id: int, jira_id: int) -> Initiative:
    with database.write() as conn:
        keep(conn, workspace_id)
    return Initiative("PAY-KR1", jira_id, "10", Role.DRIVES, Decimal("2.0"))


def _link(db: Database, workspace_id: int, link: Initiative, minutes: int = 0) -> Linked:
    with db.write() as conn:
        return record_link(conn, workspace_id, link, at=START + timedelta(minutes=minutes), by="Ana")


def test_a_link_is_added_once_and_changed_when_it_differs(
    database: Database, workspace_id: int, link: Initiative
) -> None:
    heavier = replace(link, weight=Decimal(3))
    assert [_link(database, workspace_id, one) for one in (link, link, heavier)] == ["added", "same", "changed"]
    with database.read() as conn:
        (stored,) = load_links(conn, workspace_id)
    assert (stored.initiative, stored.linked_at, stored.linked_by) == (heavier, START, "Ana")


def test_a_rule_does_not_change_what_a_person_chose(database: Database, workspace_id: int, link: Initiative) -> None:
    _link(database, workspace_id, link)
    by_rule = replace(link, role=Role.SUPPORTS, origin=LinkOrigin.RULE)
    assert _link(database, workspace_id, by_rule) is Linked.SAME
    assert _link(database, workspace_id, replace(by_rule, issue_id="11")) is Linked.ADDED
    with database.read() as conn:
        assert [one.initiative for one in load_links(conn, workspace_id)] == [link, replace(by_rule, issue_id="11")]


def test_an_unknown_key_result_is_named(database: Database, workspace_id: int, link: Initiative) -> None:
    with pytest.raises(UnknownOkr, match="PAY-KR9"):
        _link(database, workspace_id, replace(link, key_result_key="PAY-KR9"))


def test_links_are_found_by_key_result_and_by_issue(database: Database, workspace_id: int, link: Initiative) -> None:
    step = replace(link, key_result_key="PLA-KR1", role=Role.STEP, step_key="live", issue_id="11")
    elsewhere = replace(link, connection_id=connect(database, workspace_id, "https://other.example.com"))
    for minutes, one in enumerate((step, link, elsewhere)):
        _link(database, workspace_id, one, -minutes)
    with database.read() as conn:
        assert [one.initiative for one in load_links(conn, workspace_id)] == [elsewhere, link, step]
        assert [one.initiative for one in load_links(conn, workspace_id, ["PLA-KR1"])] == [step]
        assert load_links(conn, workspace_id, []) == ()
        assert links_to(conn, workspace_id, link.connection_id, ["10", "12"]) == (link,)
        assert linked_issue_ids(conn, workspace_id, link.connection_id) == {"10", "11"}


def test_a_link_is_taken_away_once(database: Database, workspace_id: int, link: Initiative) -> None:
    _link(database, workspace_id, link)
    with database.write() as conn:
        assert not remove_link(conn, workspace_id, "PAY-KR1", link.connection_id, "11", at=START, by="Rosa")
        assert remove_link(conn, workspace_id, "PAY-KR1", link.connection_id, "10", at=START, by="Rosa")
        assert not remove_link(conn, workspace_id, "PAY-KR1", link.connection_id, "10", at=START, by="Rosa")
        assert load_links(conn, workspace_id) == ()
