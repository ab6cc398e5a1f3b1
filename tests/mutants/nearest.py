"""The test files nearest to a bug, the nearest first.

Two orders take turns. By imports: a test file is as far from a bug as the imports that lead from it to a file with the
bug, and of those that are equally far the one that imports the least, all in all, comes first: it is about the least
else, and starts soonest. By words: what a test shares with the bug, its edits and the sentence that it breaks, where
rare words count for more.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from math import log, sqrt
from pathlib import Path

from tests.mutants.bugs import Bug, files_of
from tests.mutants.tree import FOLDERS

ROOMS = ("tests/unit", "tests/integration")
MOST_FILES = 20
# These kill processes of their own, or play shares of the campaign and the simulation, which were asked already.
_LEFT_OUT = {"test_kill.py", "test_campaign_share.py", "test_simulation_share.py"}
_WORD = re.compile(r"[a-z]{3,}")

Imports = Mapping[str, frozenset[str]]


def nearest_tests(tree: Path, bug: Bug) -> tuple[str, ...]:
    """Paths inside the project, at most MOST_FILES, of tests that a file of the bug is imported for. Without any bug:
    of all tests."""
    found = _reaching(_imports_of_all(tree), bug)
    by_imports = sorted(found, key=lambda file: (*found[file], file))
    shared = _shared_words(tree, bug, by_imports)
    by_words = sorted(by_imports, key=lambda file: -shared[file])
    turns = chain.from_iterable(zip(by_imports, by_words, strict=True))
    return tuple(dict.fromkeys(turns))[:MOST_FILES]


def _reaching(imports: Imports, bug: Bug) -> dict[str, tuple[int, int]]:
    """For each test file: how many imports lead to the bug, and how many files it needs in all."""
    found: dict[str, tuple[int, int]] = {}
    for file in filter(_is_asked, imports):
        steps = _steps(imports, file)
        far = [steps[each] for each in files_of([bug]) if each in steps]
        if far or not bug.edits:
            found[file] = (min(far, default=0), len(steps))
    return found


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


def _shared_words(tree: Path, bug: Bug, files: list[str]) -> dict[str, float]:
    """A word counts for the more, the fewer files have it; a long file has many words and gains by each the less."""
    words = {file: _words(f"{file} {(tree / file).read_text('utf-8')}") for file in files}
    often = Counter(chain.from_iterable(words.values()))
    told = _words(" ".join((bug.name, bug.breaks, *(f"{edit.file} {edit.old} {edit.new}" for edit in bug.edits))))
    return {
        file: sum(log(len(files) / often[word]) for word in sorted(told & here)) / sqrt(len(here))
        for file, here in words.items()
    }


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


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
