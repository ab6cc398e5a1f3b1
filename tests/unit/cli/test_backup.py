"""`okr backup` and `okr restore`, as whoever runs the service types them."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet

from connector.crypto import KEY_FILE, SecretBox, load_keys
from connector.settings import Settings
from tests.unit.cli.conftest import Run
from tests.unit.commands.stand_in import Stand
from web.cli.folder_lock import hold_folder
from web.cli.main import okr


@pytest.fixture
def file(tmp_path: Path, run: Run) -> Path:
    """A backup of a service with two sites."""
    path = tmp_path / "okr.backup"
    assert run("backup", str(path)).exit_code == 0
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new data folder."""
    return tmp_path / "elsewhere"


def restore(folder: Path, file: Path, *words: str, **settings: str) -> Result:
    environment = {"OKR_DATA_DIR": str(folder), "OKR_DATABASE_URL": "", "OKR_SECRET_KEYS": "", **settings}
    result = CliRunner().invoke(okr, ["restore", str(file), *words], env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def sites(folder: Path) -> list[bytes]:
    """The sealed credentials in the database of a data folder."""
    with sqlite3.connect(folder / "okr.sqlite3") as db:
        return [row[0] for row in db.execute("SELECT credentials FROM connection ORDER BY id")]


def keys_of(folder: Path) -> tuple[bytes, ...]:
    return load_keys(Settings(_env_file=None, data_dir=folder))  # type: ignore[call-arg]


def test_a_backup_says_what_it_is_worth(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.backup"
    said = run("backup", str(path)).stdout
    assert said.startswith(f"{path} written: ")
    assert "keep it as you keep the data folder" in said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = run("backup", str(path))
    assert (again.exit_code, "never replaces a file" in again.stderr) == (2, True)


def test_it_goes_into_a_new_folder_with_its_keys(service: Stand, file: Path, folder: Path, tmp_path: Path) -> None:
    said = restore(folder, file)
    assert said.exit_code == 0
    assert "as of 22 Nov 2026, 09:00 UTC" in said.stdout
    assert "who was removed since is back" in said.stdout
    assert keys_of(folder) == keys_of(tmp_path)
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert len(sites(folder)) == 2


def test_what_must_be_asked_again_is_due(file: Path, folder: Path, service: Stand) -> None:
    restore(folder, file)
    with sqlite3.connect(folder / "okr.sqlite3") as db:
        assert db.execute("SELECT kind FROM sync_run").fetchall() == [("full_check",)]
        assert "put back the backup of 22 Nov 2026" in db.execute("SELECT text FROM activity").fetchall()[-1][0]


def test_a_folder_that_holds_something_is_refused_unless_told(file: Path, folder: Path) -> None:
    restore(folder, file)
    keys = keys_of(folder)
    again = restore(folder, file)
    assert (again.exit_code, again.stdout) == (2, "")
    assert "add --replace" in again.stderr
    assert restore(folder, file, "--replace").exit_code == 0
    assert keys_of(folder) == keys


def test_keys_that_were_there_are_kept_behind(file: Path, folder: Path, tmp_path: Path) -> None:
    """Nothing that was encrypted with them gets lost by it."""
    before = keys_of(folder)
    restore(folder, file)
    assert keys_of(folder) == (*keys_of(tmp_path), *before)
    assert SecretBox(keys_of(folder)).open(SecretBox(before).seal("old")) == "old"


def test_keys_from_the_settings_must_hold_those_of_the_backup(file: Path, folder: Path, tmp_path: Path) -> None:
    other = Fernet.generate_key().decode()
    refused = restore(folder, file, OKR_SECRET_KEYS=other)
    assert (refused.exit_code, "unzip -p FILE secret.keys" in refused.stderr) == (2, True)
    assert sites(folder) == []
    both = f"{other},{keys_of(tmp_path)[0].decode()}"
    assert restore(folder, file, OKR_SECRET_KEYS=both).exit_code == 0
    assert not (folder / KEY_FILE).exists()


def test_a_running_service_is_not_restored_over(file: Path, folder: Path) -> None:
    with hold_folder(folder):
        refused = restore(folder, file)
    assert (refused.exit_code, "in use by another `okr up`" in refused.stderr) == (1, True)


def test_what_is_no_backup_is_refused(folder: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"nothing of ours")
    refused = restore(folder, wrong)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no whole backup" in refused.stderr
    assert not (folder / "okr.sqlite3").exists()
    assert restore(folder, tmp_path / "none").exit_code == 2
