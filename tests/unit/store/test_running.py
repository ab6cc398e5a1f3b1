"""Leases, workers, long runs, workspaces and people."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from connector.store import people, runs, workers, workspaces
from connector.store.engine import Database
from connector.store.leases import hold_lease, release_lease
from tests.clock import START
from tests.unit.store.conftest import connect
from tests.unit.store.samples import add_workspace


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_lease_has_one_holder_at_a_time(database: Database) -> None:
    with database.write() as conn:
        token = hold_lease(conn, "timer", "one", START, 10)
        assert token is not None
        assert hold_lease(conn, "timer", "two", _at(9), 10) is None
        assert hold_lease(conn, "timer", "one", _at(9), 10) == token
        assert hold_lease(conn, "timer", "two", _at(18), 10) is None
        assert hold_lease(conn, "purge", "two", START, 10) is not None
        taken = hold_lease(conn, "timer", "two", _at(19), 10)
        assert taken not in {None, token}


def test_a_holder_that_was_late_gets_a_new_token(database: Database) -> None:
    with database.write() as conn:
        token = hold_lease(conn, "timer", "one", START, 10)
        assert hold_lease(conn, "timer", "one", _at(10), 10) not in {None, token}


def test_a_lease_that_is_given_back_is_free_at_once(database: Database) -> None:
    with database.write() as conn:
        token = hold_lease(conn, "timer", "one", START, 10) or ""
        release_lease(conn, "timer", "another token")
        assert hold_lease(conn, "timer", "two", START, 10) is None
        release_lease(conn, "timer", token)
        assert hold_lease(conn, "timer", "two", START, 10) is not None


def test_workers_are_alive_while_they_say_so(database: Database) -> None:
    with database.write() as conn:
        workers.record_alive(conn, "a", started_at=START, seen_at=START)
        workers.record_alive(conn, "b", started_at=START, seen_at=START)
        workers.record_alive(conn, "b", started_at=START, seen_at=_at(30), redis="unix socket")
        assert workers.alive_since(conn, _at(10)) == (workers.Worker("b", START, _at(30), "unix socket"),)
        assert workers.forget_silent(conn, _at(30)) == 1
        assert [worker.name for worker in workers.alive_since(conn, START)] == ["b"]
        workers.forget(conn, "b")
        assert workers.alive_since(conn, START) == ()


def test_a_run_tells_how_far_it_is_and_ends_when_all_is_done(
    database: Database, workspace_id: int, jira_id: int
) -> None:
    with database.write() as conn:
        runs.begin(conn, workspace_id, jira_id, "first", 3, START)
        runs.advance(conn, workspace_id, jira_id, _at(5), done=2, issues=20, calls=3, changed=7)
        (run,) = runs.open_runs(conn, workspace_id)
        assert (run.kind, run.done, run.total, run.issues, run.calls, run.changed) == ("first", 2, 3, 20, 3, 7)
        assert (run.started_at, run.moved_at, run.ended_at, run.outcome) == (START, _at(5), None, "")
        runs.advance(conn, workspace_id, jira_id, _at(9), done=1, calls=1)
        assert runs.open_runs(conn, workspace_id) == ()
        (ended,) = runs.recent_runs(conn, workspace_id)
        assert (ended.done, ended.calls, ended.ended_at, ended.outcome) == (3, 4, _at(9), "done")
        runs.advance(conn, workspace_id, jira_id, _at(10), done=1)
        assert runs.recent_runs(conn, workspace_id) == (ended,)


def test_a_newer_run_takes_the_place_of_the_older_one(database: Database, workspace_id: int, jira_id: int) -> None:
    other = connect(database, workspace_id, "https://other.example.com")
    with database.write() as conn:
        runs.begin(conn, workspace_id, other, "first", 1, START)
        runs.begin(conn, workspace_id, jira_id, "first", 5, START)
        newer = runs.begin(conn, workspace_id, jira_id, "full_check", 5, _at(1))
        assert [run.connection_id for run in runs.open_runs(conn, workspace_id)] == [other, jira_id]
        assert runs.recent_runs(conn, workspace_id)[0].id == newer
        assert runs.recent_runs(conn, workspace_id)[1].outcome == "replaced by a newer run"


def test_a_run_with_nothing_to_do_is_done(database: Database, workspace_id: int, jira_id: int) -> None:
    with database.write() as conn:
        runs.begin(conn, workspace_id, jira_id, "full_check", 0, START)
        (run,) = runs.recent_runs(conn, workspace_id)
    assert (run.ended_at, run.outcome) == (START, "done")


def test_the_first_workspace_is_made_once(database: Database) -> None:
    with database.write() as conn:
        made = workspaces.first_workspace(conn, START)
        assert workspaces.first_workspace(conn, _at(5)) == made
        assert (made.writing_paused_at, made.setup_code_hash) == (None, "")
        with pytest.raises(workspaces.UnknownWorkspace):
            workspaces.load_workspace(conn, made.id + 1)


def test_writing_is_paused_by_whoever_said_it_first(database: Database, workspace_id: int) -> None:
    other = add_workspace(database)
    with database.write() as conn:
        assert not workspaces.resume_writing(conn, workspace_id)
        assert workspaces.pause_writing(conn, workspace_id, at=START, who="Ana")
        assert not workspaces.pause_writing(conn, workspace_id, at=_at(5), who="Ben")
        paused = workspaces.load_workspace(conn, workspace_id)
        assert (paused.writing_paused_at, paused.writing_paused_by) == (START, "Ana")
        assert workspaces.load_workspace(conn, other).writing_paused_at is None
        assert workspaces.resume_writing(conn, workspace_id)
        resumed = workspaces.load_workspace(conn, workspace_id)
        assert (resumed.writing_paused_at, resumed.writing_paused_by) == (None, "")
        workspaces.record_setup_code(conn, workspace_id, "hash")
        assert workspaces.load_workspace(conn, workspace_id).setup_code_hash == "hash"


def test_people_are_found_by_their_address_in_any_case(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        assert not people.any_person(conn, workspace_id)
        ana = people.add_person(
            conn, workspace_id, email=" Ana@Example.com ", name="Ana", role="admin", password_hash="h", at=START
        )
        assert people.any_person(conn, workspace_id)
        assert people.find_by_email(conn, workspace_id, "ana@example.COM") == ana
        assert people.find_person(conn, workspace_id, ana.person_id) == ana
        assert (ana.email, ana.role, ana.failed_sign_ins, ana.sign_in_after) == ("Ana@Example.com", "admin", 0, None)
        assert people.find_by_email(conn, workspace_id, "ben@example.com") is None
        assert people.find_person(conn, workspace_id, ana.person_id + 1) is None
        with pytest.raises(people.SamePerson):
            people.add_person(
                conn, workspace_id, email="ANA@example.com", name="A", role="reader", password_hash="h", at=START
            )


def test_failures_to_sign_in_are_counted_until_one_succeeds(database: Database, workspace_id: int) -> None:
    with database.write() as conn:
        ana = people.add_person(
            conn, workspace_id, email="a@example.com", name="Ana", role="admin", password_hash="h", at=START
        )
        people.record_failed_sign_in(conn, workspace_id, ana.person_id, None)
        people.record_failed_sign_in(conn, workspace_id, ana.person_id, _at(60))
        failed = people.find_person(conn, workspace_id, ana.person_id)
        assert failed is not None
        assert (failed.failed_sign_ins, failed.sign_in_after) == (2, _at(60))
        people.record_password(conn, workspace_id, ana.person_id, "stronger")
        people.record_sign_in(conn, workspace_id, ana.person_id)
        signed_in = people.find_person(conn, workspace_id, ana.person_id)
        assert signed_in is not None
        assert (signed_in.failed_sign_ins, signed_in.sign_in_after, signed_in.password_hash) == (0, None, "stronger")
