"""What a product is tempted to pass over: edits seconds after its own write, and changes of nothing but their case.

Each is judged right after the next look, since a later one may put it right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from connector.store.tables import TableState
from tests.campaign import hands, okr_rows
from tests.campaign.judge_at_once import judge_at_once
from tests.campaign.play import Play
from tests.campaign.sheet import Cell, Sheet
from tests.campaign.steps_of_shape import Act, write_outside
from tests.campaign.steps_of_time import check_in_by_form, mornings
from tests.campaign.steps_of_typing import EDITORS, is_input, type_good, type_nothing
from tests.campaign.wire import Cut

SOON_SECONDS = 5
# Longer ones are shortened in the page.
LONGEST = 100
# Reading, the draft, reading again, writing.
CALLS_BEFORE_THE_WRITE = 4
_CHANGING = ("next_step", "progress", "now", "confidence", "owner")
_TEXTS = ("next_step", "note", "blockers")


def type_soon_after_the_write(play: Play, chance: Random) -> str:
    """We write, somebody types seconds later, and we look again seconds after that."""
    check_in_by_form(play, chance)
    outcome = play.look()
    if "write" not in outcome:
        return "nothing was written"
    typed = type_good(play, chance)
    play.tenant.look(after=SOON_SECONDS)
    play.say(f"the service looked again; state {play.tenant.table.state}")
    play.broken += judge_at_once(play)
    return typed


def own_act_beside_an_edit(play: Play, chance: Random) -> str:
    """Somebody says something by form and is answered at once, although somebody else publishes on the way."""
    play.look()
    check_in_by_form(play, chance)
    edit, number = chance.choice((type_good, write_outside)), chance.randrange(1, CALLS_BEFORE_THE_WRITE + 1)
    outcome = play.answer(Cut(number, lambda: play.say(f"before call {number} → {edit(play, chance)}")))
    play.broken += judge_at_once(play, was_said=True)
    return outcome


def restore_what_was_typed(play: Play, chance: Random) -> str:
    """Somebody types, says something else by form, and an older version with the first is restored."""
    typed = type_good(play, chance)
    number = play.wiki.number
    play.look()
    for kr in play.okrs.key_results:
        okr_rows.say_by_form(play.tenant, kr.key, chance, kr.owner, f"fm{play.name()}z")
    play.look()
    play.say(f"restores version {number}")
    if typed != "saved" or not play.wiki.restore(number, chance.choice(EDITORS)):
        return "not restored"
    play.look()
    play.broken += judge_at_once(play)
    return "restored"


def comment_on_what_changes(play: Play, chance: Random) -> str:
    """An inline comment in a row, then something else is said of its key result."""
    play.look()
    sheet = play.sheet()
    keys = sorted(sheet.by_key.keys() & play.okrs.by_key.keys()) if sheet is not None else []
    if sheet is None or not keys:
        return "no table"
    kr = play.okrs.by_key[chance.choice(keys)]
    cells = [cell for column in _CHANGING if (cell := sheet.cell(kr.key, column)) is not None]
    found = [text for cell in cells if (text := hands.words_to_comment_on(sheet, cell, chance))]
    ref = play.wiki.comment(chance.choice(found), chance.choice(EDITORS)) if found else ""
    if not ref:
        return "no words"
    play.refs[ref] = "made"
    okr_rows.say_by_form(play.tenant, kr.key, chance, kr.owner, f"fm{play.name()}z")
    return f"made, {play.look()}"


def empty_again_and_again(play: Play, chance: Random) -> str:
    """What was only emptied is filled again once a day; whoever empties it is not argued with."""
    check_in_by_form(play, chance)
    play.look()
    play.look()
    table, before, began = play.tenant.table, len(play.heard.written), play.clock.now()
    if table.state is not TableState.CURRENT or table.findings or table.written_at is None:
        return "not at rest"
    for _ in range(chance.randrange(1, 4)):
        type_nothing(play, chance)
        play.look()
    wrote, allowed = len(play.heard.written) - before, mornings(play, play.clock.now() - began)
    if wrote > allowed + (table.written_at.date() < began.date()):
        play.broken.append(f"e once a day: {wrote} versions in {allowed} mornings, and cells were only emptied")
    return f"{wrote} writes"


def type_in_another_case(play: Play, chance: Random) -> str:
    """A person changes nothing but the case of a text in our table."""
    play.look()
    sheet = play.sheet()
    cells = _with_case(play, sheet) if sheet is not None else []
    if sheet is None or not cells:
        return "no words"
    cell = chance.choice(cells)
    text = other_case(sheet.inputs[cell])
    by = chance.choice(EDITORS)
    play.note_meaning(cell[1], text, text)
    play.say(f"{by.display_name} types {text!r} into {cell}")
    outcome = play.publish(hands.type_into(sheet, {cell: text}), by)
    play.look()
    play.broken += judge_at_once(play)
    return outcome


def _with_case(play: Play, sheet: Sheet) -> list[Cell]:
    okrs = play.okrs.by_key
    return [
        (key, column)
        for (key, column), text in sorted(sheet.inputs.items())
        if column in _TEXTS and key in okrs and is_input(okrs[key], column) and len(text) <= LONGEST and _has_case(text)
    ]


def _renamed(change: Callable[[Play, Random], bool]) -> Act:
    def act(play: Play, chance: Random) -> str:
        play.look()
        if not change(play, chance):
            return "nothing has a case"
        play.look()
        play.broken += judge_at_once(play, was_said=True)
        return "renamed"

    return act


def _title_in_another_case(play: Play, chance: Random) -> bool:
    return _changed(play, chance, "title")


def _owner_in_another_case(play: Play, chance: Random) -> bool:
    return play.choice.check_in_by == "editors" and _changed(play, chance, "owner")


def _changed(play: Play, chance: Random, what: str) -> bool:
    kr = chance.choice(play.okrs.key_results)
    text = other_case(str(getattr(kr, what)))
    new = replace(kr, title=text) if what == "title" else replace(kr, owner=text)
    play.say(f"the {what} of {kr.key} becomes {text!r}")
    okr_rows.change(play.tenant, kr, new)
    play.okrs.key_results[play.okrs.key_results.index(kr)] = new
    return True


def _next_step_in_another_case(play: Play, chance: Random) -> bool:
    said = play.tenant.check_ins([kr.key for kr in play.okrs.key_results])
    last = {
        key: next((each.next_step for each in reversed(found) if each.next_step), "") for key, found in said.items()
    }
    keys = sorted(key for key, text in last.items() if _has_case(text))
    if not keys:
        return False
    key = chance.choice(keys)
    kr, text = play.okrs.by_key[key], other_case(last[key])
    play.say(f"{kr.owner} says by form {key}: {text!r}")
    okr_rows.say_next_step(play.tenant, key, text, kr.owner, f"fm{play.name()}z")
    return True


def other_case(text: str) -> str:
    """The same text but for its case: all of it large, or small where it is large already."""
    return text.upper() if text.upper() != text else text.lower()


def _has_case(text: str) -> bool:
    other = other_case(text)
    return other != text and other.lower() == text.lower()


MOMENTS: dict[str, tuple[int, Act]] = {
    "type soon after the write": (3, type_soon_after_the_write),
    "own act beside an edit": (3, own_act_beside_an_edit),
    "restore what was typed": (2, restore_what_was_typed),
    "comment on what changes": (2, comment_on_what_changes),
    "empty again and again": (2, empty_again_and_again),
    "type in another case": (3, type_in_another_case),
    "title in another case": (2, _renamed(_title_in_another_case)),
    "owner in another case": (1, _renamed(_owner_in_another_case)),
    "next step in another case": (1, _renamed(_next_step_in_another_case)),
}
