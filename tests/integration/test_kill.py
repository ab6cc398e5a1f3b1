"""SIGKILL of any process, Redis or the database gone: the page ends up right, and nothing accepted is lost."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.integration.installation import OKR, ROOT, Installation, installation, until
from tests.integration.relay import Relay
from tests.site.running import start_site


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation on the embedded default, set up; tests leave it running."""
    folder = tmp_path_factory.mktemp("killed")
    with start_site(folder) as site, installation(folder / "data", site, free_port()) as made:
        made.start()
        made.set_up()
        yield made


@pytest.mark.parametrize("what", ["worker", "web", "redis"])
def test_a_killed_process_is_started_again_and_the_page_becomes_right(running: Installation, what: str) -> None:
    before = running.processes(what)
    running.kill(what)
    running.close_one_issue()
    running.wait_until_right()
    until(lambda: len(running.processes(what)) == len(before), 30, f"{what} runs again")
    assert not set(before) & set(running.processes(what))


def test_okr_up_itself_killed_takes_its_children_along_and_loses_nothing(running: Installation) -> None:
    children = [pid for what in ("web", "worker", "redis") for pid in running.processes(what)]
    running.kill("up")
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), 20, "no child outlives it")
    running.close_one_issue()
    running.start()
    running.wait_until_right()


def test_an_accepted_event_survives_the_death_of_everything(running: Installation) -> None:
    running.kill("worker")
    child = running.site.children("PAY-412")[0]
    answer = running.deliver(str(child["id"]), "survives-1")
    running.kill("up")
    assert answer.status_code == 200
    assert _deliveries(running, "survives-1") == 1
    running.start()
    until(lambda: _handled(running, "survives-1"), 30, "the event is dealt with")


def test_one_delivery_five_times_is_one_row_and_no_version(running: Installation) -> None:
    child = running.site.children("PAY-412")[0]
    versions = len(running.site.versions(running.page_id))
    answers = [running.deliver(str(child["id"]), "five-times").status_code for _ in range(5)]
    assert answers == [200] * 5
    until(lambda: _handled(running, "five-times"), 30, "the event is dealt with")
    assert _deliveries(running, "five-times") == 1
    assert len(running.site.versions(running.page_id)) == versions


def test_a_folder_in_use_is_refused_and_says_what_to_do(running: Installation) -> None:
    second = subprocess.run(
        (*OKR, "up"), cwd=ROOT, env=running.environment | {"OKR_PORT": str(free_port())},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert second.returncode != 0
    assert "in use by another" in second.stderr
    assert "OKR_DATA_DIR" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_port_in_use_is_refused_and_says_what_to_do(running: Installation, tmp_path: Path) -> None:
    second = subprocess.run(
        (*OKR, "up"), cwd=ROOT, env=running.environment | {"OKR_DATA_DIR": str(tmp_path / "other")},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert second.returncode != 0
    assert "OKR_PORT" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_stop_ends_every_process(running: Installation) -> None:
    children = [pid for what in ("web", "worker", "redis") for pid in running.processes(what)]
    running.stop()
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    running.start()
    running.wait_until_right()


def test_without_any_redis_it_works(running: Installation) -> None:
    running.stop()
    # An address where nothing listens: as if Redis had gone for good.
    running.settings["OKR_REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    running.start()
    running.close_one_issue()
    running.wait_until_right()
    running.stop()
    del running.settings["OKR_REDIS_URL"]
    running.start()


def _deliveries(running: Installation, identifier: str) -> int:
    return int(_ask(running, "SELECT count(*) FROM delivery WHERE identifier = ?", identifier))


def _handled(running: Installation, identifier: str) -> bool:
    return bool(_ask(running, "SELECT handled_at IS NOT NULL FROM delivery WHERE identifier = ?", identifier))


def _ask(running: Installation, statement: str, *values: str) -> int:
    with sqlite3.connect(running.folder / "okr.sqlite3") as db:
        return int(db.execute(statement, values).fetchone()[0])


@pytest.mark.postgres
def test_on_postgresql_with_the_database_gone_webhooks_are_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    with servers.postgres() as server, start_site(tmp_path) as site:
        if isinstance(server, servers.Missing):
            servers.unavailable("postgres", server.reason)
        wire = Relay(f"{server.url.rpartition('host=')[2]}/.s.PGSQL.5432")
        url = f"postgresql://postgres@127.0.0.1:{wire.port}/postgres"
        with installation(tmp_path / "data", site, free_port(), OKR_DATABASE_URL=url) as made:
            made.start()
            made.set_up()
            child = site.children("PAY-412")[0]
            hook = made.webhook()
            wire.cut()
            assert made.deliver(str(child["id"]), "while-away", hook).status_code == 503
            assert not made.is_ready()
            wire.mend()
            until(made.is_ready, 30, "it is ready again")
            made.close_one_issue()
            made.wait_until_right()
        wire.cut()
