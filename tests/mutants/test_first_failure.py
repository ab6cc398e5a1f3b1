"""Cases are taken in an order in which everything happens soon."""

from __future__ import annotations

from itertools import islice

from tests.campaign.steps import STEPS
from tests.mutants.first_failure import well_mixed


def test_what_has_not_happened_yet_comes_first() -> None:
    kinds = {7: ["look", "look"], 8: ["look", "type"], 9: ["draft"]}

    order = list(islice(well_mixed(0, lambda seed: kinds.get(seed, ["look"] * 5)), 3))

    assert set(order) == {7, 8, 9}


def test_the_same_cases_come_in_the_same_order_and_none_twice() -> None:
    kinds = sorted(STEPS)

    def order() -> list[int]:
        return list(islice(well_mixed(0, lambda seed: [kinds[seed % 7], kinds[seed % 11]]), 50))

    assert order() == order()
    assert len(set(order())) == len(order())
