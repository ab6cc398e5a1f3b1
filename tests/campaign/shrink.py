"""A shorter story that fails in the same way: steps are left out while it still does."""

from __future__ import annotations

from dataclasses import replace

from tests.campaign.case import Verdict, play_case
from tests.campaign.house import House
from tests.campaign.play import Setting

MOST_TRIES = 60


def shrunk(house: House, found: Verdict, setting: Setting) -> tuple[Verdict, Setting]:
    """The shortest that was found within a bounded number of tries, and in which setting."""
    best, place, tries = found, 0, 0
    plain = replace(setting, plain=True)
    again = play_case(house, found.seed, plain, found.steps)
    if again.laws & found.laws:
        best, setting = again, plain
    while place < len(best.steps) and tries < MOST_TRIES:
        tries += 1
        fewer = (*best.steps[:place], *best.steps[place + 1 :])
        again = play_case(house, found.seed, setting, fewer)
        if again.laws & found.laws:
            best = again
        else:
            place += 1
    return best, setting


def told(verdict: Verdict) -> str:
    """What a reader needs: what happened, step by step, and what should have been otherwise."""
    lines = [f"seed {verdict.seed}, {len(verdict.steps)} steps", *(f"  {line}" for line in verdict.story)]
    return "\n".join([*lines, *(f"  WRONG {line}" for line in verdict.wrong)])
