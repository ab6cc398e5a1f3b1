"""Who typed what: the version of the page in which each changed cell got the text that it has now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from connector.errors import Gone
from mapping.page_region import NotWellFormed, find_regions
from mapping.region_reading import TypedChange, read_region, same_value
from mapping.table_changes import Fields
from mapping.words import Language
from sync.ports import Page, PageStore, PageVersion

# How far back a change is followed; what is older counts as typed in the oldest of these.
MOST_VERSIONS = 20
NOBODY = ""


@dataclass(frozen=True, slots=True)
class TypedIn:
    """A changed cell, and the version in which it got its text. ``author_id`` is NOBODY where Confluence keeps that
    version no longer."""

    change: TypedChange
    version: PageVersion


@dataclass(frozen=True, slots=True)
class Since:
    """Where a page stood when we last knew every cell: at our own version ``number``, or the oldest that is looked
    at. ``ours``: the later ones that we wrote, for any table; none of them changed what people typed. ``region_id``:
    of the table that is looked at."""

    number: int
    ours: frozenset[int]
    region_id: str
    language: Language


def trace(client: PageStore, page: Page, since: Since, changes: Collection[TypedChange]) -> tuple[TypedIn, ...]:
    """Each change with its version. Left out is what nobody typed: Confluence shows our own words differently.

    Versions are read from the newest to the oldest, and only until each change is explained: none where a single person
    published since our last version.
    """
    if not changes:
        return ()
    versions = _versions_of_people(client, page, since)
    if not versions:
        return ()
    found = {(change.key, change.column): versions[-1] for change in changes}
    open_changes = list(changes)
    for version in reversed(versions[:-1]):
        fields = _fields_at(client, page, since, version)
        # A cell that did not stand there then says nothing of when it was typed.
        changed_later = {id(c) for c in open_changes if _says_other(fields, c, since.language)}
        open_changes = [c for c in open_changes if id(c) not in changed_later]
        found |= {(c.key, c.column): version for c in open_changes if (c.key, c.column) in fields}
        if not open_changes:
            break
    return tuple(TypedIn(change, found[change.key, change.column]) for change in changes)


def _versions_of_people(client: PageStore, page: Page, since: Since) -> list[PageVersion]:
    """Those that we did not write, oldest first."""
    if page.version <= since.number:
        return []
    found: dict[int, PageVersion] = {}
    if page.version > since.number + 1 or page.at is None:
        found = {version.number: version for version in client.versions(page.page_id, since.number)}
    if page.at is not None:
        found[page.version] = PageVersion(page.version, page.author_id, page.at, page.message)
    people = [found[number] for number in sorted(found) if number not in since.ours]
    return people[-MOST_VERSIONS:] or _forgotten(page, since, found)


def _forgotten(page: Page, since: Since, found: Mapping[int, PageVersion]) -> list[PageVersion]:
    """A version that Confluence does not list any more, and that we did not write."""
    numbers = range(page.version, since.number, -1)
    gone = next((number for number in numbers if number not in found and number not in since.ours), None)
    known = [version.at for version in found.values()]
    return [] if gone is None or not known else [PageVersion(gone, NOBODY, max(known), "")]


def _fields_at(client: PageStore, page: Page, since: Since, version: PageVersion) -> Fields:
    """Empty where the table did not stand in that version, or nobody can read it there."""
    try:
        body = client.read_version(page.page_id, version.number).body
        regions = find_regions(body, since.region_id)
        return read_region(body, regions[0]).fields if regions else {}
    except (Gone, NotWellFormed):
        return {}


def _says_other(fields: Fields, change: TypedChange, language: Language) -> bool:
    then = fields.get((change.key, change.column))
    return then is not None and not same_value(then, change.new, language)


def authors(found: Iterable[TypedIn]) -> frozenset[str]:
    """The accounts that typed."""
    return frozenset(each.version.author_id for each in found if each.version.author_id)
