"""What Jira answers is taken in issue by issue: one that cannot be used holds back no other."""

from __future__ import annotations

import pytest

from connector.store import workspaces
from connector.store.connections import NewConnection, add_connection
from connector.store.engine import Database
from mapping.field_choices import FieldChoices
from sync.reading import Reading, understand
from tests.clock import FakeClock
from tests.unit.commands.stand_in import FakeJira, raw_issue

SITE = "https://acme.example"
NEW = NewConnection("jira", SITE, SITE, "classic", "okr@acme.example", b"sealed", b"sealed")


@pytest.fixture
def reading(sqlite_database: Database, clock: FakeClock) -> Reading:
    with sqlite_database.write() as conn:
        workspace_id = workspaces.first_workspace(conn, clock.now()).id
        return Reading(add_connection(conn, workspace_id, NEW, clock.now()), FakeJira(), FieldChoices())


def test_issues_that_cannot_be_used_hold_back_no_other(reading: Reading) -> None:
    bad = [raw_issue(f"PAY-{number}", str(number), status=None) for number in (2, 4)]
    good = [raw_issue(f"PAY-{number}", str(number)) for number in (1, 3, 5)]

    understood = understand(reading, [good[0], bad[0], good[1], bad[1], good[2]])

    assert [snapshot.issue_id for snapshot in understood.snapshots] == ["1", "3", "5"]
    assert set(understood.malformed) == {"2", "4"}


def test_what_is_no_issue_at_all_holds_back_no_other(reading: Reading) -> None:
    understood = understand(reading, [None, raw_issue("PAY-1", "1"), []])

    assert [snapshot.issue_id for snapshot in understood.snapshots] == ["1"]
    assert set(understood.malformed) == {"None"}
