"""The files of this repository and what Python modules among them import."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("web", "webhooks", "sync", "connector", "mapping")
_NOT_OURS = frozenset({".venv", ".build", "build", "dist", "__pycache__"})


@cache
def repository_files() -> tuple[Path, ...]:
    """What belongs to the repository: all that git knows or would take; without git, all but what our commands make."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if asked.returncode == 0:
        return tuple(ROOT / name for name in sorted(filter(None, asked.stdout.split("\0"))) if (ROOT / name).is_file())
    inside = (path for path in ROOT.rglob("*") if path.is_file())
    return tuple(sorted(path for path in inside if not _NOT_OURS & set(path.relative_to(ROOT).parts)))


def modules_below(*folders: str) -> list[Path]:
    """The Python files of the repository below these folders."""
    return [
        path
        for path in repository_files()
        if path.suffix == ".py" and any(path.is_relative_to(ROOT / folder) for folder in folders)
    ]


def imported_by(module: Path) -> set[str]:
    """The full names of all modules that it imports anywhere, also inside functions; relative ones made absolute."""
    package = module.relative_to(ROOT).with_suffix("").parts[:-1]
    return set(_imported(ast.parse(module.read_text("utf-8")), package))


def _imported(tree: ast.Module, package: tuple[str, ...]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join((*above, node.module) if node.module else above)
