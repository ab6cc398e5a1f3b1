"""What became of everything that people typed: exactly one check-in, or it stands and is reported, or somebody typed
something newer (DESIGN §6). The history of the page says who typed what; nothing here asks the product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.store.page_visits import TypedText
from connector.store.tables import PageTable, TableState
from mapping.okr import CheckIn, CheckInOrigin
from tests.campaign.markup import NotWellFormed, folded
from tests.campaign.notations import Meaning, plainly
from tests.campaign.okr_sets import REGION_ID
from tests.campaign.play import Play
from tests.campaign.sheet import Cell, Sheet, sheet_of
from tests.campaign.steps_of_typing import MANY_CELLS, is_input
from tests.campaign.wiki import Version
from tests.site.roster import OTHER_ANA, ROSTER, SYNC, TIDY_BOT

_COLUMNS = ("now", "confidence", "next_step", "note", "blockers")
_NAMES = {account.account_id: account.display_name for account in ROSTER}
_WAITING = {"not_understood", "not_allowed", "to_confirm"}
_WRITABLE = {TableState.CURRENT, TableState.HELD, TableState.WAITING}
_UNNAMED = "an account that Confluence does not name"
_ONE_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Typed:
    """A text that a person put into a cell in one version. ``usual``: nothing about the version asks for more care."""

    cell: Cell
    text: str
    meaning: Meaning
    version: Version
    usual: bool
    same_as_ours: bool


class TypedJudge:
    """One case's typing, judged at its end."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._ours = {one.number for one in play.heard.written}
        self._versions = play.wiki.versions()
        self._sheets = {version.number: _sheet(version.body) for version in self._versions}
        self._table: PageTable = play.tenant.table
        self._noted: list[TypedText] = play.tenant.typed_texts()
        self._said = self._check_ins()
        self._last = self._sheets[self._versions[-1].number]

    def judge(self, when: str = "typed") -> Iterator[str]:
        """One line for each thing that is wrong. ``when``: under what it is counted."""
        typed = list(self._all_typed())
        yield from self._nothing_out_of_thin_air()
        yield from self._nothing_noted_that_nobody_typed(typed)
        last: dict[Cell, Typed] = {}
        for one in typed:
            last[one.cell] = one
        for one in typed:
            if last[one.cell] is one:
                yield from self._end_of(one, when)

    # ---- what was typed

    def _all_typed(self) -> Iterator[Typed]:
        ours_shown: dict[Cell, str] = {}
        ours_lines = ""
        usual = True
        before: Sheet | None = None
        for new in self._versions:
            sheet = self._sheets[new.number]
            if sheet is None or sheet.header is None:
                continue  # nobody can say which cell is which; what is typed meanwhile shows when it can be read again
            earlier, before = before, sheet
            if new.number in self._ours:
                ours_shown, ours_lines, usual = sheet.inputs, sheet.lines, True
                continue
            if earlier is None:
                continue
            changed = self._changed(earlier, sheet)
            if _is_restored(new) and sheet.lines != ours_lines:
                # A version from before our last brings its texts itself, also where somebody had typed the same before.
                changed |= {cell: text for cell, text in sheet.inputs.items() if cell[0] in self._play.okrs.by_key}
            usual = usual and self._is_usual(new, sheet, ours_lines, len(changed))
            for cell, text in changed.items():
                same = self._means_the_same(cell, text, ours_shown.get(cell))
                yield Typed(cell, text, self._meaning(cell, text), new, usual, same)

    def _changed(self, before: Sheet, now: Sheet) -> dict[Cell, str]:
        texts = {cell: text for cell, text in now.inputs.items() if before.inputs.get(cell, "") != text}
        texts |= {cell: "" for cell in before.inputs if cell not in now.inputs}  # its row or column went away
        return {cell: text for cell, text in texts.items() if cell[0] in self._play.okrs.by_key}

    def _is_usual(self, version: Version, sheet: Sheet, ours_lines: str, changed: int) -> bool:
        return (
            not _is_restored(version)
            and version.author_id not in (TIDY_BOT.account_id, SYNC.account_id, OTHER_ANA.account_id)
            and changed < MANY_CELLS
            and len(sheet.regions) == 1
            and sheet.lines == ours_lines
            and len({row.key for row in sheet.rows if row.key}) == sum(1 for row in sheet.rows if row.key)
        )

    def _meaning(self, cell: Cell, text: str) -> Meaning:
        known = (cell[1], folded(text))
        if known in self._play.meanings:
            return self._play.meanings[known]
        return plainly(folded(text), cell[1], self._play.choice.language)

    def _means_the_same(self, cell: Cell, text: str, shown: str | None) -> bool:
        if shown is None:
            return False
        return folded(shown) == folded(text) or (
            (one := self._meaning(cell, text)) is not None and one == self._meaning(cell, shown)
        )

    # ---- what became of it

    def _end_of(self, one: Typed, when: str) -> Iterator[str]:
        key, column = one.cell
        if not folded(one.text):
            return
        if not is_input(self._play.okrs.by_key[key], column):
            return
        taken = [said for said in self._said if self._is_check_in_of(said, one)]
        outcome = self._outcome(one, taken)
        self._play.coverage[when, outcome] += 1
        if outcome.startswith("WRONG"):
            name = _NAMES.get(one.version.author_id, "?")
            yield (
                f"d: {name} typed {one.text!r} under {column} of {key} in version {one.version.number} (means "
                f"{one.meaning!r}): {outcome}. The cell says {self._standing(one)!r}; noted {self._notes(one)}; "
                f"findings {self._findings(one)}; check-ins {[*map(_told, self._said)]}"
            )

    def _outcome(self, one: Typed, taken: list[CheckIn]) -> str:
        if len(taken) > 1:
            return "WRONG: several check-ins"
        if taken:
            return self._of_taken(one)
        if one.same_as_ours or self._is_known(one):
            return "the same as is known"
        if self._last is None or self._last.cell_text(*one.cell) is None:
            return "its cell went away"
        if "taken" in self._notes(one) and any(_says(said, one.cell[1]) == one.meaning for said in self._said):
            return "was taken from the version in which it was typed first"
        if folded(self._standing(one)) == folded(one.text):
            return self._of_standing(one)
        return "its table was taken away" if self._was_taken_away_since(one) else "WRONG: lost"

    def _of_standing(self, one: Typed) -> str:
        if self._table.state not in _WRITABLE:
            return "stands in a page that cannot be written"
        if self._notes(one) & _WAITING or self._findings(one):
            return self._of_waiting(one)
        return "WRONG: stands, but nobody is told"

    def _was_taken_away_since(self, one: Typed) -> bool:
        """Whether a person published a version without any table of ours after it was typed."""
        later = (each for each in self._versions if each.number > one.version.number and each.number not in self._ours)
        sheets = (self._sheets[each.number] for each in later)
        return any(sheet is not None and sheet.region is None for sheet in sheets)

    def _is_known(self, one: Typed) -> bool:
        """Whether the last check-in that spoke of it says the same, now or when it was typed: then a cell was only set
        back. Of what waited also whether it said the same at a version of ours in which the cell still stood as typed:
        then that version showed what was known, nothing was left to decide, and what is known since may follow."""
        key, column = one.cell
        said = self._play.tenant.check_ins([key])[key]
        spoken = [(each.at, value) for each in said if (value := _says(each, column)) not in (None, "")]
        moments = [one.version.at, *(() if self._must(one) else self._shown_by_us(one))]
        until_then = [[each for each in spoken if each[0] <= moment] for moment in moments]
        return any(each[-1][1] == one.meaning for each in (spoken, *until_then) if each)

    def _shown_by_us(self, one: Typed) -> Iterator[datetime]:
        """When we wrote versions in which the cell says what was typed."""
        for written in self._play.heard.written:
            sheet = self._sheets.get(written.number) if written.number > one.version.number else None
            if sheet is not None and folded(sheet.cell_text(*one.cell) or "") == folded(one.text):
                yield written.at

    def _of_taken(self, one: Typed) -> str:
        if one.version.author_id == TIDY_BOT.account_id and not self._play.names_refused:
            return "WRONG: a bot's text became a check-in"
        if _is_restored(one.version):
            return "WRONG: a restored version became a check-in"
        return "WRONG: not allowed, but taken" if self._may(one) is False else "taken"

    def _of_waiting(self, one: Typed) -> str:
        if self._must(one):
            return "WRONG: waits, but should be a check-in"
        return f"waits, {sorted(self._notes(one) & _WAITING)}"

    def _must(self, one: Typed) -> bool:
        """Whether it has to become a check-in without anybody's doing."""
        return one.usual and one.meaning is not None and self._may(one) is True

    def _may(self, one: Typed) -> bool | None:
        """Whether the table's setting lets this person check in; None where two people have one name."""
        kr, name = self._play.okrs.by_key[one.cell[0]], _NAMES.get(one.version.author_id, "")
        if self._play.choice.check_in_by == "editors":
            return True
        if name == OTHER_ANA.display_name:
            return None
        if self._play.choice.check_in_by == "owner":
            return name == kr.owner
        return name in self._team_of(kr.objective_key)

    def _team_of(self, objective_key: str) -> set[str]:
        okrs = self._play.okrs
        team = next(each.team for each in okrs.objectives if each.key == objective_key)
        mates = [each for each in okrs.objectives if each.team == team]
        keys = {each.key for each in mates}
        return {each.sponsor for each in mates} | {kr.owner for kr in okrs.key_results if kr.objective_key in keys}

    def _standing(self, one: Typed) -> str:
        return (self._last.cell_text(*one.cell) if self._last else None) or ""

    def _notes(self, one: Typed) -> set[str]:
        return {
            note.outcome
            for note in self._noted
            if (note.key_result_key, note.column) == one.cell and folded(note.text) == folded(one.text)
        }

    def _findings(self, one: Typed) -> list[object]:
        return [each for each in self._table.findings if (each.get("key"), each.get("column")) == one.cell]

    # ---- check-ins that came from the page

    def _check_ins(self) -> list[CheckIn]:
        found = self._play.tenant.check_ins([kr.key for kr in self._play.okrs.key_results])
        return [said for each in found.values() for said in each if said.origin is CheckInOrigin.CONFLUENCE]

    def _is_check_in_of(self, said: CheckIn, one: Typed) -> bool:
        key, column = one.cell
        if one.meaning is None:
            return False
        same_place = said.key_result_key == key and self._is_moment_of(said.at, one.version)
        return same_place and _says(said, column) == one.meaning

    def _nothing_out_of_thin_air(self) -> Iterator[str]:
        """Every check-in from the page stands in a version of its moment, by its author, and says each thing once.

        What nobody could read when the rest was taken, since its header was gone, may follow in one of its own.
        """
        twice = Counter((said.key_result_key, said.at, column) for said in self._said for column in _spoken(said))
        for (key, at, column), number in twice.items():
            if number > 1 and self._versions_at(at) < number:
                yield f"d: {number} check-ins of {key} say {column} for one version of {at}"
        for said in self._said:
            if not any(self._could_be(said, version) for version in self._versions):
                yield f"d: a check-in that nobody typed: {said}"

    def _nothing_noted_that_nobody_typed(self, typed: list[Typed]) -> Iterator[str]:
        """What waits, or was typed, stands so in a version of a person's that changed the cell. What was typed into a
        page that nobody can read by its header shows in no version."""
        known = {(one.cell, folded(one.text)) for one in typed}
        if any(sheet is None or (sheet.region and not sheet.header) for sheet in self._sheets.values()):
            return
        for note in self._noted:
            cell = (note.key_result_key, note.column)
            if note.column in _COLUMNS and (cell, folded(note.text)) not in known:
                yield f"d: a text is noted that nobody typed: {note}"

    def _versions_at(self, at: datetime) -> int:
        return sum(self._is_moment_of(at, version) for version in self._versions)

    def _is_moment_of(self, at: datetime, version: Version) -> bool:
        """As far as the two clocks agree: what a site dates later than now is taken as now."""
        return abs(version.at - at) <= _ONE_MOMENT + self._play.clocks_apart

    def _names_of(self, account_id: str) -> set[str]:
        return {_NAMES.get(account_id, ""), *([_UNNAMED] if self._play.names_refused else [])}

    def _could_be(self, said: CheckIn, version: Version) -> bool:
        if version.number in self._ours or not self._is_moment_of(said.at, version):
            return False
        sheet = self._sheets[version.number]
        if sheet is None or said.author not in self._names_of(version.author_id):
            return False
        told = {column: _says(said, column) for column in _spoken(said)}
        cells = {column: sheet.cell_text(said.key_result_key, column) for column in told}
        return bool(told) and all(
            text is not None and self._meaning((said.key_result_key, column), text) == told[column]
            for column, text in cells.items()
        )


def _spoken(said: CheckIn) -> list[str]:
    return [column for column in _COLUMNS if _says(said, column) not in (None, "")]


def _says(said: CheckIn, column: str) -> Meaning:
    values: dict[str, Meaning] = {
        "now": said.value,
        "confidence": said.confidence,
        "next_step": folded(said.next_step),
        "note": folded(said.note),
        "blockers": folded(said.blockers),
    }
    return values[column]


def _is_restored(version: Version) -> bool:
    return version.message.startswith("Reverted")


def _sheet(body: str) -> Sheet | None:
    try:
        return sheet_of(body, REGION_ID)
    except NotWellFormed:
        return None


def _told(said: CheckIn) -> str:
    values = f"{said.value}, {said.confidence}, {said.next_step!r}"
    return f"{said.key_result_key} {said.at:%H:%M:%S} {said.author}: {values}"
