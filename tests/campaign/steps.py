"""What may happen in a case: people, time, Jira and the wire, each as one step drawn by its own seed.

A step gives its outcome in a few words, for the count of what was covered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from mapping.okr import KeyResult, Kind, Source
from tests.campaign import hands, notations, okr_rows
from tests.campaign.bodies import random_piece
from tests.campaign.play import Play
from tests.campaign.sheet import INPUTS, Sheet
from tests.campaign.wire import Cut, killed, reply_lost
from tests.site.accounts import Account
from tests.site.roster import OTHER_ANA, PEOPLE, SYNC, TIDY_BOT

Act = Callable[[Play, Random], str]
EDITORS = PEOPLE[:4]
MANY_CELLS = 6
SECONDS_BETWEEN = 7


@dataclass(frozen=True)
class Step:
    kind: str
    seed: int


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


# ---- what people do by our own screens, and what Jira and time bring


def check_in_by_form(play: Play, chance: Random) -> str:
    kr = chance.choice(play.okrs.key_results)
    said = okr_rows.say_by_form(play.tenant, kr.key, chance, kr.owner, f"fm{play.name()}z")
    play.say(f"{kr.owner} says by form {kr.key}: {said.value}, {said.confidence}, {said.next_step!r}")
    return "said"


def counts_change(play: Play, chance: Random) -> str:
    if not play.okrs.epics:
        return "no epic"
    epic = play.okrs.epics[chance.choice(sorted(play.okrs.epics))]
    total = max(epic.counts[1] + chance.choice((-1, 0, 0, 3)), 1)
    changed = replace(epic, counts=(min(chance.randrange(total + 1), total), total, 0))
    play.okrs.epics[epic.issue_id] = changed
    keys = [link.key_result_key for link in play.okrs.links if link.issue_id == epic.issue_id]
    okr_rows.count_again(play.tenant, changed, keys)
    return "changed" if changed != epic else "same"


def time_passes(play: Play, chance: Random) -> str:
    minutes = chance.choice((1, 5, 31, 60, 6 * 60, 22 * 60, 3 * 24 * 60, 15 * 24 * 60))
    play.clock.advance(minutes=minutes)
    return f"{minutes} minutes"


def storm(play: Play, chance: Random) -> str:
    """Many changes in Jira within minutes, each seen by the service."""
    play.look()
    began, before = play.clock.now(), len(play.wire.written)
    for _ in range(chance.randrange(6, 10)):
        counts_change(play, chance)
        play.clock.advance(minutes=chance.randrange(3))
        play.look()
    wrote, passed = len(play.wire.written) - before, play.clock.now() - began
    allowed = 4 + passed // timedelta(minutes=30) + 1 + _mornings(play, passed)
    if wrote > allowed:
        play.broken.append(f"e budget: {wrote} versions in {passed} of changes in Jira alone, {allowed} are allowed")
    return f"{min(wrote, 5)} writes"


def quiet_days(play: Play, chance: Random) -> str:
    """Nobody does anything for some days."""
    play.clock.advance(hours=2)
    play.look()
    play.look()
    before = len(play.wire.written)
    began = play.clock.now()
    for _ in range(chance.randrange(3, 8)):
        play.clock.advance(hours=chance.choice((1, 3, 5, 9)))
        play.look()
    wrote, allowed = len(play.wire.written) - before, _mornings(play, play.clock.now() - began)
    if wrote > allowed:
        play.broken.append(f"e once a day: {wrote} versions in {allowed} mornings without any act")
    return f"{wrote} writes"


def _mornings(play: Play, passed: timedelta) -> int:
    six = timedelta(hours=6)
    return ((play.clock.now() - six).date() - (play.clock.now() - passed - six).date()).days


# ---- what people type into our table


def type_good(play: Play, chance: Random) -> str:
    return _type(play, chance, 1, _anybody(chance), _good)


def type_good_in_several(play: Play, chance: Random) -> str:
    return _type(play, chance, chance.randrange(2, 6), _anybody(chance), _good)


def type_in_many(play: Play, chance: Random) -> str:
    return _type(play, chance, MANY_CELLS + chance.randrange(3), _anybody(chance), _good)


def type_bad(play: Play, chance: Random) -> str:
    return _type(play, chance, 1, _anybody(chance), _bad)


def type_nothing(play: Play, chance: Random) -> str:
    """Cells are emptied."""
    return _type(play, chance, chance.randrange(1, 3), _anybody(chance), _nothing)


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


def _anybody(chance: Random) -> Account:
    return chance.choice((*EDITORS, OTHER_ANA))


def is_input(kr: KeyResult, column: str) -> bool:
    """Whether a person may type there: not where the value comes from Jira, or from steps."""
    if column not in INPUTS or kr.dropped_on is not None:
        return False
    return column != "now" or (kr.source is Source.CHECK_INS and kr.kind is not Kind.MILESTONE)


# ---- what people do to the page and to the shape of our table


def _reshape(change: Callable[[Sheet, Random, str], str | None]) -> Act:
    def act(play: Play, chance: Random) -> str:
        sheet = play.sheet()
        if sheet is None:
            return "not readable"
        by, mark = _anybody(chance), play.own_mark()
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
    return "saved" if play.wiki.restore(number, _anybody(chance)) else "refused"


def header_goes_and_comes(play: Play, chance: Random) -> str:
    """Without its header row nobody can read the table; somebody puts it back."""
    before = play.sheet()
    if before is None or play.publish(hands.drop_header(before), _anybody(chance)) != "saved":
        return "no table"
    play.look()
    now = play.sheet()
    if now is None or chance.random() < 0.3:
        return "gone"
    return f"back, {play.publish(hands.own_header_back(now, before), _anybody(chance))}"


def comment(play: Play, chance: Random) -> str:
    """An inline comment, mostly in our table."""
    sheet = play.sheet()
    if sheet is None:
        return "not readable"
    found = [cell for row in sheet.rows for cell in row.cells]
    where = chance.choice(found) if found and chance.random() < 0.8 else sheet.root
    ref = play.wiki.comment(hands.words_to_comment_on(sheet, where, chance), _anybody(chance))
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
    return "saved" if play.wiki.retitle(f"OKRs {play.name()}", _anybody(chance)) else "refused"


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
