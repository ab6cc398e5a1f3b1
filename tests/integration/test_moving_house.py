"""The running product is backed up, stopped, and put back elsewhere: in another folder, in another kind of database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import servers
from tests.integration.installation import installation, until
from tests.integration.test_kill import free_port
from tests.site.running import start_site


@pytest.mark.postgres
def test_a_service_moves_from_sqlite_to_postgresql(tmp_path: Path) -> None:
    file = tmp_path / "okr.backup"
    with servers.postgres() as server, start_site(tmp_path) as site:
        if isinstance(server, servers.Missing):
            servers.unavailable("postgres", server.reason)
        port = free_port()
        with installation(tmp_path / "first", site, port) as first:
            first.start()
            first.set_up()
            page_id = first.page_id
            first.okr("backup", str(file))
            first.close_one_issue()
            first.wait_until_right()
        with installation(tmp_path / "second", site, port, OKR_DATABASE_URL=server.url) as second:
            second.page_id = page_id
            second.okr("restore", str(file))
            second.close_one_issue()
            second.start()
            second.wait_until_right()
            second.close_one_issue()
            second.wait_until_right()
            until(lambda: is_verified(second.okr("doctor", "--verify", "--json")), 60, "every page is called right")
            assert "No such event" not in second.okr("events", "list")


def is_verified(told: str) -> bool:
    """Whether the doctor calls every page right."""
    verified = [each for each in json.loads(told) if each["name"].startswith("Verify, ")]
    return bool(verified) and all(each["state"] == "ok" for each in verified)
