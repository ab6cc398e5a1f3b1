"""Accepted webhooks are kept once each, however often they are sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from connector.store.deliveries import (
    DeliveryCount,
    count_deliveries,
    mark_handled,
    purge,
    record_delivery,
    unhandled_deliveries,
)
from connector.store.delivery_list import DeliveryWish, list_deliveries
from connector.store.engine import Database
from tests.clock import START
from tests.unit.store.conftest import connect

A, B = "a" * 64, "b" * 64


def _receive(
    db: Database, workspace_id: int, jira_id: int, identifier: str = "id-1", body: str = A, minutes: int = 0
) -> bool:
    with db.write() as conn:
        return record_delivery(
            conn, workspace_id, jira_id, identifier=identifier, body_hash=body, event="jira:issue_updated",
            issue_ids=["10", "11"], at=START + timedelta(minutes=minutes),
        )  # fmt: skip


def test_a_repeat_only_counts(database: Database, workspace_id: int, jira_id: int) -> None:
    assert [_receive(database, workspace_id, jira_id, minutes=n) for n in range(5)] == [True] + [False] * 4
    with database.read() as conn:
        (only,) = list_deliveries(conn, workspace_id, DeliveryWish(jira_id), 50)
    assert (only.identifier, only.event, only.issue_ids) == ("id-1", "jira:issue_updated", ("10", "11"))
    assert (only.times, only.received_at, only.handled_at) == (5, START, None)


def test_repeats_that_come_at_once_are_one_row(database: Database, workspace_id: int, jira_id: int) -> None:
    with ThreadPoolExecutor(8) as threads:
        sent = [threads.submit(_receive, database, workspace_id, jira_id) for _ in range(16)]
        assert sorted(each.result(30) for each in sent) == [False] * 15 + [True]


def test_the_same_name_with_another_body_hides_nothing(database: Database, workspace_id: int, jira_id: int) -> None:
    sent = [_receive(database, workspace_id, jira_id, body=body) for body in (A, B, A, B)]
    assert sent == [True, True, False, False]
    with database.read() as conn:
        kept = [(each.identifier, each.times) for each in unhandled_deliveries(conn, workspace_id, jira_id)]
    assert kept == [("id-1", 2), (f"id-1#{B[:16]}", 2)]


def test_without_a_name_the_body_is_the_name(database: Database, workspace_id: int, jira_id: int) -> None:
    assert [_receive(database, workspace_id, jira_id, "", body) for body in (A, A, B)] == [True, False, True]
    with database.read() as conn:
        kept = unhandled_deliveries(conn, workspace_id, jira_id)
    assert [delivery.identifier for delivery in kept] == [f"body:{A}", f"body:{B}"]


def test_names_of_any_length_are_told_apart(database: Database, workspace_id: int, jira_id: int) -> None:
    names = [f"{'x' * 500}{end}" for end in "112"]
    assert [_receive(database, workspace_id, jira_id, name) for name in names] == [True, False, True]


def test_equal_names_of_two_sites_are_two_deliveries(database: Database, workspace_id: int, jira_id: int) -> None:
    other = connect(database, workspace_id, "https://other.example.com")
    assert _receive(database, workspace_id, jira_id)
    assert _receive(database, workspace_id, other)


def test_what_is_dealt_with_waits_no_longer_and_is_forgotten_in_time(
    database: Database, workspace_id: int, jira_id: int
) -> None:
    for name in ("id-1", "id-2", "id-3"):
        _receive(database, workspace_id, jira_id, name)
    with database.write() as conn:
        first, second, third = unhandled_deliveries(conn, workspace_id, jira_id)
        assert unhandled_deliveries(conn, workspace_id, jira_id, limit=1) == (first,)
        mark_handled(conn, workspace_id, [first.id, second.id], START)
        mark_handled(conn, workspace_id, [first.id], START + timedelta(hours=1))
        assert unhandled_deliveries(conn, workspace_id, jira_id) == (third,)
        assert {each.handled_at for each in list_deliveries(conn, workspace_id, DeliveryWish(jira_id), 50)} == {
            START,
            None,
        }
        assert unhandled_deliveries(conn, workspace_id, jira_id, after=third.id) == ()
        assert purge(conn, START, 10) == 0
        assert [purge(conn, START + timedelta(seconds=1), 2) for _ in range(3)] == [2, 1, 0]
        assert list_deliveries(conn, workspace_id, DeliveryWish(jira_id), 50) == ()


def test_deliveries_are_counted_from_a_moment_on(database: Database, workspace_id: int, jira_id: int) -> None:
    with database.read() as conn:
        assert count_deliveries(conn, workspace_id, jira_id, START) == DeliveryCount(0, 0, None, "")
    _receive(database, workspace_id, jira_id, "id-0", minutes=-1)
    _receive(database, workspace_id, jira_id, "id-1", minutes=1)
    _receive(database, workspace_id, jira_id, "id-1", minutes=2)
    with database.read() as conn:
        counted = count_deliveries(conn, workspace_id, jira_id, START)
    assert counted == DeliveryCount(1, 1, START + timedelta(minutes=1), "jira:issue_updated")
