"""Random histories with a backup somewhere in them, which is put back at the end.

Each value is said only once, so that everybody's words can be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random

import pytest

from mapping.okr import CheckInOrigin
from sync.commands import record_check_in
from tests.databases import closing
from tests.integration.backed_up import back_up, put_back
from tests.integration.okr_page import OkrPage
from tests.integration.typing import ANA, NOW, ROSA, findings, said
from tests.site.accounts import Account
from tests.site.person_edits import with_typed_cell

ACTS = 9


@dataclass
class History:
    """What happened to the cell under Now of T-KR1. ``typed``: by whom, without a message. ``last``: who spoke last,
    and what they said."""

    page: OkrPage
    random: Random
    typed: dict[Decimal, str] = field(default_factory=dict)
    last: tuple[str, Decimal] = ("", Decimal(29))
    values: Iterator[int] = field(default_factory=lambda: count(1000))
    left: list[int] = field(default_factory=lambda: [1, 2, 3])

    def by_form(self) -> None:
        """What was typed before is taken first: else nobody could say which of the two came last."""
        self.page.line.next_poll()
        self.page.line.clock.advance(minutes=1)
        value = Decimal(next(self.values))
        record_check_in(
            self.page.line.on, self.page.line.workspace_id, key="T-KR1", value=value, confidence=None, done_since="",
            note="", blockers="", next_step="", author="Ana Duarte", origin=CheckInOrigin.WEB,
            idempotency_key=str(value),
        )  # fmt: skip
        self.last = ("form", value)
        self.page.line.work()

    def by_typing(self) -> None:
        who = self.random.choice([ANA, ROSA])
        value = self._type(who, "")
        self.typed[value] = who.display_name
        self.last = ("typed", value)

    def by_typing_with_a_message(self) -> None:
        self.last = ("message", self._type(ROSA, "As we said"))

    def something_else(self) -> None:
        self.page.type_below("<p>Something else.</p>")

    def in_jira(self) -> None:
        if self.left:
            self.page.finish(self.left.pop())

    def a_poll(self) -> None:
        self.page.line.next_poll()

    def half_an_hour(self) -> None:
        self.page.line.after(minutes=31)

    def _type(self, who: Account, message: str) -> Decimal:
        value, region = next(self.values), self.page.table.region_id
        self.page.site.edit_page(
            self.page.page_id, lambda body: with_typed_cell(body, region, "T-KR1", NOW, str(value)), who, message
        )
        return Decimal(value)

    @property
    def acts(self) -> list[Callable[[], None]]:
        polls = [self.a_poll] * 2
        typing = [self.by_typing, self.by_typing, self.by_typing_with_a_message]
        return [self.by_form, *typing, self.something_else, self.in_jira, self.half_an_hour, *polls]


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_made_up_and_nothing_typed_is_lost(page: OkrPage, tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    history, file = History(page, random), tmp_path / "okr.backup"
    kept: list[Decimal | None] = []
    backed_up_at = random.randrange(ACTS - 2)
    for number in range(ACTS):
        if number == backed_up_at:
            back_up(page, file)
            kept = [each.value for each in said(page)]
        random.choice(history.acts)()
    with closing(f"sqlite:///{tmp_path / 'other.sqlite3'}") as other:
        again = put_back(page, file, other)
        again.line.work()
        _judge(again, history, kept)
        for _ in range(3):
            again.line.after(hours=8)
        _judge(again, history, kept)


def _judge(again: OkrPage, history: History, kept: list[Decimal | None]) -> None:
    values = [each.value for each in said(again)]
    assert len(values) == len(set(values)), "each only once"
    new = {each.value: each.author for each in said(again) if each.value not in kept}
    assert new.items() <= history.typed.items(), "only what somebody typed, in their name"
    how, value = history.last
    if how == "typed":
        assert values[-1] == value, "what was typed last counts"
    elif value not in {*kept, Decimal(29)}:
        assert ("to_confirm", str(value)) in findings(again), "a person decides"
    assert f">{value}<" in again.body()
    assert again.wrong() == []
