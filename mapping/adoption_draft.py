"""OKRs as a table made by hand says them, for a person to look at before anything is taken over.

    draft_from(tables, choice) -> Draft

Whatever stands in the table, the draft is valid: what is not certain becomes a baseline to be measured, with a hint;
what is not understood, or has no place here, is named with its row, its words and the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

from mapping.adoption import FoundTable
from mapping.adoption_aim import Measurable, measurable_of
from mapping.adoption_check_in import first_check_in
from mapping.adoption_entries import Entries, KeyResultEntry, ObjectiveEntry, Said
from mapping.adoption_keys import ISSUE_KEY, FreshKeys
from mapping.adoption_remarks import NOT_NAMED, SAID_ALREADY, Remarks
from mapping.adoption_result import Choice, Draft, TakenRow
from mapping.adoption_words import Meaning, is_number_mark, key_result_title, objective_title
from mapping.interchange import ParsedLink, ParsedOkrs
from mapping.okr import CheckIn, KeyResult, Kind, Objective
from mapping.sentences import sentence
from mapping.visible_text import folded
from mapping.words import Language

_ADDRESS = re.compile(r"https?://\S+")
_BETWEEN_KEYS = re.compile(r"[\s,;/+&|·•()–-]+")

HAS_NO_PLACE = MappingProxyType({
    Meaning.UNKNOWN: sentence("it is not known what this column holds"),
    Meaning.IGNORE: sentence("the column was left out as you said"),
    Meaning.PROGRESS: sentence("progress is worked out here, from the figure of today"),
    Meaning.DUE: sentence("a key result ends with its cycle"),
    Meaning.WHY: sentence("a key result has no such text; its objective has"),
    Meaning.LABEL: sentence("each gets a key of its own here"),
})  # fmt: skip
NO_ISSUE = sentence("it is the key of no Jira issue")
OBJECTIVE_IS_THERE = sentence("its objective is there already and stays as it is")
IS_THERE_ALREADY = "it is there already, as {key}; nothing of its row is taken over but new links"


def draft_from(tables: Sequence[FoundTable], choice: Choice) -> Draft:
    """Never raises for what stands in the tables; ``choice.prefix`` must be able to begin a key (``PAY``)."""
    maker = _Maker(choice)
    for table in tables:
        maker.add(table)
    return maker.draft(tables[0].sheet.language if tables else "en")


class _Maker:
    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._known_objectives = {_same(each.title): each for each in choice.known_objectives}
        self._known_key_results = {(each.objective_key, _same(each.title)): each for each in choice.known_key_results}
        self._keys = FreshKeys(choice.prefix, choice.taken)
        # How many are new, by the objective; of objectives themselves under no key.
        self._added: Counter[str] = Counter()
        self._objectives: dict[str, Objective] = {}
        self._key_results: dict[str, KeyResult] = {}
        self._links: dict[tuple[str, str], ParsedLink] = {}
        self._check_ins: list[CheckIn] = []
        self._rows: list[TakenRow] = []
        self._remarks = Remarks()
        self._language: Language = "en"

    def add(self, table: FoundTable) -> None:
        self._remarks.table = table.number
        self._language = table.sheet.language
        entries: Entries = table.entries(self._choice.columns, self._choice.title)
        for left_out in entries.left_out:
            self._remarks.add(left_out)
        for entry in entries.objectives:
            self._add_objective(entry)

    def draft(self, language: Language) -> Draft:
        objectives = sorted(self._objectives.values(), key=lambda each: each.position)
        place = {each.key: index for index, each in enumerate(objectives)}
        key_results = sorted(self._key_results.values(), key=lambda each: (place[each.objective_key], each.position))
        place = {each.key: index for index, each in enumerate(key_results)}
        okrs = ParsedOkrs(
            cycles=(self._choice.cycle,),
            objectives=tuple(objectives),
            key_results=tuple(key_results),
            links=tuple(sorted(self._links.values(), key=lambda each: place[each.key_result_key])),
            check_ins=tuple(sorted(self._check_ins, key=lambda each: place[each.key_result_key])),
        )
        rows = sorted(self._rows, key=lambda row: (row.table, row.row))
        return Draft(okrs, tuple(rows), self._remarks.in_order(), language)

    # ---- objectives

    def _add_objective(self, entry: ObjectiveEntry) -> None:
        title = self._remarks.title(entry.title or self._choice.title or "Objective", entry.row)
        objective = self._known_objectives.get(_same(title))
        if objective is None:
            objective = self._new_objective(entry, title)
            self._known_objectives[_same(title)] = objective
        else:
            self._compare(entry, objective)
        self._objectives.setdefault(objective.key, objective)
        self._rows.append(TakenRow(self._remarks.table, entry.row, objective.key, f"objective “{title}”"))
        for each in entry.key_results:
            self._add_key_result(each, objective.key)

    def _new_objective(self, entry: ObjectiveEntry, title: str) -> Objective:
        said = [*entry.said]
        teams = [each for kr in entry.key_results for each in kr.said if each.column.meaning is Meaning.TEAM]
        sponsors = [each for kr in entry.key_results for each in kr.said if each.column.meaning is Meaning.SPONSOR]
        own = [each for each in said if each.column.meaning in (Meaning.SPONSOR, Meaning.OWNER)]
        return Objective(
            key=self._keys.next("O"),
            cycle_key=self._choice.cycle.key,
            title=title,
            why=self._remarks.text([each for each in said if each.column.meaning is Meaning.WHY]),
            team=self._remarks.name([*(each for each in said if each.column.meaning is Meaning.TEAM), *teams]),
            sponsor=self._remarks.name([*own, *sponsors]),
            position=self._next_position("", self._choice.known_objectives),
        )

    def _compare(self, entry: ObjectiveEntry, known: Objective) -> None:
        """An objective that is there already stays as it is; what the table says otherwise is told."""
        own = {Meaning.TEAM: known.team, Meaning.SPONSOR: known.sponsor, Meaning.OWNER: known.sponsor}
        told = {**own, Meaning.WHY: known.why}
        below = [each for kr in entry.key_results for each in kr.said]
        said = [*entry.said, *(each for each in below if each.column.meaning in {Meaning.TEAM, Meaning.SPONSOR})]
        for each in said:
            if _same(each.text) != _same(told.get(each.column.meaning, "")):
                self._remarks.leave_out(each, OBJECTIVE_IS_THERE)

    # ---- key results

    def _add_key_result(self, entry: KeyResultEntry, objective_key: str) -> None:
        title = self._remarks.title(entry.title or "Key result", entry.row)
        known = self._known_key_results.get((objective_key, _same(title)))
        if known is not None:
            self._key_results.setdefault(known.key, known)
            hint = IS_THERE_ALREADY.format(key=known.key)
            self._rows.append(TakenRow(self._remarks.table, entry.row, known.key, f"key result “{title}”", hint))
            self._add_links(entry, known.key)
            return
        self._add_new_key_result(entry, title, objective_key)

    def _add_new_key_result(self, entry: KeyResultEntry, title: str, objective_key: str) -> None:
        aim = measurable_of(entry, self._language)
        key = self._keys.next("KR")
        owner = self._remarks.name(_of(entry, Meaning.OWNER))
        made = self._key_result(key, objective_key, title, owner, aim)
        self._key_results[key] = made
        self._rows.append(TakenRow(self._remarks.table, entry.row, key, f"{title}: {_told(made)}", aim.hint))
        self._remarks.leave_all_out(aim.odd)
        self._add_links(entry, key)
        self._add_check_in(entry, made)
        self._tell_the_rest(entry, aim)

    def _next_position(self, objective_key: str, known: Sequence[Objective | KeyResult]) -> int:
        """Behind everything that is there already."""
        last = max((each.position for each in known), default=-1)
        self._added[objective_key] += 1
        return last + self._added[objective_key]

    def _key_result(self, key: str, objective_key: str, title: str, owner: str, aim: Measurable) -> KeyResult:
        known = [each for each in self._choice.known_key_results if each.objective_key == objective_key]
        position = self._next_position(objective_key, known)
        due = self._choice.baseline_due_on
        return KeyResult(
            key=key,
            objective_key=objective_key,
            title=title,
            kind=aim.kind,
            owner=owner,
            unit=aim.unit,
            baseline=aim.baseline,
            target=aim.target,
            bound=aim.bound,
            position=position,
            baseline_due_on=due if aim.kind is Kind.TO_MEASURE else None,
        )

    def _add_check_in(self, entry: KeyResultEntry, key_result: KeyResult) -> None:
        author = key_result.owner or self._choice.importer
        check_in, odd = first_check_in(entry, key_result, self._choice.at, author, self._language)
        self._remarks.leave_all_out(odd)
        if check_in is not None:
            self._check_ins.append(check_in)

    def _add_links(self, entry: KeyResultEntry, key: str) -> None:
        found = [*entry.cell.issue_keys, *(each for said in entry.said for each in said.cell.issue_keys)]
        for said in _of(entry, Meaning.INITIATIVES):
            found += ISSUE_KEY.findall(said.text)
            words = _ADDRESS.sub(" ", said.text) if said.cell.issue_keys else said.text
            if rest := _BETWEEN_KEYS.sub(" ", ISSUE_KEY.sub(" ", words)).strip():
                self._remarks.leave_out(said, NO_ISSUE, rest)
        for issue_key in found:
            self._links.setdefault((key, issue_key), ParsedLink(key, issue_key))

    def _tell_the_rest(self, entry: KeyResultEntry, aim: Measurable) -> None:
        """What has no place here, and what is said a second time."""
        for said in entry.said:
            meaning = said.column.meaning
            if said.cell.unnamed and meaning is not Meaning.OWNER:
                self._remarks.leave_out(said, NOT_NAMED)
            reason = HAS_NO_PLACE.get(meaning)
            if meaning is Meaning.LABEL and _only_numbers(said.text):
                continue
            if reason is not None and (said.text or not said.cell.issue_keys):
                self._remarks.leave_out(said, reason)
        odd = {id(said) for said, _ in aim.odd}
        used = {id(said) for said in aim.used}
        for meaning in (Meaning.BASELINE, Meaning.UNIT):
            for said in _of(entry, meaning):
                if id(said) not in odd | used:
                    self._remarks.leave_out(said, SAID_ALREADY)


def _of(entry: KeyResultEntry, meaning: Meaning) -> list[Said]:
    return [said for said in entry.said if said.column.meaning is meaning]


def _same(title: str) -> str:
    return folded(title).casefold()


def _only_numbers(text: str) -> bool:
    return is_number_mark(text) or key_result_title(text) == "" or objective_title(text) == ""


def _told(kr: KeyResult) -> str:
    unit = f" {kr.unit}" if kr.unit else ""
    told = {
        Kind.METRIC: f"{_plain(kr.baseline)} → {_plain(kr.target)}{unit}",
        Kind.THRESHOLD: f"stays {kr.bound} {_plain(kr.target)}{unit}",
    }
    target = f" for the target {_plain(kr.target)}{unit}" if kr.target is not None else ""
    due = f" by {kr.baseline_due_on}" if kr.baseline_due_on else ""
    words = told.get(kr.kind, f"a baseline to be measured{due}{target}")
    return f"{words}, {kr.owner}" if kr.owner else words


def _plain(number: Decimal | None) -> str:
    return "" if number is None else format(number, "f")
