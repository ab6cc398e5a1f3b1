"""A shorter story that fails in the same way: on a plain start if it still does, and with steps left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.campaign.case import play_case
from tests.campaign.house import House
from tests.campaign.play import Setting
from tests.campaign.verdict import Step, Verdict, shrunk


def shortest(house: House, found: Verdict, setting: Setting) -> Verdict:
    """The shortest that was found within a bounded number of tries."""
    plain = replace(setting, plain=True)
    again = play_case(house, found.seed, plain, found.steps)
    start = (again, plain) if again.laws & found.laws else (found, setting)

    def replay(steps: Sequence[Step]) -> Verdict:
        return play_case(house, found.seed, start[1], steps)

    return shrunk(start[0], replay)
