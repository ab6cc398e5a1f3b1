"""What the command writes is for the service's own account, also in a data folder that others may enter."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    environment = os.environ | {"OKR_DATA_DIR": str(tmp_path), "OKR_DATABASE_URL": ""}
    command = (sys.executable, "-m", "web.cli.main", "migrate")
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, umask=0o022, timeout=60)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert "okr.sqlite3" in modes
    assert not {name for name, mode in modes.items() if mode & 0o077}
