"""One case from its seed to its verdict: play the steps, let everything heal, then judge."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from random import Random

from connector.store.tables import TableState
from tests.campaign.house import House
from tests.campaign.judge_comments import judge_comments
from tests.campaign.judge_figures import after_the_morning, judge_figures
from tests.campaign.judge_typed import TypedJudge
from tests.campaign.judge_writes import judge_writes
from tests.campaign.play import Play, Setting, open_play
from tests.campaign.steps import draw_steps, take_step
from tests.campaign.verdict import Faults, Step, Verdict
from tests.site.roster import PEOPLE

MOST_HEALING_LOOKS = 12


def play_case(house: House, seed: int, setting: Setting, steps: Sequence[Step] | None = None) -> Verdict:
    """The case of this seed, or the same start with other steps."""
    taken = tuple(draw_steps(Random(f"{seed} steps")) if steps is None else steps)
    faults = Faults()
    logging.getLogger("sync").addHandler(faults)
    play = open_play(house, seed, setting)
    try:
        wrong = tuple(_play(play, taken, faults))
    finally:
        logging.getLogger("sync").removeHandler(faults)
        play.wiki.close()
    return Verdict(seed, taken, wrong, tuple(play.story), play.coverage)


def _play(play: Play, steps: Sequence[Step], faults: Faults) -> Iterator[str]:
    for number, step in enumerate(steps):
        play.heard.step = number
        take_step(play, step)
    play.heard.step = len(steps)
    _heal(play)
    yield from _judge(play)
    yield from (f"k: {fault}" for fault in faults.found)


def _heal(play: Play) -> None:
    """Whatever people can put right is put right; then time passes until nothing is written any more."""
    play.say("everything heals")
    play.wiki.discard_draft()
    play.wiki.restrict(None)
    if play.wiki.status != "current":
        play.wiki.bring_back(PEOPLE[0])
    for _ in range(MOST_HEALING_LOOKS):
        play.clock.advance(minutes=35)
        before = len(play.heard.written)
        play.look()
        if len(play.heard.written) == before:
            break
    else:
        play.broken.append(f"f: it was still writing after {MOST_HEALING_LOOKS} looks")
    morning = after_the_morning(play.clock.now())
    play.clock.advance(seconds=(morning - play.clock.now()).total_seconds())
    play.look()
    before = len(play.heard.written)
    play.look()
    if len(play.heard.written) != before:
        play.broken.append("f: a second look at the end wrote again")


def _judge(play: Play) -> Iterator[str]:
    yield from play.broken
    yield from judge_writes(play.heard.written, {kr.key: kr.objective_key for kr in play.okrs.key_results})
    for refused in play.heard.refused_status:
        if not refused.startswith(("409", "403", "404")) and "cannot be edited" not in refused:
            yield f"g: the site refused what we sent: {refused}"
    parked = play.tenant.line.set_aside()
    if parked:
        yield f"k: set aside: {[(each.kind, each.reason) for each in parked]}"
    if play.malformed:
        yield from _judge_malformed(play)
        return
    yield from judge_comments(play)
    yield from TypedJudge(play).judge()
    yield from _judge_end(play)


def _judge_malformed(play: Play) -> Iterator[str]:
    if play.heard.written and _still_malformed(play):
        yield "h: a body that is not well-formed was written"
    if _still_malformed(play) and play.tenant.table.state in (TableState.CURRENT, TableState.WAITING):
        yield f"h: a body that is not well-formed is not reported; state {play.tenant.table.state}"


def _still_malformed(play: Play) -> bool:
    return play.sheet() is None


def _judge_end(play: Play) -> Iterator[str]:
    state, sheet = play.tenant.table.state, play.sheet()
    play.coverage["end", str(state)] += 1
    if sheet is None:
        return
    if sheet.region is None:
        if state is not TableState.REMOVED:
            yield f"i: the table was taken away, and its state is {state}"
        return
    if state is TableState.REMOVED:
        yield "i: the table stands in the page, and its state is removed"
    if state is TableState.CURRENT and sheet.header is not None:
        yield from judge_figures(play, sheet, play.clock.now())
    if state not in (TableState.CURRENT, TableState.NOT_READABLE):
        yield f"f: after everything healed its state is {state}: {play.tenant.table.state_detail}"
