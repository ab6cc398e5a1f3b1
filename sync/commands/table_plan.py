"""What a person wants in a page, checked against the page and the OKRs as they are. Reads only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection as Transaction

from connector.errors import Gone
from connector.http import at_most
from connector.store.connections import Connection, load_connections
from connector.store.okrs import CycleOkrs, UnknownOkr, load_cycle, load_cycles
from connector.store.tables import NewTable, PageTable, TableState, watched
from mapping.page_region import NotWellFormed, find_regions
from mapping.table_parts import Shape
from sync.commands.asking import asking
from sync.commands.not_possible import NotPossible
from sync.commands.page_reference import PageReference, parse_page_reference
from sync.commands.site_access import ConfluenceAccount, as_confluence_account
from sync.commands.table_choices import WrongChoice, check_choices
from sync.ports import Page, Resources

# Somebody waits for the answer.
SECONDS = 8.0
_REGION_ID = re.compile(r"[a-z0-9]([a-z0-9-]{0,78}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class TableWish:
    """``page`` is a number or an address. Empty ``teams`` and ``objective_keys``: all of the cycle. ``region_id`` names
    the table within its page; made of what it shows where it is empty. Empty ``columns``: those of the shape. A budget
    of None: as in the settings."""

    page: str
    cycle_key: str
    teams: tuple[str, ...] = ()
    objective_keys: tuple[str, ...] = ()
    region_id: str = ""
    language: str = "en"
    design: str = "normal"
    shape: str = "table"
    columns: tuple[str, ...] = ()
    width: str = "wide"
    container: str = "details"
    check_in_by: str = "editors"
    write_bucket: int | None = None
    write_refill_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A wish that can be fulfilled. ``existing`` is the table of this name that the page has already."""

    connection: Connection
    client: ConfluenceAccount
    page: Page
    new: NewTable
    existing: PageTable | None

    @property
    def was_taken_out(self) -> bool:
        """True where a person took the table out of the page, so that putting it back is asked for now."""
        return self.existing is not None and self.existing.state is TableState.REMOVED


def choose_table(conn: Transaction, on: Resources, workspace_id: int, wish: TableWish) -> NewTable:
    """What is wished, whatever page it is for. WrongChoice where no table can be so."""
    return _chosen(wish, _region_id(wish), 0, load_cycle_okrs(conn, workspace_id, wish.cycle_key), on)


def plan_table(on: Resources, workspace_id: int, wish: TableWish) -> TablePlan:
    """Look at the page and at the OKRs. NotPossible, with what to do, where the table cannot stand there."""
    reference = parse_page_reference(wish.page)
    region_id = _region_id(wish)
    with on.database.read() as conn:
        connection = confluence_of(load_connections(conn, workspace_id, "confluence"), reference)
        new = _chosen(wish, region_id, connection.id, load_cycle_okrs(conn, workspace_id, wish.cycle_key), on)
        tables = watched(conn, workspace_id, connection.id)
    client = as_confluence_account(on.sites.confluence(connection))
    page = readable_page(client, connection, reference.page_id)
    same = (each for each in tables if (each.page_id, each.region_id) == (page.page_id, region_id))
    new = replace(new, page_id=page.page_id, page_title=page.title[:400], page_url=page.url[:600])
    return TablePlan(connection, client, page, new, next(same, None))


def load_cycle_okrs(conn: Transaction, workspace_id: int, cycle_key: str) -> CycleOkrs:
    """The OKRs of a cycle. NotPossible, with the cycles that there are, where there is none of this key."""
    try:
        return load_cycle(conn, workspace_id, cycle_key)
    except UnknownOkr:
        known = ", ".join(each.key for each in load_cycles(conn, workspace_id))
        if known:
            raise WrongChoice(
                "cycle_key", "There is no cycle {cycle!r}. There are: {known}.", cycle=cycle_key, known=known
            ) from None
        raise WrongChoice(
            "cycle_key", "There is no cycle {cycle!r}. There are no OKRs yet: okr import FILE", cycle=cycle_key
        ) from None


def _chosen(wish: TableWish, region_id: str, connection_id: int, okrs: CycleOkrs, on: Resources) -> NewTable:
    """Not yet in any page."""
    new = NewTable(
        connection_id=connection_id,
        page_id="",
        region_id=region_id,
        cycle_key=wish.cycle_key,
        teams=wish.teams,
        objective_keys=wish.objective_keys,
        columns=wish.columns,
        language=wish.language,
        design=wish.design,
        shape=wish.shape,
        width=wish.width,
        container=wish.container,
        check_in_by=wish.check_in_by,
        write_bucket=wish.write_bucket,
        write_refill_minutes=wish.write_refill_minutes,
    )
    return check_choices(new, okrs, on.settings.public_url)


def _region_id(wish: TableWish) -> str:
    made = "-".join(["okr", wish.cycle_key, *map(_slug, (*wish.teams, *_of_shape(wish)))])[:80].strip("-")
    region_id = wish.region_id or made
    if not _REGION_ID.fullmatch(region_id):
        raise WrongChoice(
            "region_id",
            "{name!r} cannot name a table. Use lower-case letters, digits and hyphens, at most 80.",
            name=region_id,
        )
    return region_id


def _of_shape(wish: TableWish) -> tuple[str, ...]:
    """So that a page may hold one table of each shape."""
    if wish.shape == Shape.OBJECTIVE:
        return wish.objective_keys
    return () if wish.shape == Shape.TABLE else (wish.shape,)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def confluence_of(connections: Sequence[Connection], reference: PageReference) -> Connection:
    """The Confluence that is meant. NotPossible where none is, or where several could be."""
    if not connections:
        raise NotPossible("No Confluence is connected yet. Connect it first: okr connect SITE")
    known = ", ".join(each.site_url for each in connections)
    if not reference.site and len(connections) > 1:
        raise NotPossible(
            "Several sites are connected ({known}), and each may have a page of this number. Give the page's whole "
            "address.",
            known=known,
        )
    found = [each for each in connections if reference.is_at(each.site_url)]
    if not found:
        raise NotPossible("{site} is not connected. Connected are: {known}", site=reference.site, known=known)
    return max(found, key=lambda each: len(each.site_url))  # one below a path of the other's host


def readable_page(client: ConfluenceAccount, connection: Connection, page_id: str) -> Page:
    """The page as it is published. NotPossible, with what to do, where no table can stand in it."""
    with at_most(SECONDS), asking(connection.site_url):
        try:
            page = client.read(page_id)
        except Gone:
            raise NotPossible(
                "There is no page {number} in {site}, or our account may not see it. Check the number; if it is "
                "right, let the account view the page.",
                number=page_id,
                site=connection.site_url,
            ) from None
        _check_status(page)
        if not client.may_edit(page_id):
            raise NotPossible(
                "Our account may not edit the page {page!r}. Give it that right in the page's restrictions or in "
                "the permissions of its space.",
                page=page.title,
            )
    return page


def _check_status(page: Page) -> None:
    if page.status == "archived":
        raise NotPossible("The page {page!r} is archived. Restore it, or choose another one.", page=page.title)
    if page.status != "current":
        raise NotPossible(
            "The page {page!r} is not published ({status}). Publish it, or choose another one.",
            page=page.title,
            status=page.status,
        )
    if page.subtype == "live":
        raise NotPossible("{page!r} is a live doc, which has no safe moment to write. Choose a page.", page=page.title)
    try:
        find_regions(page.body, "any")
    except NotWellFormed as error:
        raise NotPossible(
            "The text of {page!r} cannot be read ({error}), so nothing can be put in.", page=page.title, error=error
        ) from error
