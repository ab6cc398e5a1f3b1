"""A share of the simulated histories; `make simulate` plays as many as are wanted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.verdict import told
from tests.simulation.__main__ import shortest
from tests.simulation.case import play_history
from tests.simulation.house import house_in_memory
from tests.simulation.kept import KEPT, Kept

# Other histories than those that `make simulate` begins with, in parts that run side by side.
FIRST, PARTS, HISTORIES_IN_A_PART = 500_000, 4, 3
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("part", range(PARTS))
def test_random_histories_hold(part: int) -> None:
    """Whatever happens: in the end every page says what is true, and nobody's words are lost."""
    first = FIRST + part * HISTORIES_IN_A_PART
    with house_in_memory() as house:
        for seed in range(first, first + HISTORIES_IN_A_PART):
            found, _ = play_history(house, seed)
            assert not found.wrong, told(shortest(house, found))


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: str(kept.seed))
def test_what_once_failed_holds(kept: Kept) -> None:
    with house_in_memory() as house:
        found, _ = play_history(house, kept.seed, kept.steps)
        assert not found.wrong, told(found)


def test_the_same_number_gives_the_same_log_to_the_byte() -> None:
    """Also in a process in which nothing has the same place, and sets go through their members in another order."""
    with house_in_memory() as house:
        logs = [play_history(house, FIRST)[1] for _ in range(2)]
    assert logs[0] == logs[1]
    assert "\n".join(logs[0]) == _log_of_another_process(FIRST)


def _log_of_another_process(seed: int) -> str:
    code = (
        "from tests.simulation.case import play_history; from tests.simulation.house import house_in_memory\n"
        f"with house_in_memory() as house: print('\\n'.join(play_history(house, {seed})[1]), end='')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    done = subprocess.run(
        (sys.executable, "-c", code), cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout
