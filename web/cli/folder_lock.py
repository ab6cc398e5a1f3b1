"""One data folder, one ``okr up``: a lock that the kernel drops when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderInUse(Exception):
    """This data folder cannot be had: another ``okr up`` works in it, or it cannot be written to."""


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold the folder for as long as the block runs.

    Raises FolderInUse with the other's process number, or where the folder cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "okr.lock").touch(mode=0o600)
    except OSError as error:
        raise FolderInUse(
            f"The data folder {folder} cannot be used ({error.strerror}). Choose another with OKR_DATA_DIR."
        ) from None
    with (folder / "okr.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise FolderInUse(
                f"{folder} is in use by another `okr up` (process {file.read().strip() or 'unknown'}). "
                "Stop that one, or give this one a folder of its own with OKR_DATA_DIR."
            ) from None
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
