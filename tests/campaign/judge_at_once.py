"""What must be true right after a look that nothing disturbed: whatever was typed or said before it is dealt with."""

from __future__ import annotations

from collections.abc import Iterator

from connector.store.tables import TableState
from tests.campaign.judge_figures import judge_figures
from tests.campaign.judge_typed import TypedJudge
from tests.campaign.play import Play

AFTER_THE_LOOK = "right after the look"


def judge_at_once(play: Play, *, was_said: bool = False) -> Iterator[str]:
    """One line for each thing that waits. ``was_said``: by a form, or by changing an OKR, which no budget holds up."""
    sheet = play.sheet()
    if sheet is None or play.malformed or play.wiki.status != "current":
        return
    wrong = list(TypedJudge(play).judge(AFTER_THE_LOOK))
    if was_said and sheet.header is not None and play.tenant.table.state is TableState.CURRENT:
        wrong += judge_figures(play, sheet, play.clock.now())
    yield from (f"m: {AFTER_THE_LOOK}, {line}" for line in wrong)
