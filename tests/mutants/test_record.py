"""A run goes on where another one stopped, unless anything is different."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.bugs import Bug
from tests.mutants.detectors import Finding
from tests.mutants.record import note, noted
from tests.mutants.report import Outcome
from tests.mutants.tree import state_of

ONE, TWO = (Bug(name, "E1", "Something.", ()) for name in ("one", "two"))
FOUND = Outcome(ONE, (Finding("campaign", "", 40.1, is_decided=False), Finding("tests", "test_it", 2.5)))


def test_what_was_noted_in_the_same_state_is_known(tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    assert noted(file, "now", [ONE, TWO]) == {}
    note(file, "now", FOUND)
    note(file, "before", Outcome(TWO, (), "it does not fit"))
    assert noted(file, "now", [ONE, TWO]) == {"one": FOUND}
    assert noted(file, "now", [TWO]) == {}


def test_the_state_is_that_of_every_file(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("a = 1\n")
    before = state_of(tmp_path)
    assert state_of(tmp_path) == before
    (tmp_path / "one.py").write_text("a = 2\n")
    changed = state_of(tmp_path)
    (tmp_path / "one.py").rename(tmp_path / "two.py")
    assert len({before, changed, state_of(tmp_path)}) == 3
