"""What may happen in a case: people, time, Jira and the wire, each as one step drawn by its own seed.

A step gives its outcome in a few words, for the count of what was covered.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.campaign import hands
from tests.campaign.bodies import random_piece
from tests.campaign.play import Play
from tests.campaign.sheet import Sheet
from tests.campaign.steps_of_time import check_in_by_form, counts_change, quiet_days, storm, time_passes
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
from tests.campaign.verdict import Step
from tests.campaign.wire import Cut, killed, reply_lost
from tests.site.roster import PEOPLE

Act = Callable[[Play, Random], str]


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


# ---- what people do to the page and to the shape of our table


def _reshape(change: Callable[[Sheet, Random, str], str | None]) -> Act:
    def act(play: Play, chance: Random) -> str:
        sheet = play.sheet()
        if sheet is None:
            return "not readable"
        by, mark = anybody(chance), play.own_mark()
        play.say(f"{by.display_name}, mark {mark}")
        return play.publish(change(sheet, chance, mark), by)

    return act


def _outside(sheet: Sheet, chance: Random, mark: str) -> str:
    return hands.write_outside(sheet, chance, random_piece(chance) if chance.random() < 0.5 else f"<p>{mark}</p>")


def _own_words(sheet: Sheet, chance: Random, mark: str) -> str | None:
    """Into a row or column of their own, if there is one."""
    cells = [cell for row in sheet.rows if not row.key for cell in row.cells if hands.OWN.search(sheet.text(cell))]
    return hands.add_words(sheet, chance.choice(cells), mark) if cells else None


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


def comment(play: Play, chance: Random) -> str:
    """An inline comment, mostly in our table."""
    sheet = play.sheet()
    if sheet is None:
        return "not readable"
    found = [cell for row in sheet.rows for cell in row.cells]
    where = chance.choice(found) if found and chance.random() < 0.8 else sheet.root
    ref = play.wiki.comment(hands.words_to_comment_on(sheet, where, chance), anybody(chance))
    if not ref:
        return "no words"
    play.refs[ref] = "made"
    play.say(f"comments {ref} on {sheet.text(where)[:80]!r}")
    return "made"


def draft_opens(play: Play, chance: Random) -> str:
    """Somebody types without publishing; the service looks; then it is published, discarded, or left open."""
    sheet = play.sheet()
    if sheet is None or not play.wiki.open_draft(_outside(sheet, chance, play.own_mark()), EDITORS[0]):
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


def retitled(play: Play, chance: Random) -> str:
    return "saved" if play.wiki.retitle(f"OKRs {play.name()}", anybody(chance)) else "refused"


# ---- the service looks, and things happen on its way


def look(play: Play, _: Random) -> str:
    return play.look()


def _look_with(make: Callable[[Play, Random], Cut]) -> Act:
    """Something is to be written, and this happens on the way."""

    def act(play: Play, chance: Random) -> str:
        if chance.random() < 0.8:
            check_in_by_form(play, chance)
        return play.look(make(play, chance))

    return act


def _edit_before_write(play: Play, chance: Random) -> Cut:
    edit = chance.choice((type_good, type_good, type_bad, STEPS["write outside"][1], STEPS["add a row"][1]))
    return Cut(1, lambda: play.say(f"between read and write → {edit(play, chance)}"), at_write=True)


def _edit_after_write(play: Play, chance: Random) -> Cut:
    edit = chance.choice((type_good, type_bad, STEPS["write outside"][1]))
    return Cut(1, lambda: play.say(f"right after the write → {edit(play, chance)}"), after=True, at_write=True)


def _comment_before_write(play: Play, chance: Random) -> Cut:
    return Cut(1, lambda: play.say(f"comment between read and write → {comment(play, chance)}"), at_write=True)


def _reply_lost(_play: Play, chance: Random) -> Cut:
    return Cut(1, reply_lost, after=chance.random() < 0.7, at_write=True)


def _killed(_play: Play, chance: Random) -> Cut:
    return Cut(chance.randrange(1, 10), killed, after=chance.random() < 0.5)


def _call_lost(_play: Play, chance: Random) -> Cut:
    return Cut(chance.randrange(1, 8), reply_lost, after=chance.random() < 0.5)


STEPS: dict[str, tuple[int, Act]] = {
    "look": (10, look),
    "check-in by form": (3, check_in_by_form),
    "counts change": (3, counts_change),
    "time passes": (3, time_passes),
    "storm of changes": (1, storm),
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
    "write outside": (3, _reshape(_outside)),
    "cut outside": (1, _reshape(lambda sheet, chance, _: hands.cut_outside(sheet, chance))),
    "write above the table": (1, _reshape(lambda sheet, _, mark: hands.write_above(sheet, mark))),
    "add a row": (2, _reshape(hands.add_row)),
    "add a column": (2, _reshape(hands.add_column)),
    "add words of their own": (1, _reshape(_own_words)),
    "delete a row": (1, _reshape(lambda sheet, chance, _: hands.delete_row(sheet, chance))),
    "sort rows": (2, _reshape(lambda sheet, chance, _: hands.shuffle_rows(sheet, chance))),
    "double a row": (1, _reshape(lambda sheet, chance, _: hands.double_row(sheet, chance))),
    "rename a header": (1, _reshape(hands.rename_header)),
    "header goes": (1, header_goes_and_comes),
    "copy the table": (1, _reshape(lambda sheet, chance, _: hands.copy_region(sheet, chance))),
    "take the table away": (1, _reshape(lambda sheet, _, __: hands.take_region_away(sheet))),
    "restore a version": (2, restore_version),
    "comment": (4, comment),
    "draft": (2, draft_opens),
    "archive or trash": (1, archived_and_back),
    "restrict": (1, restricted_and_open),
    "new title": (1, retitled),
    "edit between read and write": (3, _look_with(_edit_before_write)),
    "edit right after the write": (2, _look_with(_edit_after_write)),
    "comment between read and write": (3, _look_with(_comment_before_write)),
    "reply of the write lost": (2, _look_with(_reply_lost)),
    "call lost": (1, _look_with(_call_lost)),
    "killed": (3, _look_with(_killed)),
}
