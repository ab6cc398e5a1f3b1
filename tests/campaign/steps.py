"""What may happen in a case: people, time, Jira and the wire, each as one step drawn by its own seed.

A step gives its outcome in a few words, for the count of what was covered.
"""

from __future__ import annotations

from random import Random

from tests.campaign import hands
from tests.campaign.play import Play
from tests.campaign.steps_of_moments import MOMENTS
from tests.campaign.steps_of_shape import SHAPE_STEPS, Act, outside
from tests.campaign.steps_of_time import (
    check_in_by_form,
    counts_change,
    quiet_days,
    storm,
    storm_in_two_tables,
    time_passes,
)
from tests.campaign.steps_of_typing import (
    EDITORS,
    SECONDS_BETWEEN,
    anybody,
    bot_types,
    our_account_types,
    several_editors,
    type_bad,
    type_good,
    type_good_in_several,
    type_in_computed,
    type_in_many,
    type_nothing,
)
from tests.campaign.steps_on_the_way import ON_THE_WAY
from tests.campaign.verdict import Step
from tests.site.roster import PEOPLE


def draw_steps(chance: Random) -> list[Step]:
    """3 to 12 steps, after a first look that writes the table."""
    kinds = [kind for kind, (weight, _) in STEPS.items() for _ in range(weight)]
    drawn = [Step(chance.choice(kinds), chance.getrandbits(32)) for _ in range(chance.randrange(3, 13))]
    return [Step("look", 0), *drawn]


def take_step(play: Play, step: Step) -> None:
    """Do it, and tell it."""
    act = STEPS[step.kind][1]
    play.clock.advance(seconds=SECONDS_BETWEEN)
    outcome = act(play, Random(step.seed))
    play.coverage[step.kind, outcome] += 1
    play.say(f"{step.kind} → {outcome}")


# ---- what people do to the page


def restore_version(play: Play, chance: Random) -> str:
    if play.wiki.number < 2:
        return "only one version"
    number = chance.randrange(1, play.wiki.number)
    play.say(f"restores version {number}")
    return "saved" if play.wiki.restore(number, anybody(chance)) else "refused"


def header_goes_and_comes(play: Play, chance: Random) -> str:
    """Without its header row nobody can read the table; somebody puts it back."""
    before = play.sheet()
    if before is None or play.publish(hands.drop_header(before), anybody(chance)) != "saved":
        return "no table"
    play.look()
    now = play.sheet()
    if now is None or chance.random() < 0.3:
        return "gone"
    return f"back, {play.publish(hands.own_header_back(now, before), anybody(chance))}"


def draft_opens(play: Play, chance: Random) -> str:
    """Somebody types without publishing; the service looks; then it is published, discarded, or left open."""
    sheet = play.sheet()
    if sheet is None or not play.wiki.open_draft(outside(sheet, chance, play.own_mark()), EDITORS[0]):
        return "not opened"
    if chance.random() < 0.7:
        check_in_by_form(play, chance)
    play.look()
    end = chance.choice(("published", "discarded", "left"))
    draft = play.wiki.draft
    if end == "discarded":
        play.wiki.discard_draft()
    elif end == "published" and draft is not None:
        return f"published, {play.publish(draft, EDITORS[0])}"
    return end


def archived_and_back(play: Play, chance: Random) -> str:
    trash = chance.random() < 0.4
    play.wiki.trash(PEOPLE[0]) if trash else play.wiki.archive()
    check_in_by_form(play, chance)
    play.look()
    if chance.random() < 0.8:
        play.wiki.bring_back(PEOPLE[0])
    return f"{'trash' if trash else 'archive'}, {play.wiki.status}"


def restricted_and_open(play: Play, chance: Random) -> str:
    play.wiki.restrict(PEOPLE[0])
    check_in_by_form(play, chance)
    play.look()
    if chance.random() < 0.8:
        play.wiki.restrict(None)
        return "open again"
    return "restricted"


def look(play: Play, _: Random) -> str:
    return play.look()


STEPS: dict[str, tuple[int, Act]] = {
    "look": (10, look),
    "check-in by form": (3, check_in_by_form),
    "counts change": (3, counts_change),
    "time passes": (3, time_passes),
    "storm of changes": (1, storm),
    "storm in two tables": (2, storm_in_two_tables),
    "quiet days": (1, quiet_days),
    "type": (8, type_good),
    "type in several cells": (3, type_good_in_several),
    "type in many cells": (1, type_in_many),
    "type what nobody understands": (3, type_bad),
    "empty cells": (2, type_nothing),
    "several editors": (2, several_editors),
    "a bot types": (1, bot_types),
    "our account types": (1, our_account_types),
    "type in a computed cell": (2, type_in_computed),
    "header goes": (1, header_goes_and_comes),
    **SHAPE_STEPS,
    "restore a version": (2, restore_version),
    "draft": (2, draft_opens),
    "archive or trash": (1, archived_and_back),
    "restrict": (1, restricted_and_open),
    **ON_THE_WAY,
    **MOMENTS,
}
