"""The file of a backup: a ZIP with one entry of lines per table, the keys, and a list of contents with checksums.

Everything is written and read as a stream. The list of contents is the last entry, so that a file that was cut off has
none, and is refused.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from connector.backup.contents import Contents, Part, read_contents, write_contents
from connector.backup.refusal import BackupRefused

CONTENTS = "contents.json"
KEYS = "secret.keys"
_COMPRESSION = 6
_BLOCK = 1 << 20


@dataclass(slots=True)
class ArchiveWriter:
    """Takes one table after the other, then the keys, then the list of contents."""

    zipped: zipfile.ZipFile
    parts: list[Part] = field(default_factory=list)

    def add_table(self, table: str, columns: Mapping[str, str], lines: Iterable[bytes]) -> None:
        """``lines`` are taken one by one; they may be as many as they want."""
        digest, rows = hashlib.sha256(), 0
        with self.zipped.open(Part(table, columns, 0, "").entry, "w", force_zip64=True) as entry:
            for line in lines:
                entry.write(line)
                digest.update(line)
                rows += 1
        self.parts.append(Part(table, columns, rows, digest.hexdigest()))

    def finish(self, keys: bytes, *, made_at: datetime, schema: str, came_from: str) -> Contents:
        """Nothing can be added after this."""
        self.zipped.writestr(KEYS, keys)
        contents = Contents(made_at, schema, came_from, hashlib.sha256(keys).hexdigest(), tuple(self.parts))
        self.zipped.writestr(CONTENTS, write_contents(contents))
        return contents


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Write a file for its owner alone (mode 0600), which has its name only once it is whole.

    BackupRefused where there is such a file already, or where none can be made.
    """
    if path.exists():
        raise BackupRefused(f"{path} is there already. Choose another name; a backup never replaces a file.")
    with ExitStack() as at_the_end:
        try:
            handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            at_the_end.callback(Path(made).unlink, missing_ok=True)
            with os.fdopen(handle, "wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as zipped:
                    yield ArchiveWriter(zipped)
                file.flush()
                os.fsync(file.fileno())
            Path(made).rename(path)
        except OSError as error:
            raise BackupRefused(f"{path} cannot be written: {error.strerror}.") from None


class Archive:
    """A backup to read from."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped = zipped
        self.contents = read_contents(zipped.read(CONTENTS))

    def lines(self, part: Part) -> Iterator[bytes]:
        """The rows of one table."""
        with self._zipped.open(part.entry) as entry:
            yield from entry

    def keys(self) -> tuple[bytes, ...]:
        """The secret keys, the present one first."""
        return tuple(self._zipped.read(KEYS).split())

    def check(self) -> None:
        """Read everything once. BackupRefused where anything is not as it was written."""
        wanted = {part.entry: part.sha256 for part in self.contents.parts} | {KEYS: self.contents.keys_sha256}
        for entry, digest in wanted.items():
            if self._digest(entry) != digest:
                raise BackupRefused(f"The backup is damaged: {entry} is not as it was written. Take another one.")

    def _digest(self, entry: str) -> str:
        digest = hashlib.sha256()
        with self._zipped.open(entry) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Read a backup, checked from end to end. BackupRefused where it is none, is damaged, or is of a newer form."""
    with ExitStack() as opened:
        try:
            archive = Archive(opened.enter_context(zipfile.ZipFile(path)))
            archive.check()
        except OSError as error:
            raise BackupRefused(f"{path} cannot be read: {error.strerror}.") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
            raise BackupRefused(f"{path} is no whole backup of this program ({error}). Take another one.") from None
        yield archive
