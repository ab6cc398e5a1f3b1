"""What a campaign keeps of what it played, and how it is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.record import Record, Share, played
from tests.campaign.running import in_shares
from tests.simulation.coverage import counted, report

SHARE = Share(7, 3, 1.5, [(8, "1: wrong “once”")], Counter({("type", "saved"): 4}), "abc+")


def test_a_share_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.jsonl")
    assert record.shares() == []
    record.add(SHARE)
    record.add(Share(10, 1, revision="later"))
    assert record.shares() == [SHARE, Share(10, 1, revision="later")]
    assert list(played(record.shares())) == [7, 8, 9, 10]


def test_what_follows_of_the_same_revision_is_added_up(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.jsonl")
    for share in (SHARE, Share(50, 1), replace(SHARE, first=10)):
        record.add(share)
    both = Share(7, 6, 3.0, [*SHARE.failed, *SHARE.failed], Counter({("type", "saved"): 8}), "abc+")
    assert record.shares() == [both, Share(50, 1)]


@pytest.mark.parametrize("line", ["no JSON", "{}", '{"coverage": [], "failed": []}', "[]"])
def test_another_file_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "other").write_text(line, "utf-8")
    with pytest.raises(ValueError):
        Record(tmp_path / "other").shares()


def test_shares_end_where_numbers_were_left_out() -> None:
    assert list(map(list, in_shares([1, 2, 3, 4, 9, 10], 3))) == [[1, 2, 3], [4], [9, 10]]
    assert list(in_shares([], 3)) == []


def test_limits_count_by_what_they_limit_and_crashes_by_the_stage_that_they_end() -> None:
    cells = counted(
        Counter(
            {
                ("fault limited burst past", "poll"): 2,
                ("fault limited burst zero", "poll"): 3,
                ("crash after commit", "initiative"): 4,
                ("crash before commit", "initiative"): 1,
                ("fault status 401", "admin"): 9,
                ("a worker crashes", "anywhere"): 7,
            }
        )
    )
    assert cells["limited burst", "poll"] == 5
    assert cells["crash", "initiative"] == 5
    assert sum(cells.values()) == 10


def test_what_was_met_too_seldom_is_named() -> None:
    often = Counter({("fault " + fault, stage): 20 for fault, stage in counted(Counter())})
    often |= {(f"{fault} after commit", stage): 20 for fault in ("crash", "stall") for _, stage in counted(Counter())}
    assert "fewer than 20 times: none" in report(often)
    often["fault html200", "poll"] -= 1
    assert "fewer than 20 times: html200 in poll: 19" in report(often)
