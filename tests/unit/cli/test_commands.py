"""What the commands say when all is well."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text

from connector.store.connection_state import record_health, record_poll
from connector.store.connections import Health
from connector.store.leases import hold_lease
from connector.store.tables import TableState, record_table_state
from connector.store.work import mark_due
from connector.store.workers import record_alive
from mapping.interchange import parse_okrs
from sync.timer import LEASE_NAME
from tests.unit.cli.conftest import Run
from tests.unit.commands.stand_in import OKRS, SECRET, Stand
from web.cli import connect as connecting
from web.cli.refusals import Refusal
from web.cli.service import Service
from web.cli.sync import follow


def with_worker(service: Stand) -> None:
    """A worker gave a sign of life just now, and holds the timer."""
    now = service.clock.now()
    with service.on.database.write() as conn:
        record_alive(conn, "w1", started_at=now, seen_at=now)
        hold_lease(conn, LEASE_NAME, "w1", now, 15)


def test_import_tells_what_it_took_over_and_what_it_cost(run: Run, file: Path) -> None:
    result = run("import", str(file))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "Taken over: 5 new, 2 links added, 1 check-in added."
    assert "1 call." in result.stdout
    assert "Issues found in Jira: 2 of 2" in result.stderr
    assert "nothing changed" in run("import", str(file)).stdout


def test_import_reads_standard_input(run: Run) -> None:
    assert run("import", "-", input=OKRS).exit_code == 0


def test_agreed_okrs_change_with_a_reason(service: Stand, run: Run, file: Path) -> None:
    run("import", str(file))
    file.write_text(OKRS.replace("to: 20", "to: 15"))
    assert run("import", str(file)).exit_code == 2
    assert run("import", str(file), "--reason", "too easy").stdout.startswith("Taken over: 1 changed")
    assert any("too easy" in line for line in service.log())


def test_export_writes_what_import_reads(run: Run, file: Path) -> None:
    run("import", str(file))
    result = run("export", "--cycle", "2026-q4")
    assert parse_okrs(result.stdout).links == parse_okrs(OKRS).links


def test_link_and_unlink_say_what_they_did(service: Stand, run: Run, file: Path) -> None:
    run("import", str(file))
    assert run("link", "pay-kr1", "pay-431").stdout == "Linked PAY-431 to PAY-KR1.\n"
    assert run("link", "PAY-KR1", "PAY-431").stdout.startswith("Linked already, exactly so")
    assert "weight 0.5" in run("link", "PAY-KR2", "PAY-412", "--drives", "0.5").stdout
    assert run("unlink", "PAY-KR1", "PAY-431").stdout == "Unlinked PAY-431 from PAY-KR1.\n"
    assert service.log()[-1] == "rosa (command line): unlinked PAY-431 from PAY-KR1"


def test_a_table_is_shown_added_listed_and_removed(service: Stand, run: Run, file: Path) -> None:
    run("import", str(file))
    shown = run("table", "add", "4711", "--cycle", "2026-q4", "--dry-run")
    assert "Nothing was written" in shown.stdout
    assert "Median checkout" in shown.stdout
    assert "<ac:structured-macro" not in shown.stdout
    assert "<ac:structured-macro" in run("table", "add", "4711", "--cycle", "2026-q4", "--dry-run", "--markup").stdout
    assert service.rows("SELECT id FROM page_table") == []
    assert "okr table add" in run("table", "list").stdout
    assert "Table 1 stands in 'OKRs Q4 2026'" in run("table", "add", "4711", "--cycle", "2026-q4").stdout
    assert "waits to be written" in run("table", "list").stdout
    assert "no longer kept current" in run("table", "remove", "1").stdout


def test_pausing_and_resuming(run: Run) -> None:
    assert run("pause").stdout.startswith("All writing to Confluence is paused.")
    assert run("pause").stdout.startswith("Writing was paused already.")
    assert run("pause", "--resume").stdout.startswith("Writing goes on")
    assert run("pause", "--resume").stdout == "Writing was not paused.\n"


def test_the_webhook_is_told_with_its_secret(run: Run) -> None:
    assert SECRET in run("webhook", "show").stdout


def test_a_code_for_the_first_visit(run: Run) -> None:
    assert "http://127.0.0.1:8400/first-visit and enter this code once: " in run("sign-in-code").stdout


class TestToken:
    """A token never is an argument, and never is shown."""

    def test_there_is_no_option_for_it(self) -> None:
        options = {name for parameter in connecting.connect.params for name in parameter.opts}
        assert "--token" not in options

    @pytest.mark.parametrize(
        ("words", "more"),
        [
            (("--token-stdin",), {"input": "canary-token\n"}),
            ((), {"env": {"OKR_TOKEN": "canary-token"}}),
        ],
    )
    def test_it_comes_by_standard_input_or_environment(
        self, run: Run, words: tuple[str, ...], more: dict[str, object]
    ) -> None:
        result = run("connect", "http://127.0.0.1", "--email", "a@b.example", *words, **more)
        assert result.exit_code == 2
        assert "canary" not in result.output
        assert "token is empty" not in result.stderr

    def test_an_empty_one_is_refused(self, run: Run) -> None:
        result = run("connect", "acme.atlassian.net", "--email", "a@b.example", "--token-stdin", input="\n")
        assert (result.exit_code, "token is empty" in result.stderr) == (2, True)

    def test_without_a_terminal_nobody_is_asked(self, run: Run) -> None:
        result = run("connect", "acme.atlassian.net", "--email", "a@b.example")
        assert (result.exit_code, "--token-stdin" in result.stderr) == (2, True)


class TestDoctor:
    """The exit code is for machines, the text for people."""

    def test_trouble_is_exit_code_1(self, run: Run) -> None:
        result = run("doctor")
        assert result.exit_code == 1
        assert "✗ Workers" in result.stdout
        assert "→ Start the service: okr up" in result.stdout

    def test_nothing_to_do_is_0(self, service: Stand, run: Run) -> None:
        with_worker(service)
        result = run("doctor")
        assert (result.exit_code, "Nothing needs you." in result.stdout) == (0, True)

    def test_monitoring_reads_json(self, run: Run) -> None:
        result = run("doctor", "--json")
        assert result.exit_code == 1
        findings = json.loads(result.stdout)
        assert {"name", "state", "text", "since", "do", "texts"} == set(findings[0])
        assert [each["state"] for each in findings if each["name"] == "Workers"] == ["trouble"]

    def test_pages_are_compared_where_that_is_asked_for(self, service: Stand, run: Run, file: Path) -> None:
        with_worker(service)
        run("import", str(file))
        run("table", "add", "4711", "--cycle", "2026-q4")
        assert "Verify" not in run("doctor").stdout
        findings = json.loads(run("doctor", "--verify", "--json").stdout)
        (verified,) = [each for each in findings if each["name"] == "Verify, table 1"]
        assert (verified["state"], "not written yet" in verified["text"]) == ("notice", True)


class TestSync:
    """Asking now, and following."""

    def test_it_says_how_it_ended(self, service: Stand, run: Run) -> None:
        with_worker(service)
        with service.on.database.write() as conn:
            for number in (1, 2):
                record_poll(conn, service.workspace_id, number, service.clock.now(), service.clock.now())
        result = run("sync", "--now")
        assert result.exit_code == 0
        assert result.stdout.startswith("2 sites asked, nothing waits: 0 figures changed, 0 pages written, 0 calls")

    def test_a_page_that_waits_for_its_turn_is_not_passed_over(self, service: Stand, run: Run, file: Path) -> None:
        with_worker(service)
        run("import", str(file))
        run("table", "add", "4711", "--cycle", "2026-q4")
        now = service.clock.now()
        with service.on.database.write() as conn:
            conn.execute(text("DELETE FROM work"))
            record_table_state(conn, service.workspace_id, 1, TableState.CURRENT, now, "A change waits for its turn.")
            mark_due(conn, service.workspace_id, "table", ["1"], now.replace(hour=10, minute=40))
            for number in (1, 2):
                record_poll(conn, service.workspace_id, number, now, now)
        told = run("sync", "--now").stdout
        assert told.startswith(
            "2 sites asked, everything is read; 1 page waits for its turn until 10:40 UTC: 0 figures"
        )
        run("pause")
        assert "2 sites asked, everything is read; all writing is paused: 0" in run("sync", "--now").stdout

    def test_it_follows_until_every_site_was_asked(self, service: Stand, run: Run) -> None:
        with_worker(service)
        result = run("sync", "--now", "--wait", "1")
        assert result.exit_code == 1
        assert "Not done within 1 s" in result.stderr
        assert (service.due("poll"), service.due("pages")) == (["1"], ["2"])

    def test_a_site_that_does_not_answer_is_named_instead_of_waited_for(self, service: Stand) -> None:
        now = service.clock.now()
        with service.on.database.write() as conn:
            record_poll(conn, service.workspace_id, 2, now, now)
            record_health(conn, service.workspace_id, 1, Health.NEEDS_CREDENTIALS, now, "The token has expired.")
        opened = Service(service.on, service.workspace_id, "rosa")
        with pytest.raises(Refusal) as refused:
            follow(opened, now, monotonic() + 60, tell=lambda _done, _of: None, patience=0.0)
        assert "Jira https://acme.atlassian.net: The token has expired." in str(refused.value)
        assert "Confluence" not in str(refused.value)
