"""Statements that are put together once and given their values each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, Select, insert, select

from connector.store.engine import Database
from connector.store.prepared import prepared
from connector.store.schema import workspace
from tests.clock import FakeClock


@prepared
def _named(names: Sequence[str]) -> Select[Any]:
    return select(workspace.c.name).where(workspace.c.name.in_(names)).order_by(workspace.c.name)


@prepared
def _new(name: str, created_at: datetime) -> Insert:
    return insert(workspace).values(name=name, created_at=created_at)


def test_each_call_has_values_of_its_own(database: Database, clock: FakeClock) -> None:
    with database.write() as conn:
        for name in ("one", "two", "three"):
            conn.execute(*_new(name, created_at=clock.now()))
    with database.read() as conn:
        found = [conn.execute(*_named(names)).scalars().all() for names in (["one"], ["two", "three"], [])]
    assert found == [["one"], ["three", "two"], []]


def test_it_is_put_together_once() -> None:
    calls: list[object] = []

    @prepared
    def once(name: str) -> Select[Any]:
        calls.append(name)
        return select(workspace.c.id).where(workspace.c.name == name)

    (first, given), (second, given_then) = once("one"), once(name="two")
    assert first is second
    assert len(calls) == 1
    assert list(given.values()) == ["one"]
    assert list(given_then.values()) == ["two"]
