"""Looking at a page for OKR tables that people made by hand, and what would become of them. Reads only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from connector.errors import Forbidden, Gone, Rejected
from connector.store.connections import Connection, load_connections
from mapping.adoption import FoundTable, belonging_together, find_tables, people_in
from mapping.adoption_draft import draft_from
from mapping.adoption_keys import prefix_for
from mapping.adoption_result import Choice, Draft
from mapping.adoption_words import Meaning
from mapping.okr import Cycle
from sync.commands.adopt_cycle import CycleChoice, CycleWish, choose_cycle
from sync.commands.asking import asking
from sync.commands.not_possible import NotPossible
from sync.commands.page_reference import parse_page_reference
from sync.commands.site_access import ConfluenceAccount, as_confluence_account
from sync.commands.table_plan import confluence_of, readable_page
from sync.ports import Page, Resources

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,15}")
# Time enough to measure a baseline, and early enough to act on it.
TO_MEASURE_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class PageTables:
    """The tables of a page that may hold OKRs; ``meant`` are those that are taken where nobody chooses."""

    connection: Connection
    page: Page
    tables: tuple[FoundTable, ...]
    meant: tuple[FoundTable, ...]


@dataclass(frozen=True, slots=True)
class AdoptionWish:
    """What a person chose; empty where nothing was. ``numbers`` of the tables in the page; ``columns``: what some hold,
    by their number from 1; ``prefix``: how keys begin."""

    page: str
    numbers: tuple[int, ...] = ()
    cycle: CycleWish = field(default_factory=CycleWish)
    prefix: str = ""
    columns: Mapping[int, Meaning] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What adopting would do. ``tables`` are the chosen ones."""

    looked: PageTables
    tables: tuple[FoundTable, ...]
    cycle: CycleChoice
    prefix: str
    draft: Draft


def look_at_tables(on: Resources, workspace_id: int, page: str) -> PageTables:
    """``page`` is a number or an address. NotPossible where the page cannot be read or edited."""
    reference = parse_page_reference(page)
    with on.database.read() as conn:
        connection = confluence_of(load_connections(conn, workspace_id, "confluence"), reference)
    client = as_confluence_account(on.sites.confluence(connection))
    read = readable_page(client, connection, reference.page_id)
    tables = find_tables(read.body, _names(client, connection, people_in(read.body)))
    return PageTables(connection, read, tables, belonging_together(tables))


def draft_adoption(on: Resources, workspace_id: int, looked: PageTables, wish: AdoptionWish, who: str) -> Adoption:
    """What would become of the tables that were chosen. NotPossible, with what to say, where something is missing."""
    tables = _chosen(looked, wish.numbers)
    _check_columns(tables, wish.columns)
    cycle = choose_cycle(on, workspace_id, wish.cycle, looked.page.title)
    prefix = wish.prefix.upper() or prefix_for(tables)
    if not _PREFIX.fullmatch(prefix):
        raise NotPossible(
            "Keys cannot begin with {prefix!r}. Use at most 16 letters and digits, e.g. PAY.", prefix=wish.prefix
        )
    now = on.clock.now()
    choice = Choice(
        prefix=prefix,
        cycle=cycle.cycle,
        baseline_due_on=_due_on(cycle.cycle, now.date()),
        at=_moment_in(cycle.cycle, now),
        importer=who,
        title=looked.page.title,
        columns=wish.columns,
        taken=cycle.taken,
        known_objectives=tuple(objective for objective, _ in cycle.okrs.objectives) if cycle.okrs else (),
        known_key_results=cycle.okrs.key_results if cycle.okrs else (),
    )
    return Adoption(looked, tables, cycle, prefix, draft_from(tables, choice))


def _names(client: ConfluenceAccount, connection: Connection, people: Sequence[str]) -> dict[str, str]:
    """What people are called; nobody where our account may not ask."""
    if not people:
        return {}
    with asking(connection.site_url):
        try:
            return {each.account_id: each.display_name for each in client.accounts(people) if each.display_name}
        except (Forbidden, Gone, Rejected):
            return {}


def _chosen(looked: PageTables, numbers: Sequence[int]) -> tuple[FoundTable, ...]:
    title = looked.page.title
    if not looked.tables:
        raise NotPossible(
            "No table in {title!r} looks like OKRs. A header such as “Key result” makes one known.", title=title
        )
    if not numbers:
        return looked.meant
    known = {table.number: table for table in looked.tables}
    unknown = sorted(set(numbers) - set(known))
    if unknown:
        there = ", ".join(map(str, known))
        raise NotPossible(
            "Table {numbers} of {title!r} does not look like OKRs, or is not there. Those that do: {there}.",
            numbers=", ".join(map(str, unknown)),
            title=title,
            there=there,
        )
    return tuple(known[number] for number in sorted(set(numbers)))


def _check_columns(tables: Sequence[FoundTable], columns: Mapping[int, Meaning]) -> None:
    width = min(len(table.sheet.columns) for table in tables)
    beyond = [number for number in columns if not 1 <= number <= width]
    if beyond:
        raise NotPossible(
            "There is no column {column}; the columns are numbered from 1 to {width}.", column=beyond[0], width=width
        )


def _due_on(cycle: Cycle, today: date) -> date:
    return min(max(today, cycle.starts_on) + TO_MEASURE_WITHIN, cycle.ends_on)


def _moment_in(cycle: Cycle, now: datetime) -> datetime:
    """Now; for a cycle that is over, noon of its last day, so that its figures are those of that cycle."""
    if now.date() <= cycle.ends_on:
        return now
    return datetime.combine(cycle.ends_on, time(12), UTC)
