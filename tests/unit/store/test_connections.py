"""Connections: one for each site, and how each fares."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from connector.pacing import Room
from connector.store import connection_state as state
from connector.store.connections import (
    Connection,
    Health,
    NewConnection,
    SameConnection,
    UnknownConnection,
    add_connection,
    find_connection,
    load_connection,
    load_connections,
)
from connector.store.engine import Database
from mapping.issue import FieldChoice
from tests.clock import START
from tests.unit.store.samples import add_workspace

HOUR = timedelta(hours=1)
NEW = NewConnection(
    product="jira",
    site_url="https://Acme.atlassian.net/",
    api_url="https://api.atlassian.com/ex/jira/1/",
    auth_kind="scoped",
    account_email="okr@example.com",
    credentials=b"\x00locked",
    webhook_secret=b"\xfflocked too",
    cloud_id="1",
    account_id="5b",
    choice=FieldChoice("customfield_1", frozenset({"10001", "10002"})),
)


@pytest.fixture
def jira(database: Database, workspace_id: int) -> Connection:
    with database.write() as conn:
        return add_connection(conn, workspace_id, NEW, START)


def _now(db: Database, jira: Connection) -> Connection:
    with db.read() as conn:
        return load_connection(conn, jira.workspace_id, jira.id)


def test_a_connection_comes_back_as_it_was_given(database: Database, jira: Connection) -> None:
    kept = _now(database, jira)
    assert kept == jira
    given = {name: getattr(NEW, name) for name in ("product", "auth_kind", "credentials", "webhook_secret", "choice")}
    assert {name: getattr(kept, name) for name in given} == given
    assert (kept.site_url, kept.api_url) == ("https://Acme.atlassian.net", "https://api.atlassian.com/ex/jira/1")
    assert (kept.health, kept.health_since, kept.created_at) == (Health.CURRENT, START, START)


def test_a_site_is_connected_once_for_each_product(database: Database, jira: Connection) -> None:
    with database.write() as conn:
        with pytest.raises(SameConnection, match=f"connected already, as jira connection {jira.id}.*renew"):
            add_connection(conn, jira.workspace_id, replace(NEW, site_url="https://acme.atlassian.net"), START)
        wiki = add_connection(conn, jira.workspace_id, replace(NEW, product="confluence"), START)
        assert load_connections(conn, jira.workspace_id) == (jira, wiki)
        assert load_connections(conn, jira.workspace_id, "confluence") == (wiki,)


def test_a_connection_belongs_to_its_workspace(database: Database, jira: Connection) -> None:
    other = add_workspace(database)
    with database.write() as conn:
        with pytest.raises(UnknownConnection):
            load_connection(conn, other, jira.id)
        with pytest.raises(UnknownConnection):
            state.record_webhook(conn, other, jira.id, "7")
        assert find_connection(conn, jira.id) == jira
        assert find_connection(conn, jira.id + 1) is None
        assert load_connections(conn, other) == ()


def test_since_when_a_connection_fares_as_it_does(database: Database, jira: Connection) -> None:
    def record(health: Health, hours: int, detail: str) -> bool:
        with database.write() as conn:
            return state.record_health(conn, jira.workspace_id, jira.id, health, START + hours * HOUR, detail)

    assert record(Health.CURRENT, 1, "") is False
    assert record(Health.UNREACHABLE, 2, "time-out") is True
    assert record(Health.UNREACHABLE, 3, "refused") is False
    kept = _now(database, jira)
    assert (kept.health, kept.health_detail, kept.health_since) == (Health.UNREACHABLE, "refused", START + 2 * HOUR)
    assert record(Health.CURRENT, 4, "") is True
    assert _now(database, jira).health_since == START + 4 * HOUR


def test_the_longest_patience_that_was_asked_for_holds(database: Database, jira: Connection) -> None:
    with database.write() as conn:
        for hours in (1, 3, 2):
            state.block_until(conn, jira.workspace_id, jira.id, START + hours * HOUR)
    assert _now(database, jira).blocked_until == START + 3 * HOUR
    with database.write() as conn:
        state.unblock(conn, jira.workspace_id, jira.id)
    assert _now(database, jira).blocked_until is None


def test_calls_are_counted_by_day(database: Database, jira: Connection) -> None:
    def count(days: int) -> tuple[int, int]:
        with database.write() as conn:
            state.count_calls(conn, jira.workspace_id, jira.id, 3, (START + timedelta(days=days)).date())
        kept = _now(database, jira)
        assert kept.calls_day is not None
        return kept.calls_today, kept.calls_day.day

    assert [count(0), count(0), count(1)] == [(3, 22), (6, 22), (3, 23)]


def test_what_else_is_remembered_of_a_connection(database: Database, jira: Connection) -> None:
    ids = (jira.workspace_id, jira.id)
    choice = FieldChoice(None, frozenset({"1"}))
    with database.write() as conn:
        state.record_choice(conn, *ids, choice)
        state.record_webhook(conn, *ids, "7")
        state.record_event(conn, *ids, START + HOUR)
        state.record_poll(conn, *ids, START + 2 * HOUR, START)
        state.record_full_check(conn, *ids, START + 3 * HOUR)
        state.count_rejected(conn, *ids)
        state.count_rejected(conn, *ids, 2)
        state.renew_credentials(
            conn, *ids, account_email="new@example.com", account_id="6c", auth_kind="classic",
            api_url="https://acme.atlassian.net/", credentials=b"new", at=START + 4 * HOUR,
        )  # fmt: skip
        state.record_room(conn, *ids, Room(7000, 65000), START + 5 * HOUR)
    assert _now(database, jira) == replace(
        jira, choice=choice, webhook_id="7", last_event_at=START + HOUR, last_poll_at=START + 2 * HOUR,
        poll_from=START, last_full_check_at=START + 3 * HOUR, rejected_deliveries=3, account_email="new@example.com",
        account_id="6c", auth_kind="classic", api_url="https://acme.atlassian.net", credentials=b"new",
        credentials_at=START + 4 * HOUR, room_left=7000, room_of=65000, room_at=START + 5 * HOUR,
    )  # fmt: skip
