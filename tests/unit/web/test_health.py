"""What machines ask."""

from __future__ import annotations

import re
from datetime import timedelta

from connector.store import work
from connector.store.engine import Database, make_engine
from connector.store.errors import StoreUnavailable
from sync.queries.measures import Sample
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor, visitor
from web.views.health import render

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="(\\.|[^"\\])*"(,[a-z_]+="(\\.|[^"\\])*")*\})? [0-9.e+]+')


def test_the_process_is_alive_whatever_the_database_does(clock: FakeClock) -> None:
    nowhere = Database(make_engine("sqlite:////nonexistent/okr.sqlite3"))
    gone = visitor(nowhere, clock)
    assert gone.get("/healthz").text == "alive\n"
    answer = gone.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("database: ")
    assert gone.get("/sign-in").status_code == 503


def test_it_is_ready_with_the_tables_of_this_version_and_without_redis(stranger: Visitor) -> None:
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.text) == (
        200, "database: answers\nredis: none; workers look for work by themselves\n"
    )  # fmt: skip


def test_a_redis_that_is_away_is_told_and_no_failure(sqlite_database: Database, clock: FakeClock) -> None:
    answer = visitor(sqlite_database, clock, redis_url="redis://127.0.0.1:1/0").get("/readyz")
    assert answer.status_code == 200
    assert "Redis does not answer" in answer.text


def test_missing_migrations_are_not_ready(sqlite_database: Database, stranger: Visitor) -> None:
    with sqlite_database.write() as conn:
        conn.exec_driver_sql("DELETE FROM alembic_version")
    answer = stranger.get("/readyz")
    assert answer.status_code == 503
    assert "okr migrate" in answer.text


def test_strangers_elsewhere_are_not_told_where_the_database_is(clock: FakeClock) -> None:
    gone = visitor(Database(make_engine("sqlite:////nonexistent/okr.sqlite3")), clock).client
    far = gone.get("/readyz", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert (far.status_code, far.text) == (503, "not ready\n")
    through_a_proxy = gone.get("/readyz", headers={"X-Forwarded-For": "203.0.113.7"})
    assert through_a_proxy.text == "not ready\n"
    assert "nonexistent" in gone.get("/readyz").text


def test_metrics_count_what_there_is(database: Database, clock: FakeClock) -> None:
    filled = made_up.fill(database, clock.now())
    made_up.set_aside(database, filled, clock.now())
    with database.write() as conn:
        work.mark_due(conn, filled.workspace_id, "table", ["1", "2"], clock.now() - timedelta(seconds=30))
    text = visitor(database, clock).get("/metrics").text
    lines = text.splitlines()
    assert 'okr_work_due{kind="table"} 2' in lines
    assert 'okr_work_set_aside{kind="issue"} 1' in lines
    assert "okr_work_oldest_due_seconds 30" in lines
    assert "okr_deliveries_kept 1" in lines
    assert "okr_page_versions_written_total 2" in lines
    assert 'okr_connections{product="jira",health="current"} 1' in lines
    assert "okr_workers_alive 1" in lines
    assert all(line.startswith("# ") or LINE.fullmatch(line) for line in lines)
    assert len([line for line in lines if line.startswith("# TYPE okr_work_due ")]) == 1


def test_metrics_name_nobody(rosa: Visitor, filled: MadeUp) -> None:
    text = rosa.get("/metrics").text
    for name in ("Rosa", "acme", "PAY-", filled.jira.account_email):
        assert name not in text


def test_labels_are_escaped() -> None:
    sample = Sample("x", "y", 1, (("a", 'say "hi"\\\n'),))
    assert render((sample,)).splitlines()[-1] == 'x{a="say \\"hi\\"\\\\\\n"} 1'


def test_a_database_that_goes_away_is_told_in_words(rosa: Visitor, sqlite_database: Database) -> None:
    class Away:
        def read(self) -> None:
            raise StoreUnavailable("gone")

    on = rosa.client.application.extensions["okr"]
    object.__setattr__(on, "database", Away())
    answer = rosa.get("/status")
    assert answer.status_code == 503
    assert "The database does not answer" in answer.text
    object.__setattr__(on, "database", sqlite_database)
    assert rosa.get("/status").status_code == 200
