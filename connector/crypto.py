"""Credentials are kept encrypted (Fernet: AES-128-CBC with HMAC-SHA256); the keys never stand in the database.

Keys come from ``OKR_SECRET_KEYS`` or the file ``secret.keys`` in the data folder. The first one encrypts, all decrypt:
to replace a key, put the new one first, encrypt everything again, then take the old one away.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from connector.settings import Settings

KEY_FILE = "secret.keys"
_MAKE_ONE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class BadKeys(ValueError):
    """The keys cannot be used; the text says which and what to do, never the key itself."""


class WrongKey(ValueError):
    """Something was encrypted with a key that we do not have."""


class SecretBox:
    """Encrypts and decrypts texts. ``keys``: at least one, the present one first. BadKeys for one that is none."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise BadKeys(f"There is no key. Make one with: {_MAKE_ONE}")
        self._fernet = MultiFernet([_fernet(key, number) for number, key in enumerate(keys, start=1)])

    def seal(self, text: str) -> bytes:
        """``text``, encrypted with the present key."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text again. WrongKey if none of our keys fits."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise _wrong_key() from None

    def renew(self, sealed: bytes) -> bytes:
        """The same, encrypted with the present key. WrongKey if none of our keys fits."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise _wrong_key() from None

    def __repr__(self) -> str:
        return "SecretBox(…)"


def load_keys(settings: Settings) -> tuple[bytes, ...]:
    """The keys of the settings, or else of the data folder, where the first start makes one.

    Several processes may start at once: all get the same key. BadKeys if the file can be read by others, holds no key
    or cannot be made.
    """
    given = settings.secret_keys.get_secret_value().replace(",", " ").split()
    if given:
        return tuple(key.encode() for key in given)
    path = settings.data_dir / KEY_FILE
    try:
        if not path.exists():
            _make_key_file(path)
        return _read_key_file(path)
    except OSError as error:
        raise BadKeys(f"{path}: {error.strerror}. The service keeps its encryption keys there.") from None


def take_over_keys(settings: Settings, keys: Sequence[bytes]) -> None:
    """From now on these keys are ours, the first one being the present one. Keys of the data folder are kept behind
    them. BadKeys where the settings name the keys and leave one of these out, or where the file cannot be written."""
    given = settings.secret_keys.get_secret_value().replace(",", " ").split()
    if given:
        if missing := {key.decode() for key in keys} - set(given):
            raise BadKeys(
                f"{len(missing)} of the backup's keys are not in OKR_SECRET_KEYS. Its entry {KEY_FILE} has them"
                f" (unzip -p FILE {KEY_FILE}): put them there, or take the setting away."
            )
        return
    path = settings.data_dir / KEY_FILE
    try:
        before = _read_key_file(path) if path.exists() else ()
        with _new_key_file(path, [*keys, *(key for key in before if key not in keys)]) as made:
            made.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise BadKeys(f"{path}: {error.strerror}. The service keeps its encryption keys there.") from None


def _read_key_file(path: Path) -> tuple[bytes, ...]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadKeys(f"{path} can be read by others on this machine. Run: chmod 600 {path}")
    keys = tuple(path.read_bytes().split())
    if not keys:
        raise BadKeys(f"{path} holds no key. Put your key back into it, or add a new one made with: {_MAKE_ONE}")
    return keys


def _make_key_file(path: Path) -> None:
    """Written whole under another name, then linked: a link never replaces what another process made."""
    with _new_key_file(path, [Fernet.generate_key()]) as made, suppress(FileExistsError):
        os.link(made, path)
        _sync_folder(path.parent)


@contextmanager
def _new_key_file(path: Path, keys: Sequence[bytes]) -> Iterator[Path]:
    """A file with the keys (mode 0600) beside ``path``, for as long as the block takes to give it that name."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(prefix=f".{KEY_FILE}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join(keys) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        yield Path(made)
    finally:
        Path(made).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fernet(key: bytes, number: int) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise BadKeys(f"Key {number} is not a key: 32 bytes in base64. Make one with: {_MAKE_ONE}") from None


def _wrong_key() -> WrongKey:
    return WrongKey(
        "A stored secret was encrypted with a key that is not in OKR_SECRET_KEYS or secret.keys. "
        "Put that key back, or enter the credentials of the connection again."
    )
