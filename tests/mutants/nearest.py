"""The test files nearest to a bug, the nearest first.

A test file is as far from a bug as the imports that lead from it to a file with the bug. Of those that are equally
near, the one that imports the least, all in all, comes first: it is about the least else, and it starts soonest.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.mutants.bugs import Bug, files_of
from tests.mutants.tree import FOLDERS

ROOMS = ("tests/unit", "tests/integration")
MOST_FILES = 16
# These kill processes of their own, or play shares of the campaign and the simulation, which were asked already.
_LEFT_OUT = {"test_kill.py", "test_campaign_share.py", "test_simulation_share.py"}

Imports = Mapping[str, frozenset[str]]


def nearest_tests(tree: Path, bug: Bug) -> tuple[str, ...]:
    """Paths inside the project, at most MOST_FILES. Without any file of a bug: those that import the least."""
    imports = _imports_of_all(tree)
    found: list[tuple[int, int, str]] = []
    for file in filter(_is_asked, imports):
        steps = _steps(imports, file)
        far = [steps[each] for each in files_of([bug]) if each in steps]
        if far or not bug.edits:
            found.append((min(far, default=0), len(steps), file))
    return tuple(file for _, _, file in sorted(found)[:MOST_FILES])


def _is_asked(file: str) -> bool:
    name = file.rpartition("/")[2]
    return file.startswith(ROOMS) and name.startswith("test_") and name not in _LEFT_OUT


def _steps(imports: Imports, start: str) -> dict[str, int]:
    """To every file that the first one needs, and how many imports lead there."""
    found = {start: 0}
    for file in (waiting := [start]):
        for other in imports[file] - found.keys():
            found[other] = found[file] + 1
            waiting.append(other)
    return found


@cache
def _imports_of_all(tree: Path) -> Imports:
    """Which files of the project each one imports; a bug that is planted later does not change much in that."""
    files = [path.relative_to(tree) for folder in FOLDERS for path in (tree / folder).rglob("*.py")]
    by_module = {_module(file): str(file) for file in files}
    return {
        str(file): frozenset(by_module[name] for name in _named(tree / file, file) if name in by_module)
        for file in files
    }


def _module(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def _named(path: Path, file: Path) -> Iterator[str]:
    """What the file names in its imports, be it a module or something in one."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
    if file.name.startswith("test_"):  # pytest loads these for it
        yield from (".".join((*folder.parts, "conftest")) for folder in file.parents)
