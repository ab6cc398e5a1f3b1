"""What people do to the shape of our table, and to what stands around it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.campaign import hands
from tests.campaign.bodies import random_piece
from tests.campaign.play import Play
from tests.campaign.sheet import Sheet
from tests.campaign.steps_of_typing import anybody

Act = Callable[[Play, Random], str]


def retitled(play: Play, chance: Random) -> str:
    return "saved" if play.wiki.retitle(f"OKRs {play.name()}", anybody(chance)) else "refused"


def outside(sheet: Sheet, chance: Random, mark: str) -> str:
    return hands.write_outside(sheet, chance, random_piece(chance) if chance.random() < 0.5 else f"<p>{mark}</p>")


def _reshape(change: Callable[[Sheet, Random, str], str | None]) -> Act:
    def act(play: Play, chance: Random) -> str:
        sheet = play.sheet()
        if sheet is None:
            return "not readable"
        by, mark = anybody(chance), play.own_mark()
        play.say(f"{by.display_name}, mark {mark}")
        return play.publish(change(sheet, chance, mark), by)

    return act


def _own_words(sheet: Sheet, chance: Random, mark: str) -> str | None:
    """Into a row or column of their own, if there is one."""
    cells = [cell for row in sheet.rows if not row.key for cell in row.cells if hands.OWN.search(sheet.text(cell))]
    return hands.add_words(sheet, chance.choice(cells), mark) if cells else None


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


write_outside = _reshape(outside)
add_a_row = _reshape(hands.add_row)
SHAPE_STEPS: dict[str, tuple[int, Act]] = {
    "write outside": (3, write_outside),
    "cut outside": (1, _reshape(lambda sheet, chance, _: hands.cut_outside(sheet, chance))),
    "write above the table": (1, _reshape(lambda sheet, _, mark: hands.write_above(sheet, mark))),
    "add a row": (2, add_a_row),
    "add a column": (2, _reshape(hands.add_column)),
    "add words of their own": (1, _reshape(_own_words)),
    "delete a row": (1, _reshape(lambda sheet, chance, _: hands.delete_row(sheet, chance))),
    "sort rows": (2, _reshape(lambda sheet, chance, _: hands.shuffle_rows(sheet, chance))),
    "double a row": (1, _reshape(lambda sheet, chance, _: hands.double_row(sheet, chance))),
    "rename a header": (1, _reshape(hands.rename_header)),
    "copy the table": (1, _reshape(lambda sheet, chance, _: hands.copy_region(sheet, chance))),
    "take the table away": (1, _reshape(lambda sheet, _, __: hands.take_region_away(sheet))),
    "comment": (4, comment),
    "new title": (1, retitled),
}
