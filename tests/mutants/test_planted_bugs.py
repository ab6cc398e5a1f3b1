"""The planted bugs fit the code of today, and whoever runs them can tell what happened."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.mutants.bugs import Bug, DoesNotFit, Edit, check_compiles, edited, load_bugs
from tests.mutants.detectors import DETECTORS, Finding, fails_anyway
from tests.mutants.processor_time import run_within
from tests.mutants.report import Outcome, as_markdown, line_of
from tests.mutants.tree import PROJECT, planted

BUGS = load_bugs()
LEAST = 50
PACKAGES = {"connector", "sync", "mapping", "webhooks"}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_it_fits_the_code_and_compiles(bug: Bug) -> None:
    texts = {edit.file: (PROJECT / edit.file).read_text("utf-8") for edit in bug.edits}

    after = edited(bug, texts)

    check_compiles(bug, after)
    assert all(after[file] != text for file, text in texts.items())


def test_they_are_many_and_told_apart() -> None:
    names = [bug.name for bug in BUGS]
    assert len(names) == len(set(names)) >= LEAST
    assert all(bug.mode and bug.breaks.endswith(".") for bug in BUGS)
    assert {edit.file.partition("/")[0] for bug in BUGS for edit in bug.edits} <= PACKAGES


def _bug(old: str, new: str) -> Bug:
    return Bug("a bug", "E1", "Something.", (Edit("one.py", old, new),))


@pytest.mark.parametrize("text", ["a = 2\n", "a = 1\nb = 1\na = 1\n"])
def test_a_text_that_does_not_stand_there_exactly_once_does_not_fit(text: str) -> None:
    with pytest.raises(DoesNotFit, match=r"stands \d times"):
        edited(_bug("a = 1", "a = 3"), {"one.py": text})


def test_a_bug_that_is_no_python_is_not_called_caught(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("a = 1\n")

    with pytest.raises(DoesNotFit, match="does not compile"), planted(tmp_path, _bug("a = 1", "a = (")):
        pass

    assert (tmp_path / "one.py").read_text() == "a = 1\n"


def test_a_planted_bug_is_taken_out_again(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("a = 1\n")

    with planted(tmp_path, _bug("a = 1", "a = 2")):
        assert (tmp_path / "one.py").read_text() == "a = 2\n"

    assert (tmp_path / "one.py").read_text() == "a = 1\n"


def _run(code: str, seconds: float) -> tuple[int | None, tuple[str, ...]]:
    command = [sys.executable, "-u", "-c", code]
    ended = run_within(seconds, command, folder=Path.cwd(), environment=os.environ)
    return ended.status, ended.lines


def test_a_command_that_ends_is_told_with_its_status_and_all_its_lines() -> None:
    assert _run("print('one'); print('two'); raise SystemExit(3)", 60) == (3, ("one", "two"))


def test_a_command_that_takes_too_much_processor_time_is_stopped() -> None:
    assert _run("print('begun')\nwhile True: pass", 0.5) == (None, ("begun",))


def test_the_table_says_what_caught_a_bug_and_what_did_not() -> None:
    bug = _bug("a", "b")
    caught = Outcome(bug, (Finding("campaign", "", 2.0), Finding("simulation", "typed text was lost", 3.0)))
    missed = Outcome(bug, (Finding("campaign", "", 2.0), Finding("simulation", "", 9.0, is_decided=False)))

    text = as_markdown([caught, missed])

    assert text.startswith("1 of 2 caught (1 by the simulation); 1 not caught.")
    assert "| simulation | typed text was lost | 5 |" in text
    assert line_of(missed) == "a bug [E1] 11 s: NOT CAUGHT by campaign, simulation, cut short"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("campaign", "BROKEN d: typed text was lost (case 71000001)"),
        ("simulation", "BROKEN honest: a figure is not the truth (case 71000001)"),
        ("model", "FAILED tests/model/test_follows_the_code.py::test_it[no fault] - assert 1 == 2"),
    ],
)
def test_the_broken_law_is_found_in_what_a_detector_says(name: str, line: str) -> None:
    detector = next(each for each in DETECTORS if each.name == name)
    assert detector.broken.search(line) is not None


@pytest.mark.parametrize(("claim", "is_false"), [("1 == 1", False), ("1 == 2", True)])
def test_a_test_that_fails_without_any_bug_has_not_caught_one(tmp_path: Path, claim: str, is_false: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\nmarkers = ['postgres']\n")
    shutil.copytree(PROJECT / "tests/mutants", tmp_path / "tests/mutants")
    (tmp_path / "tests/test_one.py").write_text(f"def test_it() -> None:\n    assert {claim}\n")

    assert fails_anyway(tmp_path, Finding("tests", "tests/test_one.py::test_it[no fault]", 1.0)) == is_false
    assert not fails_anyway(tmp_path, Finding("campaign", "d: typed text was lost (case 71000001)", 1.0))


def test_what_the_product_logs_is_no_test_that_failed() -> None:
    detector = next(each for each in DETECTORS if each.name == "tests")
    assert detector.broken.search("ERROR    sync.work:work.py:122 issue of 1:7 failed") is None
