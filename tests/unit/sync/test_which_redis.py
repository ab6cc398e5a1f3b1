"""Which Redis a process rings: the one that is set, else the one that ``okr up`` runs in the data folder, if any."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from connector.settings import Settings
from sync.queues import RedisBell, SilentBell
from sync.wiring import build


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a path short enough for a socket."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def settings_of(folder: Path, url: str = "") -> Settings:
    return Settings(_env_file=None, data_dir=folder, redis_url=SecretStr(url))  # type: ignore[call-arg]


def test_without_any_redis_there_is_no_bell(folder: Path) -> None:
    assert settings_of(folder).redis_address == ""
    assert isinstance(build(settings_of(folder)).bell, SilentBell)


def test_a_command_beside_okr_up_rings_its_redis(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(folder / "redis.sock"))
        assert settings_of(folder).redis_address == f"unix://{folder}/redis.sock"
        assert isinstance(build(settings_of(folder)).bell, RedisBell)
        assert settings_of(folder, "redis://elsewhere").redis_address == "redis://elsewhere"


def test_a_file_of_that_name_is_no_redis(folder: Path) -> None:
    (folder / "redis.sock").write_text("")
    assert settings_of(folder).redis_address == ""
