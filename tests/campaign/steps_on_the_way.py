"""The service looks, and things happen on its way."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.campaign.play import Play
from tests.campaign.steps_of_shape import Act, add_a_row, comment, retitled, write_outside
from tests.campaign.steps_of_time import check_in_by_form
from tests.campaign.steps_of_typing import type_bad, type_good
from tests.campaign.wire import Cut, killed, reply_lost

# The calls of one look that writes at once: reading, the draft, reading again, writing, reading it back and the version
# before; then the listing. Mostly before those between the first reading and the write: whoever trusts a later read
# writes over what came there. Where something was typed before, its authors are looked up first.
CALLS = (1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6, 7, 8)


def _look_with(make: Callable[[Play, Random], Cut]) -> Act:
    """Something is to be written, and this happens on the way."""

    def act(play: Play, chance: Random) -> str:
        if chance.random() < 0.8:
            check_in_by_form(play, chance)
        return play.look(make(play, chance))

    return act


def _edit_before_write(play: Play, chance: Random) -> Cut:
    edit = chance.choice((type_good, type_good, type_bad, write_outside, add_a_row))
    return Cut(1, lambda: play.say(f"between read and write → {edit(play, chance)}"), at_write=True)


def _edit_after_write(play: Play, chance: Random) -> Cut:
    edit = chance.choice((type_good, type_bad, write_outside))
    return Cut(1, lambda: play.say(f"right after the write → {edit(play, chance)}"), after=True, at_write=True)


def _edit_before_any_call(play: Play, chance: Random) -> Cut:
    """Also between two reads, or before the first; there is always something to write."""
    check_in_by_form(play, chance)
    edit = chance.choice((type_good, type_good, write_outside, add_a_row, retitled))
    number = chance.choice(CALLS)
    return Cut(number, lambda: play.say(f"before call {number} → {edit(play, chance)}"))


def _comment_before_write(play: Play, chance: Random) -> Cut:
    return Cut(1, lambda: play.say(f"comment between read and write → {comment(play, chance)}"), at_write=True)


def _reply_lost(_play: Play, chance: Random) -> Cut:
    return Cut(1, reply_lost, after=chance.random() < 0.7, at_write=True)


def _killed(_play: Play, chance: Random) -> Cut:
    return Cut(chance.randrange(1, 10), killed, after=chance.random() < 0.5)


def _call_lost(_play: Play, chance: Random) -> Cut:
    return Cut(chance.randrange(1, 8), reply_lost, after=chance.random() < 0.5)


ON_THE_WAY: dict[str, tuple[int, Act]] = {
    "edit before any call": (5, _look_with(_edit_before_any_call)),
    "edit between read and write": (3, _look_with(_edit_before_write)),
    "edit right after the write": (2, _look_with(_edit_after_write)),
    "comment between read and write": (3, _look_with(_comment_before_write)),
    "reply of the write lost": (2, _look_with(_reply_lost)),
    "call lost": (1, _look_with(_call_lost)),
    "killed": (3, _look_with(_killed)),
}
