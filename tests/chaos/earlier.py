"""An earlier version of the product, out of the history: the oldest of the last ones whose database is the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.chaos.processes import ROOT

PRODUCT = ("web", "webhooks", "sync", "connector", "mapping", "atlassian-connect.json")
MIGRATIONS = "connector/migrations"
MOST_BACK = 12


def earlier_version(folder: Path) -> Path | None:
    """The folder with its code; None without a history, or where every earlier version had another database."""
    listed = _git("log", f"-{MOST_BACK}", "--format=%H", "--", *PRODUCT)
    wanted = _git("rev-parse", f"HEAD:{MIGRATIONS}")
    fitting = [each for each in listed.split()[1:] if _git("rev-parse", f"{each}:{MIGRATIONS}") == wanted]
    if not fitting:
        return None
    packed = subprocess.run(("git", "archive", fitting[-1], *PRODUCT), cwd=ROOT, capture_output=True, check=True)
    subprocess.run(("tar", "-x", "-C", str(folder)), input=packed.stdout, check=True)
    return folder


def _git(*words: str) -> str:
    """What it prints; nothing where it fails, as in a copy without a history."""
    done = subprocess.run(("git", *words), cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
