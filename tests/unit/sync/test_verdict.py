"""What is said of a table that was compared with Jira, and how much is asked for it."""

from __future__ import annotations

from typing import cast

import pytest

from connector.store.tables import PageTable
from mapping.table_diff import CellChange, Changes, LineChange
from mapping.table_parts import Column
from sync.doctor_words import State
from sync.fresh_jira import CountedJira, OutOfCalls
from sync.ports import JiraReader
from sync.verdict import LONGEST, Verdict, differences, finding_of
from tests.unit.commands.stand_in import FakeJira

TABLE = PageTable(1, "4711", "okr", "2026-q4", id=3, page_title="OKRs")


def cell(number: int, old: str = "1", new: str = "2") -> CellChange:
    return CellChange(f"PAY-KR{number}", Column.NOW, old, new)


@pytest.mark.parametrize(
    ("verdict", "state", "words"),
    [
        (Verdict(compared=1), State.OK, "OKRs: right, 1 key result compared with Jira as it is now."),
        (Verdict(compared=9), State.OK, "OKRs: right, 9 key results compared with Jira as it is now."),
        (Verdict(compared=9, typed=1), State.OK, "1 cell stands there as people typed"),
        (Verdict(compared=9, unread=(("PAY-7", "not there."),)), State.NOTICE, "PAY-7 could not be read"),
        (Verdict(unknown="It is a snapshot.", is_fine=True), State.OK, "cannot be told. It is a snapshot."),
        (Verdict(unknown="The page is archived."), State.NOTICE, "cannot be told. The page is archived."),
        (Verdict(changes=Changes((cell(1),)), why="Writing is paused."), State.NOTICE, "Writing is paused."),
        (Verdict(changes=Changes((cell(1),))), State.TROUBLE, "PAY-KR1 now: the page says “1”, by Jira it is “2”."),
    ],
)
def test_only_a_difference_that_nobody_can_explain_is_trouble(verdict: Verdict, state: State, words: str) -> None:
    found = finding_of(TABLE, verdict)
    assert (found.name, found.state) == ("Verify, table 3", state)
    assert words in found.text
    assert bool(found.do) is (state is State.TROUBLE)


def test_of_many_differences_some_are_named() -> None:
    changes = Changes(
        tuple(cell(number) for number in range(9)), lines=(LineChange("above", "a", "b"),), looks_new=True
    )
    said = differences(changes)
    assert len(said) == 6
    assert said[-1] == "and 6 more"


def test_every_kind_of_difference_has_words() -> None:
    assert differences(Changes(rows_come=("A",))) == ["rows missing: A"]
    assert differences(Changes(rows_go=("A", "B"))) == ["rows too many: A, B"]
    assert differences(Changes(columns_come=(Column.NOTE,))) == ["columns missing: note"]
    assert differences(Changes(columns_go=(Column.NOTE,))) == ["columns too many: note"]
    assert differences(Changes(lines=(LineChange("objective", "x", "y"),)))[0].startswith("an objective")
    assert len(differences(Changes((cell(1, "long " * 90, "a\nb"),)))[0]) < 2 * LONGEST + 60


def test_a_site_is_asked_only_so_often() -> None:
    jira = CountedJira(cast("JiraReader", FakeJira()), left=4)
    jira.search("x", ["id"])
    jira.fetch(["1"], ["id"])
    jira.count("x")
    jira.myself()
    for ask in (lambda: jira.search("x", ["id"]), lambda: jira.fetch([], []), lambda: jira.count("x"), jira.myself):
        with pytest.raises(OutOfCalls):
            ask()
