"""Keys that are proposed: after those of the team, and never one that is taken."""

from __future__ import annotations

import pytest

from mapping.okr import Objective
from mapping.okr_keys import first_free, next_key, prefix_of

PAY = Objective("PAY-O1", "2026-q4", "Paying feels instant", team="Payments")
SHOP = Objective("SHOP-O1", "2026-q4", "Shops open fast", team="Payments")
SHOP_2 = Objective("SHOP-O2", "2026-q4", "Shops stay", team="Payments")


def test_numbers_go_on_after_the_highest() -> None:
    assert first_free("PAY", "O", set()) == "PAY-O1"
    assert first_free("PAY", "O", {"PAY-O1", "PAY-O12", "PAY-KR40", "PAYX-O99"}) == "PAY-O13"
    assert next_key("PAY-KR2", {"PAY-KR2", "PAY-O9"}) == "PAY-KR3"
    assert next_key("PAY-O1", {"PAY-O1", "PAY-KR9"}) == "PAY-O2"


@pytest.mark.parametrize(
    ("team", "prefix"),
    [("Growth", "GRO"), ("Öffentlichkeit", "OEF"), ("2nd Level", "NDL"), ("", "OKR"), ("日本", "OKR"), ("R&D", "RD")],
)
def test_a_new_team_begins_with_its_first_letters(team: str, prefix: str) -> None:
    assert prefix_of(team, [PAY]) == prefix


def test_a_team_goes_on_as_most_of_its_objectives() -> None:
    assert prefix_of("Payments", [PAY, SHOP, SHOP_2]) == "SHOP"
