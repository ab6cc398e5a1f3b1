"""A copy of the project in a temporary folder, into which one bug after another is planted and taken out again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from tests.mutants.bugs import Bug, check_compiles, edited, files_of

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("web", "webhooks", "sync", "connector", "mapping", "tests")
FILES = ("pyproject.toml", "atlassian-connect.json")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


@contextmanager
def copied_project() -> Iterator[Path]:
    """Some megabytes, without what was compiled; gone at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="okr-mutants-") as folder:
        tree = Path(folder)
        for name in FOLDERS:
            shutil.copytree(PROJECT / name, tree / name, ignore=_LEFT_OUT)
        for name in FILES:
            shutil.copy(PROJECT / name, tree / name)
        yield tree


def state_of(tree: Path) -> str:
    """The same for the same files with the same contents. To be asked before anything was compiled there."""
    found = sha256()
    for path in sorted(tree.rglob("*")):
        if path.is_file():
            found.update(f"{path.relative_to(tree)}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


@contextmanager
def planted(tree: Path, bug: Bug) -> Iterator[None]:
    """The tree has the bug within the block. Raises DoesNotFit."""
    before = {file: (tree / file).read_text("utf-8") for file in files_of([bug])}
    after = edited(bug, before)
    check_compiles(bug, after)
    try:
        _write(tree, after)
        yield
    finally:
        _write(tree, before)


def _write(tree: Path, texts: dict[str, str]) -> None:
    """What was compiled of a file goes with it: its time has whole seconds, and two versions may have one size."""
    for file, text in texts.items():
        (tree / file).write_text(text, "utf-8")
        Path(cache_from_source(str(tree / file))).unlink(missing_ok=True)
