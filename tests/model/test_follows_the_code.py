"""The real stages and the real store, led along the model's stories, stand where the model says after every step.

So the model is about this code: a transaction more or less, another order, another condition, and the two come apart.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.model.alongside import Alongside, Apart
from tests.model.paths import Turn, covering
from tests.model.real_house import RealHouses, real_houses
from tests.model.state import DEAD, Bounds, Kind, Lease, Row, start
from tests.model.visit import VISIT_STEPS

WITHOUT_FAULTS = Bounds(events=1, texts=1, faults=0)
WITH_THE_LEASE = Bounds(events=1, texts=0, faults=0, early=1, lease=True)
WITH_A_FAULT = Bounds(events=1, texts=1, faults=1)
LOST_IN = {("claim table", at) for at in VISIT_STEPS} | {("claim issue", "keep")}
TICKING = {"idle", "keep", "read", "put"}
WITHOUT_REPLY = {"reply is lost", "late PUT arrives", "late PUT is lost"}


@pytest.fixture
def houses() -> Iterator[RealHouses]:
    logging.disable(logging.CRITICAL)  # the product tells of each claim that is lost
    with real_houses() as found:
        yield found
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(
    ("bounds", "is_wanted"),
    [
        (WITHOUT_FAULTS, lambda _: True),
        (WITH_THE_LEASE, lambda turn: turn.name == "tick" and turn.led_to in TICKING),
        (WITH_A_FAULT, lambda turn: (turn.name, turn.loser_at) in LOST_IN or turn.name in WITHOUT_REPLY),
    ],
    ids=["no fault", "lease", "lost claims and late PUTs"],
)
def test_the_product_goes_the_models_way(houses: RealHouses, bounds: Bounds, is_wanted: Callable[[Turn], bool]) -> None:
    """A part of the stories; `make model` plays all of them."""
    stories = covering(bounds, is_wanted)
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
