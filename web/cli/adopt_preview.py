"""What ``okr table adopt`` shows: the tables, what would become of each row, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from mapping.adoption import FoundTable, Sureness
from mapping.adoption_columns import By, FoundColumn
from mapping.adoption_result import Draft, Remark
from mapping.adoption_words import Meaning
from sync.commands.adopt import Adopted
from sync.commands.adopt_draft import Adoption, PageTables
from web.cli.progress import counted
from web.cli.saying import say

_HOW = {
    By.HEADER: "by its header",
    By.CONTENT: "by what stands in it",
    By.PERSON: "as you said",
    By.NOTHING: "not known, left out",
}
_SURE = {Sureness.LIKELY: "looks like OKRs", Sureness.PERHAPS: "may hold OKRs"}
# Of one column and one reason, so many cells are shown.
_SHOWN = 3
_LONGEST = 70


def tell_tables(looked: PageTables, columns: Mapping[int, Meaning]) -> None:
    """Each table with its columns."""
    say(f"{looked.page.title} · {looked.page.url} · version {looked.page.version}")
    for table in looked.tables:
        heading = f", under “{_short(table.heading)}”" if table.heading else ""
        rows = counted(len(table.sheet.rows), "row")
        say(f"\nTable {table.number}{heading}, {rows}: {_SURE[table.sureness]}, since {table.why}.")
        for line in _columns(table, columns):
            say(line)
    say()


def tell_adoption(adoption: Adoption, file: Path | None, *, replace: bool) -> None:
    """What would be taken over, what would not, and what to do next."""
    draft, cycle = adoption.draft, adoption.cycle.cycle
    new = " (new)" if adoption.cycle.okrs is None else ""
    say(f"Cycle {cycle.key}{new}: {cycle.name}, {cycle.starts_on} to {cycle.ends_on}.")
    say(f"What would be taken over: {_sums(draft)}.")
    for line in _rows(adoption.tables, draft):
        say(line)
    _tell_left_out(draft.remarks)
    _tell_next(adoption, file, replace=replace)


def tell_adopted(adopted: Adopted) -> None:
    """What was done."""
    report, table = adopted.report, adopted.table
    if report.is_nothing:
        say("Everything was here already.")
    else:
        say(
            f"Taken over: {len(report.added):,} new, {len(report.changed):,} changed, "
            f"{counted(report.links_added, 'link')} and {counted(report.check_ins_added, 'check-in')} added."
        )
    for key, why in adopted.not_linked:
        say(f"  not linked: {key}: {why}")
    already = "" if table.is_new else " It was there already."
    say(f"Table {table.table_id} stands in {table.page_title!r}: {table.page_url}{already}")
    if table.is_new and adopted.replaces:
        say("A worker puts it in place of the hand-made one within seconds of reading Jira, if that still says exactly "
            "the same; else behind it. The page's history keeps the hand-made one.")  # fmt: skip
    elif table.is_new:
        say("A worker writes it within seconds of reading Jira. The hand-made table stays as it is; take it out when "
            "you no longer need it.")  # fmt: skip


def _columns(table: FoundTable, chosen: Mapping[int, Meaning]) -> Iterator[str]:
    what = "Row" if table.sheet.is_turned else "Column"
    for column in table.sheet.chosen(chosen).columns:
        header = f" “{_short(column.header)}”" if column.header else ""
        yield f"  {what} {column.index + 1}{header} → {_meaning(column)}, {_HOW[column.by]}"


def _meaning(column: FoundColumn) -> str:
    names = {Meaning.UNKNOWN: "nothing", Meaning.IGNORE: "nothing", Meaning.AIM: "from → to", Meaning.LABEL: "number"}
    return names.get(column.meaning, column.meaning.replace("_", " "))


def _sums(draft: Draft) -> str:
    okrs = draft.okrs
    parts = [
        counted(len(okrs.objectives), "objective"),
        counted(len(okrs.key_results), "key result"),
        counted(len(okrs.check_ins), "check-in"),
        counted(len(okrs.links), "link"),
    ]
    return ", ".join(parts)


def _rows(tables: Sequence[FoundTable], draft: Draft) -> Iterator[str]:
    turned = {table.number for table in tables if table.sheet.is_turned}
    for row in draft.rows:
        place = "above" if not row.row else f"{'column' if row.table in turned else 'row'} {row.row}"
        where = f"table {row.table}, {place}" if len(tables) > 1 else place
        yield f"  {where:<10} {row.key:<10} {row.text}"
        for line in _of_today(row.key, draft):
            yield f"  {'':<10} {'':<10} {line}"
        if row.hint:
            yield f"  {'':<10} {'':<10} ! {row.hint}"


def _of_today(key: str, draft: Draft) -> Iterator[str]:
    """The first check-in and the epics of a key result."""
    for each in (check_in for check_in in draft.okrs.check_ins if check_in.key_result_key == key):
        figures = (("now", each.value), ("confidence", each.confidence))
        words = (("next", each.next_step), ("in the way", each.blockers), ("note", each.note))
        said = [f"{name} {value}" for name, value in figures if value is not None]
        yield "; ".join([*said, *(f"{name}: {_short(text)}" for name, text in words if text)])
    if issues := [link.issue_key for link in draft.okrs.links if link.key_result_key == key]:
        yield f"epics: {', '.join(issues)}"


def _tell_left_out(remarks: Sequence[Remark]) -> None:
    if not remarks:
        say("Everything in the table was understood.")
        return
    say(f"Left out or not understood, in {counted(len(remarks), 'cell')}:")
    ordered = sorted(remarks, key=_kind)
    for (table, header, why), same in groupby(ordered, key=_kind):
        cells = list(same)
        column = f"“{_short(header)}”, " if header else ""
        shown = "; ".join(f"row {each.left_out.row} “{_short(each.left_out.text)}”" for each in cells[:_SHOWN])
        more = f"; and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
        say(f"  table {table}, {column}{shown}{more}: {why}")


def _kind(remark: Remark) -> tuple[int, str, str]:
    return remark.table, remark.left_out.header, remark.left_out.why


def _tell_next(adoption: Adoption, file: Path | None, *, replace: bool) -> None:
    say()
    comments = sum(table.place.comments for table in adoption.tables)
    if replace and comments:
        say(f"The hand-made table has {counted(comments, 'inline comment')}, which would lose their place.")
    say("Nothing was changed. If a column was taken for something else, say so: --column 3=owner")
    if file is None:
        say("To correct it by hand, write it into a file first: --yaml FILE")
    else:
        say(f"The draft stands in {file}. Correct it there, and give the same command with --yes.")
    say(f"To do it: the same command with --yes --version {adoption.looked.page.version}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
