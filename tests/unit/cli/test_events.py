"""`okr events`: what the sites told us, and reading it again."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from connector.store.deliveries import record_delivery
from tests.unit.cli.conftest import Run
from tests.unit.commands.stand_in import Stand
from web.cli import events
from web.cli.main import okr

UNKNOWN = '{"webhookEvent": "quantum_leap", "note": "\x1b[2J"}'


@pytest.fixture(autouse=True)
def _told(service: Stand) -> None:
    """An event about seven issues two hours ago, and just now one of a kind that nobody here knows."""
    now = service.clock.advance(hours=2) or service.clock.now()
    with service.on.database.write() as conn:
        ids = [str(10410 + number) for number in range(7)]
        record_delivery(
            conn, service.workspace_id, 1, identifier="id-1", body_hash="a" * 64, event="jira:issue_updated",
            issue_ids=ids, at=now,
        )  # fmt: skip
    service.clock.advance(hours=2)
    with service.on.database.write() as conn:
        record_delivery(
            conn, service.workspace_id, 1, identifier="id-2", body_hash="b" * 64, event="quantum_leap", issue_ids=[],
            handling="unknown", body=service.on.secrets.seal(UNKNOWN), at=service.clock.now(),
        )  # fmt: skip


def test_the_list_is_one_line_each(run: Run) -> None:
    first, second = run("events", "list").stdout.splitlines()
    assert first.split() == [
        "2",
        "22",
        "Nov",
        "13:00:00",
        "jira",
        "acme.atlassian.net",
        "quantum_leap",
        "–",
        "not",
        "known",
        "here",
    ]
    assert "10410, 10411, 10412 and 4 more  waits" in second


def test_of_a_long_list_it_says_that_there_is_more(run: Run) -> None:
    assert "There are more; these are the newest 1." in run("events", "list", "--limit", "1").stdout


def test_what_is_chosen_is_shown(run: Run) -> None:
    assert len(run("events", "list", "--since", "30min").stdout.splitlines()) == 1
    assert len(run("events", "list", "--until", "2026-11-22T12:00").stdout.splitlines()) == 1
    assert "No such event" in run("events", "list", "--kind", "issuelink").stdout
    shown = json.loads(run("events", "list", "--outcome", "waiting", "--json").stdout)
    assert [(line["number"], line["outcome"], len(line["names"])) for line in shown] == [(1, "waiting", 7)]


def test_one_event_is_shown_with_what_is_kept_of_it(run: Run) -> None:
    shown = run("events", "show", "2").stdout
    assert "quantum_leap" in shown
    assert "b" * 64 in shown
    assert "\x1b" not in shown
    assert "nothing is kept" in run("events", "show", "1").stdout


def test_replaying_says_what_will_be_read(service: Stand, run: Run) -> None:
    assert run("events", "replay", "1").stdout == "1 event replayed: 7 issues will be read again.\n"
    assert len(service.due("issue")) == 7
    both = run("events", "replay", "--since", "3d").stdout
    assert both == "2 events replayed: 7 issues will be read again.\n1 event of a kind that names nothing we read.\n"


def test_outcomes_have_words() -> None:
    assert set(events.OUTCOMES) == set(events.SAID)
    assert CliRunner().invoke(okr, ["events", "list", "--outcome", "lost"]).exit_code == 2
