"""One data folder, one ``okr up``: a lock that the kernel drops when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderInUse(Exception):
    """Another ``okr up`` works in this data folder."""


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold the folder for as long as the block runs. Raises FolderInUse with the other's process number."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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
