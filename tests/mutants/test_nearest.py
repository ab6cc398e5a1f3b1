"""The test files nearest to a bug come first, and those that have nothing to do with it not at all."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.bugs import Bug, Edit
from tests.mutants.nearest import MOST_FILES, nearest_tests
from tests.mutants.tree import FOLDERS

BUG = Bug("a bug", "E1", "Something.", (Edit("sync/pages.py", "a", "b"),))


def project(tree: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert {name.partition("/")[0] for name in files} <= set(FOLDERS)
    return tree


def test_fewer_imports_between_come_first_and_then_who_imports_less(tmp_path: Path) -> None:
    tree = project(
        tmp_path,
        {
            "sync/pages.py": "",
            "sync/work.py": "from sync.pages import visit",
            "mapping/table.py": "",
            "tests/unit/test_far.py": "from sync import work",
            "tests/unit/test_wide.py": "from sync import pages\nimport mapping.table",
            "tests/unit/test_near.py": "from sync.pages import visit",
            "tests/unit/test_table.py": "from mapping.table import Table",
        },
    )
    assert nearest_tests(tree, BUG) == ("tests/unit/test_near.py", "tests/unit/test_wide.py", "tests/unit/test_far.py")


def test_who_speaks_of_what_the_bug_breaks_takes_turns_with_who_is_near(tmp_path: Path) -> None:
    bug = Bug("late", "E1", "What is typed late is taken.", BUG.edits)
    near = {f"tests/unit/test_{name}.py": "import sync.pages" for name in ("a", "b")}
    tree = project(
        tmp_path,
        {
            "sync/pages.py": "",
            "sync/work.py": "import sync.pages",
            **near,
            "tests/unit/test_c.py": "import sync.work  # other words",
            "tests/unit/test_d.py": "import sync.work  # it was typed late",
        },
    )
    assert [Path(file).stem[-1] for file in nearest_tests(tree, bug)] == ["a", "d", "b", "c"]


def test_what_pytest_gives_a_test_is_imported_by_it(tmp_path: Path) -> None:
    tree = project(
        tmp_path,
        {
            "sync/pages.py": "",
            "tests/conftest.py": "import sync.pages",
            "tests/integration/test_whole.py": "",
            "tests/model/test_model.py": "",
            "tests/integration/test_kill.py": "",
        },
    )
    assert nearest_tests(tree, BUG) == ("tests/integration/test_whole.py",)


def test_they_are_not_too_many(tmp_path: Path) -> None:
    tests = {f"tests/unit/test_{number:02}.py": "import sync.pages" for number in range(MOST_FILES + 2)}
    found = nearest_tests(project(tmp_path, {"sync/pages.py": ""} | tests), BUG)
    assert found == tuple(sorted(tests))[:MOST_FILES]
