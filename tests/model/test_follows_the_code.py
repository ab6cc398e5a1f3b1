"""The real stages and the real store, led along the model's stories, stand where the model says after every step.

So the model is about this code: a transaction more or less, another order, another condition, and the two come apart.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.model.alongside import Alongside, Apart
from tests.model.paths import covering
from tests.model.real_house import RealHouses, real_houses
from tests.model.state import DEAD, Bounds, Kind, Lease, Row, start

WITHOUT_FAULTS = Bounds(events=1, texts=1, faults=0)
WITH_THE_LEASE = Bounds(events=1, texts=0, faults=0, early=1, lease=True)
# Every so many of the stories are played here, and all by `make model`.
WITH_A_FAULT, EVERY = Bounds(events=1, texts=1, faults=1), 30


@pytest.fixture
def houses() -> Iterator[RealHouses]:
    logging.disable(logging.CRITICAL)  # the product tells of each claim that is lost
    with real_houses() as found:
        yield found
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("bounds", "every"),
    [(WITHOUT_FAULTS, 2), (WITH_THE_LEASE, 6), (WITH_A_FAULT, EVERY)],
    ids=["no fault", "lease", "a fault"],
)
def test_the_product_goes_the_models_way(houses: RealHouses, bounds: Bounds, every: int) -> None:
    stories = covering(bounds)[::every]
    assert stories
    for story in stories:
        Alongside(houses.fresh(), bounds.workers, with_lease=bounds.lease).play(start(bounds), story)


def test_a_model_that_says_something_else_is_noticed(houses: RealHouses) -> None:
    """Any one thing: what a step leads to, which claim is held, what is remembered."""
    story = covering(WITHOUT_FAULTS)[0]
    step, after = next((step, after) for step, after in story if after.rows[Kind.ISSUE])
    number = story.index((step, after))
    for other in (
        after._replace(stored=1),
        after._replace(memory=after.memory._replace(read_back=1)),
        after._replace(rows=(Row(token=DEAD), *after.rows[1:])),
        after._replace(lease=Lease(0), draft=True),
    ):
        with pytest.raises(Apart):
            Alongside(houses.fresh(), 2).play(start(WITHOUT_FAULTS), (*story[:number], (step, other)))
