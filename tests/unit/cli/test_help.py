"""``okr --help``: complete, quick, and importing nothing that it does not need."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import click
import pytest

from tests.unit.cli.conftest import Run
from web.cli.main import ENTRIES, okr
from web.cli.one_place import PACKAGES, shadowed

HEAVY = ("sqlalchemy", "flask", "requests", "atlassian", "alembic", "cryptography", "rich", "rq", "pydantic", "yaml")


def test_the_first_page_names_every_command_with_its_line(run: Run) -> None:
    page = run("--help").stdout
    for name, entry in ENTRIES.items():
        assert f"{name} " in page
        assert entry.help in page


@pytest.mark.parametrize("name", ENTRIES)
def test_every_command_is_there_and_explains_itself(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: okr {name}")
    command = okr.get_command(click.Context(okr), name)
    assert command is not None
    assert command.help


@pytest.mark.parametrize("word", ["--help", "nonsense"])
def test_help_and_a_slip_of_the_finger_import_nothing_heavy(word: str) -> None:
    program = (
        "import sys\n"
        "from web.cli.main import okr\n"
        "try:\n"
        f"    okr([{word!r}])\n"
        "except SystemExit:\n"
        f"    print('heavy:', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout.endswith("heavy: []\n")


@pytest.mark.parametrize("words", [("nonsense",), ("--nonsense",), ("table", "nonsense"), ("link",), ("sync",)])
def test_what_is_no_command_is_refused_with_where_to_look(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "--help" in result.stderr


class TestOnePlace:
    """The five packages have plain names, which others may have as well."""

    def test_here_they_come_from_one_place(self) -> None:
        assert shadowed() == ""

    def test_a_stranger_is_named_with_its_place(self) -> None:
        text = shadowed(lambda name: _spec(name, "/elsewhere" if name == "sync" else "/here"))
        assert "sync: /elsewhere" in text
        assert "connector:" not in text
        assert "virtual environment" in text

    def test_a_missing_one_is_named(self) -> None:
        assert "mapping: not found" in shadowed(lambda name: None if name == "mapping" else _spec(name, "/here"))

    def test_a_folder_without_code_is_a_stranger(self) -> None:
        namespace = ModuleSpec("connector", None)
        assert "connector: not found" in shadowed(lambda n: namespace if n == "connector" else _spec(n, "/here"))

    def test_all_five_are_looked_for(self) -> None:
        asked: list[str] = []
        shadowed(lambda name: asked.append(name) or _spec(name, "/here"))  # type: ignore[func-returns-value]
        assert tuple(asked) == PACKAGES


def _spec(name: str, folder: str) -> ModuleSpec:
    spec = ModuleSpec(name, None, origin=f"{folder}/{name}/__init__.py")
    spec.has_location = True
    return spec
