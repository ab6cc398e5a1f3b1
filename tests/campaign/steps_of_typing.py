"""What people type into our table."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from mapping.okr import KeyResult, Kind, Source
from tests.campaign import hands, notations
from tests.campaign.play import Play
from tests.campaign.sheet import INPUTS
from tests.site.accounts import Account
from tests.site.roster import OTHER_ANA, PEOPLE, SYNC, TIDY_BOT

EDITORS = PEOPLE[:4]
MANY_CELLS = 6
SECONDS_BETWEEN = 7


def type_good(play: Play, chance: Random) -> str:
    return _type(play, chance, 1, anybody(chance), _good)


def type_good_in_several(play: Play, chance: Random) -> str:
    return _type(play, chance, chance.randrange(2, 6), anybody(chance), _good)


def type_in_many(play: Play, chance: Random) -> str:
    return _type(play, chance, MANY_CELLS + chance.randrange(3), anybody(chance), _good)


def type_bad(play: Play, chance: Random) -> str:
    return _type(play, chance, 1, anybody(chance), _bad)


def type_nothing(play: Play, chance: Random) -> str:
    """Cells are emptied."""
    return _type(play, chance, chance.randrange(1, 3), anybody(chance), _nothing)


def several_editors(play: Play, chance: Random) -> str:
    """Three people, one after the other, between two looks."""
    done = [_type(play, chance, 1, by, _good) for by in chance.sample(EDITORS, 3)]
    return "saved" if "saved" in done else done[-1]


def bot_types(play: Play, chance: Random) -> str:
    return _type(play, chance, 1, TIDY_BOT, _good)


def our_account_types(play: Play, chance: Random) -> str:
    """Somebody signed in as the account that the service uses."""
    return _type(play, chance, 1, SYNC, _good)


def type_in_computed(play: Play, chance: Random) -> str:
    sheet = play.sheet()
    if sheet is None or not sheet.by_key or not (columns := hands.computed_columns(sheet)):
        return "no table"
    cell = (chance.choice(sorted(sheet.by_key)), chance.choice(columns))
    text = f"cc{play.name()}z"
    play.say(f"types {text!r} into the computed cell {cell}")
    return play.publish(hands.type_into(sheet, {cell: text}), chance.choice(EDITORS))


Writer = Callable[[Play, Random, KeyResult, str], str | None]


def _type(play: Play, chance: Random, cells: int, by: Account, write: Writer) -> str:
    sheet = play.sheet()
    if sheet is None or not sheet.inputs:
        return "no table"
    found = [cell for cell in sorted(sheet.inputs) if cell[0] in play.okrs.by_key]
    typed: dict[tuple[str, str], str] = {}
    for cell in chance.sample(found, min(cells, len(found))):
        text = write(play, chance, play.okrs.by_key[cell[0]], cell[1])
        if text is not None:
            typed[cell] = text
    play.clock.advance(seconds=SECONDS_BETWEEN)
    play.say(f"{by.display_name} types {typed}")
    return play.publish(hands.type_into(sheet, typed), by, in_editor=chance.random() < 0.8)


def _good(play: Play, chance: Random, kr: KeyResult, column: str) -> str:
    typing = notations.good(chance, column, play.choice.language, kr.unit, f"ns{play.name()}z")
    play.note_meaning(column, typing.text, typing.meaning)
    return typing.text


def _bad(play: Play, chance: Random, _: KeyResult, column: str) -> str | None:
    typing = notations.bad(chance, column)
    if typing is None:
        return None
    play.note_meaning(column, typing.text, None)
    return typing.text


def _nothing(_play: Play, _chance: Random, _kr: KeyResult, _column: str) -> str:
    return ""


def anybody(chance: Random) -> Account:
    return chance.choice((*EDITORS, OTHER_ANA))


def is_input(kr: KeyResult, column: str) -> bool:
    """Whether a person may type there: not where the value comes from Jira, or from steps."""
    if column not in INPUTS or kr.dropped_on is not None:
        return False
    return column != "now" or (kr.source is Source.CHECK_INS and kr.kind is not Kind.MILESTONE)
