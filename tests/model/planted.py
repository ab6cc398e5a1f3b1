"""Planted bugs: a rule of the code that is not kept, and the law that has to notice."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.model import laws
from tests.model.rules import AS_BUILT, Rules
from tests.model.state import Bounds


@dataclass(frozen=True, slots=True)
class Planted:
    """``without``: the rules that are switched off. ``law``: what that breaks, in no fewer than ``steps``."""

    without: tuple[str, ...]
    law: str
    bounds: Bounds
    steps: int

    @property
    def name(self) -> str:
        return ", ".join(self.without)

    @property
    def rules(self) -> Rules:
        return replace(AS_BUILT, **dict.fromkeys(self.without, False))


_NO_FAULT = Bounds(events=1, texts=1, faults=0)
_ONE_FAULT = Bounds(events=1, texts=1, faults=1)
_TWO_EVENTS = Bounds(events=2, texts=0, faults=0)

PLANTED = (
    Planted(("token_is_compared",), laws.RESULT_NEEDS_CLAIM, _ONE_FAULT, 7),
    Planted(("claim_is_checked_before_put",), laws.RESULT_NEEDS_CLAIM, _ONE_FAULT, 14),
    Planted(("generation_is_compared",), laws.NEW_MARK_STAYS, _TWO_EVENTS, 7),
    Planted(("mark_moves_generation",), laws.TRUTH_AT_LAST, _TWO_EVENTS, 11),
    Planted(("claim_excludes_others",), laws.ONE_AT_A_TIME, _NO_FAULT, 4),
    Planted(("ran_out_is_released",), laws.NO_DEAD_END, _ONE_FAULT, 5),
    Planted(("lease_excludes_others",), laws.ONE_TIMER, Bounds(1, 0, 0, early=1, lease=True), 4),
    Planted(("kept_and_marked_at_once",), laws.TRUTH_AT_LAST, _ONE_FAULT, 10),
    Planted(("typed_is_taken_first",), laws.TEXT_BEFORE_WRITE, _NO_FAULT, 16),
    Planted(("read_back_moves_with_taking", "check_in_has_a_key"), laws.TEXT_ONCE, _ONE_FAULT, 15),
    Planted(("taking_comes_with_read_back",), laws.TRUTH_AT_LAST, _ONE_FAULT, 15),
    Planted(("reads_back_own_version",), laws.TRUTH_AT_LAST, _NO_FAULT, 21),
    Planted(("said_already_is_seen",), laws.NO_EQUAL_VERSIONS, _NO_FAULT, 17),
    Planted(("said_is_seen_whoever_asks",), laws.NO_EQUAL_VERSIONS, _ONE_FAULT, 24),
    Planted(("writes_at_version_read",), laws.AT_VERSION_READ, _NO_FAULT, 16),
    Planted(("sending_is_remembered",), laws.NO_EQUAL_VERSIONS, _ONE_FAULT, 22),
    Planted(("lost_reply_is_settled",), laws.NO_EQUAL_VERSIONS, _ONE_FAULT, 22),
    Planted(("unanswered_is_kept",), laws.TEXT_ONCE, _ONE_FAULT, 26),
    Planted(("comes_again_after_draft",), laws.TRUTH_AT_LAST, _NO_FAULT, 15),
    Planted(("polls_find_versions",), laws.NO_LIVELOCK, _NO_FAULT, 6),
    Planted(("polls_find_issues",), laws.NO_LIVELOCK, _TWO_EVENTS, 7),
)
