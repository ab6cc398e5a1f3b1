"""A filled workspace with somebody signed in."""

from __future__ import annotations

import pytest

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor, visitor
from tests.unit.web.table_desk import Desk, desk_with


@pytest.fixture
def filled(sqlite_database: Database, clock: FakeClock) -> MadeUp:
    """Two sites, nine key results, two tables."""
    return made_up.fill(sqlite_database, clock.now())


@pytest.fixture
def stranger(sqlite_database: Database, clock: FakeClock) -> Visitor:
    """Nobody has signed in."""
    return visitor(sqlite_database, clock)


@pytest.fixture
def rosa(filled: MadeUp, stranger: Visitor, clock: FakeClock) -> Visitor:
    """The admin, signed in, with everything filled."""
    stranger.is_let_in(filled.person, clock.now())
    return stranger


@pytest.fixture
def desk(sqlite_database: Database, clock: FakeClock) -> Desk:
    """Rosa, an admin; table 1 stands in its page and says all but one thing of what it should."""
    return desk_with(sqlite_database, clock)
