"""Credentials at rest: the keys, where they come from, and replacing them."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from connector.crypto import KEY_FILE, BadKeys, SecretBox, WrongKey, load_keys
from connector.settings import Settings

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()


def settings_in(folder: Path, keys: str = "") -> Settings:
    return Settings(_env_file=None, data_dir=folder, secret_keys=SecretStr(keys))  # type: ignore[call-arg]


def test_what_is_sealed_can_be_opened_and_not_read() -> None:
    box = SecretBox([NEW])
    for text in ("", "ATATT-token", "geheim – ключ"):
        sealed = box.seal(text)
        assert box.open(sealed) == text
        assert not text or text.encode() not in sealed
    assert box.seal("x") != box.seal("x")


def test_a_key_is_replaced_step_by_step() -> None:
    sealed = SecretBox([OLD]).seal("token")
    both = SecretBox([NEW, OLD])
    renewed = both.renew(sealed)
    assert both.open(sealed) == SecretBox([NEW]).open(renewed) == "token"
    with pytest.raises(WrongKey):
        SecretBox([OLD]).open(renewed)


@pytest.mark.parametrize(
    "sealed",
    [b"", b"no token", SecretBox([OLD]).seal("x"), SecretBox([NEW]).seal("x")[:-4]],
    ids=["nothing", "no token", "another key", "cut off"],
)
def test_a_wrong_key_says_what_to_do(sealed: bytes) -> None:
    for use in (SecretBox([NEW]).open, SecretBox([NEW]).renew):
        with pytest.raises(WrongKey, match="Put that key back, or enter the credentials"):
            use(sealed)


def test_keys_that_are_none_are_told_by_number_not_by_value() -> None:
    with pytest.raises(BadKeys, match="There is no key"):
        SecretBox([])
    for wrong in (b"short-secret", b"", NEW[:-4], b"\xff" * 44):
        with pytest.raises(BadKeys, match="Key 2 is not a key") as caught:
            SecretBox([NEW, wrong])
        assert "short-secret" not in str(caught.value)


def test_keys_of_the_settings_come_first_and_make_no_file(tmp_path: Path) -> None:
    for written in (f"{NEW.decode()},{OLD.decode()}", f"{NEW.decode()}\n {OLD.decode()} "):
        assert load_keys(settings_in(tmp_path, written)) == (NEW, OLD)
    assert list(tmp_path.iterdir()) == []


def test_the_first_start_makes_a_key_that_only_we_can_read(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "okr"
    keys = load_keys(settings_in(folder))
    assert SecretBox(keys).open(SecretBox(load_keys(settings_in(folder))).seal("x")) == "x"
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_the_umask_does_not_open_the_key_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_keys(settings_in(tmp_path))
    finally:
        os.umask(before)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    load_keys(settings_in(tmp_path))
    (tmp_path / KEY_FILE).chmod(mode)
    with pytest.raises(BadKeys, match=f"chmod 600 {tmp_path / KEY_FILE}"):
        load_keys(settings_in(tmp_path))


def test_an_emptied_key_file_is_not_filled_again(tmp_path: Path) -> None:
    load_keys(settings_in(tmp_path))
    (tmp_path / KEY_FILE).write_text(" \n")
    with pytest.raises(BadKeys, match="Put your key back"):
        load_keys(settings_in(tmp_path))
    assert (tmp_path / KEY_FILE).read_text() == " \n"


def test_a_folder_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadKeys, match="encryption keys"):
        load_keys(settings_in(tmp_path / "file"))


def test_threads_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: load_keys(settings_in(tmp_path)), range(64)))
    assert len(set(made)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from connector.crypto import load_keys; from connector.settings import Settings;"
        f"print(load_keys(Settings(_env_file=None, data_dir=Path({str(tmp_path)!r}))))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment) for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


def test_who_loses_the_race_uses_the_winners_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody_else_first(source: str, target: Path) -> None:
        target.write_bytes(OLD)
        target.chmod(0o600)
        raise FileExistsError(target)

    monkeypatch.setattr(os, "link", somebody_else_first)
    assert load_keys(settings_in(tmp_path)) == (OLD,)
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_a_box_shows_nothing() -> None:
    assert NEW.decode() not in repr(SecretBox([NEW]))
