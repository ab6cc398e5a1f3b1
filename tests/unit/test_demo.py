"""The demo forgets its data only while it does not run."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.demo import forget
from tests.demo_processes import DemoFailed


def test_what_a_demo_left_is_forgotten_unless_it_runs_still(tmp_path: Path) -> None:
    folder = tmp_path / ".demo"
    folder.mkdir()
    with socket.socket() as running, socket.socket() as idle:
        for each in (running, idle):
            each.bind(("127.0.0.1", 0))
        running.listen()
        site, service = idle.getsockname()[1], running.getsockname()[1]
        (folder / "ports.json").write_text(json.dumps({"site": site, "service": service}))
        idle.close()
        with pytest.raises(DemoFailed, match=f"port {service} is in use"):
            forget(folder)
        assert folder.exists()
    forget(folder)
    assert not folder.exists()


def test_there_may_be_nothing_to_forget(tmp_path: Path) -> None:
    forget(tmp_path / ".demo")
