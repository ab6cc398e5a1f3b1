"""One data folder, one ``okr up``; a folder that cannot be had is refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.cli.folder_lock import FolderInUse, hold_folder


def test_a_held_folder_is_refused_to_another_and_free_again_afterwards(tmp_path: Path) -> None:
    with hold_folder(tmp_path), pytest.raises(FolderInUse, match="OKR_DATA_DIR"), hold_folder(tmp_path):
        pass
    with hold_folder(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderInUse, match="OKR_DATA_DIR"), hold_folder(tmp_path / "file"):
        pass
