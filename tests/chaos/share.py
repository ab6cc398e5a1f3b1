"""A share of the campaign of kills: real processes on PostgreSQL and Redis; `make chaos` plays more of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos.gate import KILL
from tests.chaos.house import House, opened
from tests.chaos.judge import judge
from tests.chaos.nemesis import Nemesis
from tests.chaos.outages import Outages
from tests.chaos.people import NOW
from tests.chaos.rounds import Outcome, play_round
from tests.chaos.world import METRIC, REGION
from tests.site.person_edits import with_typed_cell

pytestmark = pytest.mark.postgres
STRIKES = 8


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("chaos")) as made:
        yield made


@pytest.fixture(scope="module")
def outcome(house: House) -> Outcome:
    return play_round(house, Nemesis(house, Outages(house)), "share", STRIKES)


def test_whatever_is_killed_everything_becomes_right_and_nothing_is_lost(house: House, outcome: Outcome) -> None:
    assert outcome.wrong == [], "\n".join([*outcome.wrong, *outcome.story])
    assert sum(times for gate in house.gates for (act, _), times in gate.struck.items() if act == KILL) > 0


def test_what_would_be_lost_is_seen(house: House, outcome: Outcome) -> None:
    """Each loss is made by hand, once everything is right."""
    world, began, sent = outcome.world, outcome.began, outcome.sent
    house.kill_all()
    house.change("DELETE FROM delivery")
    house.change("UPDATE page_table SET state = 'held'")
    house.change("DELETE FROM page_version")
    house.change("DELETE FROM check_in WHERE origin = 'confluence'")
    house.site.edit_page(world.page_id, lambda body: body.replace(f"{world.epics[0]}", "PAY-0"))
    house.site.edit_page(world.page_id, lambda body: with_typed_cell(body, REGION, METRIC, NOW, "21.5"))
    world.words.append("own0z")
    world.acts = -10
    seen = {line.partition(":")[0] for line in judge(house, world, began, sent)}
    assert seen >= {"1", "2", "3", "4", "5", "6", "7"}
