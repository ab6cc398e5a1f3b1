"""What a product is tempted to pass over: edits seconds after its own write, and changes of nothing but their case.

Each is judged right after the next look, since a later one may put it right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.campaign import hands, okr_rows
from tests.campaign.judge_at_once import judge_at_once
from tests.campaign.play import Play
from tests.campaign.sheet import Cell, Sheet
from tests.campaign.steps_of_shape import Act
from tests.campaign.steps_of_time import check_in_by_form
from tests.campaign.steps_of_typing import EDITORS, is_input, type_good

SOON_SECONDS = 5
# Longer ones are shortened in the page.
LONGEST = 100
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
    "type in another case": (3, type_in_another_case),
    "title in another case": (2, _renamed(_title_in_another_case)),
    "owner in another case": (1, _renamed(_owner_in_another_case)),
    "next step in another case": (1, _renamed(_next_step_in_another_case)),
}
