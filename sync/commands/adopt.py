"""Taking over OKR tables that people made by hand: OKRs, links to epics, and a table of ours in the page.

The hand-made table stays as it is, unless somebody asks for ours in its place; and then only if it still says what it
said. Doing the same again changes nothing: what has the same title in the same cycle is the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from connector.store import tables
from connector.store.activity import record_activity
from connector.store.tables import NewTable, PageTable, SameTable, TableState
from connector.store.work import mark_due
from mapping.adoption_place import replaced_by_ours
from mapping.interchange import ParsedLink, ParsedOkrs, Refused, parse_okrs
from sync.commands.adopt_cycle import objective_keys_of
from sync.commands.adopt_draft import Adoption, AdoptionWish, draft_adoption, look_at_tables
from sync.commands.issue_keys import jira_connections, look_up
from sync.commands.not_possible import NotPossible, NotPossibleNow
from sync.commands.okrs import ImportReport, Tell, take_over
from sync.commands.running import AT_ONCE
from sync.commands.table_plan import TableWish, plan_table
from sync.commands.tables import AddedTable
from sync.ports import Resources


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person looked at before saying yes. ``page_version``: nothing is done where the page has another one by
    now; None: whatever it says now. ``corrected``: the draft's YAML as somebody corrected it; it is taken instead."""

    page_version: int | None = None
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Adopted:
    """``not_linked``: issue keys that were left out, each with the reason."""

    report: ImportReport
    table: AddedTable
    not_linked: tuple[tuple[str, str], ...]
    replaces: bool


def adopt_table(
    on: Resources,
    workspace_id: int,
    wish: AdoptionWish,
    confirmed: Confirmed,
    *,
    who: str,
    replace_original: bool = False,
    tell: Tell = lambda _done, _of: None,
) -> Adopted:
    """Take over the OKRs, link the epics that Jira knows, and add a table of ours to the page.

    It goes to the end of the page or to its placeholder; with ``replace_original`` into the place of the hand-made
    one, at the first write. NotPossible, and nothing is done, where the page or the wish do not allow it.
    """
    adoption = draft_adoption(on, workspace_id, look_at_tables(on, workspace_id, wish.page), wish, who)
    _check_version(adoption, confirmed)
    if replace_original:
        _check_places(adoption)
    okrs = _parsed(confirmed.corrected) if confirmed.corrected else adoption.draft.okrs
    if not okrs.key_results:
        raise NotPossible("No key result was found, so there is nothing to take over. Say which column holds them.")
    okrs, not_linked = _with_known_issues(on, workspace_id, okrs, tell)
    report = take_over(on, workspace_id, okrs, who)
    added = _add_ours(on, workspace_id, adoption, okrs, wish.page, who, replace_original)
    return Adopted(report, added, not_linked, replace_original)


def _check_version(adoption: Adoption, confirmed: Confirmed) -> None:
    page = adoption.looked.page
    if confirmed.page_version is not None and page.version != confirmed.page_version:
        raise NotPossible(
            "{page!r} has version {version} by now; you looked at version {seen}. Look again, then say yes.",
            page=page.title,
            version=page.version,
            seen=confirmed.page_version,
        )


def _check_places(adoption: Adoption) -> None:
    for table in adoption.tables:
        if not table.place.is_free:
            raise NotPossible(
                "Table {number} stands inside a cell, a list or a macro, where ours cannot stand. Leave it where "
                "it is: ours then goes to the end of the page.",
                number=table.number,
            )


def _parsed(text: str) -> ParsedOkrs:
    try:
        okrs = parse_okrs(text)
    except Refused as refused:
        lines = "\n".join(f"  {problem}" for problem in refused.problems)
        raise NotPossible("Nothing was taken over. This has to be changed in the file:\n{lines}", lines=lines) from None
    if len(okrs.cycles) != 1:
        raise NotPossible("The file holds {number} cycles; a table shows one.", number=len(okrs.cycles))
    return okrs


def _with_known_issues(
    on: Resources, workspace_id: int, okrs: ParsedOkrs, tell: Tell
) -> tuple[ParsedOkrs, tuple[tuple[str, str], ...]]:
    wanted = {link.issue_key for link in okrs.links}
    if not wanted:
        return okrs, ()
    try:
        lookup = look_up(on, jira_connections(on, workspace_id), wanted, tell)
    except NotPossibleNow:
        raise
    except NotPossible as none_connected:
        left = [(key, str(none_connected)) for key in sorted(wanted)]
        return replace(okrs, links=()), tuple(left)
    wrong = dict.fromkeys(lookup.missing, "Jira does not have it, or our account may not see it")
    wrong |= {key: f"it is an issue of {' and of '.join(sites)}" for key, sites in lookup.ambiguous.items()}
    return replace(okrs, links=_known(okrs.links, lookup.found)), tuple(sorted(wrong.items()))


def _known(links: Sequence[ParsedLink], found: Collection[str]) -> tuple[ParsedLink, ...]:
    return tuple(link for link in links if link.issue_key in found)


def _add_ours(
    on: Resources,
    workspace_id: int,
    adoption: Adoption,
    okrs: ParsedOkrs,
    page: str,
    who: str,
    replace_original: bool,
) -> AddedTable:
    looked = adoption.looked
    cycle_key = okrs.cycles[0].key
    with on.database.read() as conn:
        adopted = tuple(objective.key for objective in okrs.objectives)
        shown = () if set(adopted) == objective_keys_of(conn, workspace_id, cycle_key) else adopted
        watched = tables.watched(conn, workspace_id, looked.connection.id)
    there = [table for table in watched if table.page_id == looked.page.page_id]
    same = next((table for table in there if _shows_the_same(table, cycle_key, shown)), None)
    if same is not None:
        return AddedTable(same.id, looked.page.title, looked.page.url, is_new=False)
    name = _free_name(f"okr-{cycle_key}-{adoption.prefix.lower()}"[:70] if shown else f"okr-{cycle_key}", there)
    wish = TableWish(page, cycle_key, objective_keys=shown, region_id=name, language=adoption.draft.language)
    new = plan_table(on, workspace_id, wish).new
    if replace_original:
        new = replace(new, replaces=replaced_by_ours(looked.page.body, [table.number for table in adoption.tables]))
    return _kept(on, workspace_id, new, len(okrs.key_results), who, looked.page.title)


def _kept(on: Resources, workspace_id: int, new: NewTable, count: int, who: str, title: str) -> AddedTable:
    now = on.clock.now()
    with on.database.write() as conn:
        try:
            table = tables.add_table(conn, workspace_id, new, at=now, by=who)
        except SameTable as error:  # somebody else was quicker, a moment ago
            raise NotPossible(
                "The OKRs are taken over, but {title!r}: {error}. Give the command again.", title=title, error=error
            ) from error
        mark_due(conn, workspace_id, "table", [str(table.id)], now, urgency=AT_ONCE, retry=True)
        text = f"took over {count} key results of a hand-made table in {title}; ours is {table.region_id}"
        record_activity(conn, workspace_id, at=now, who=who, text=text, url=new.page_url)
    on.bell.ring()
    return AddedTable(table.id, title, new.page_url, is_new=True)


def _shows_the_same(table: PageTable, cycle_key: str, objective_keys: Sequence[str]) -> bool:
    is_there = table.state is not TableState.REMOVED
    same = table.cycle_key == cycle_key and set(table.objective_keys) == set(objective_keys)
    return is_there and same and not table.teams and table.shape == "table"


def _free_name(wanted: str, there: Sequence[PageTable]) -> str:
    taken = {table.region_id for table in there}
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
