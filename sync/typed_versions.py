"""Who typed what: the version of the page in which each changed cell got the text that it has now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from connector.errors import Gone
from mapping.page_region import NotWellFormed, find_regions
from mapping.region_reading import TypedChange, read_region, same_value
from mapping.table_changes import Fields
from mapping.table_parts import Column
from mapping.words import Language
from sync.ports import Page, PageStore, PageVersion

# How far back a change is followed; who typed what is older nobody knows.
MOST_VERSIONS = 20
NOBODY = ""


@dataclass(frozen=True, slots=True)
class TypedIn:
    """A changed cell, and the version in which it got its text. ``author_id`` is NOBODY where that may as well have
    been a version that nobody looked at: one that Confluence keeps no longer or cannot show, or one too far back.
    Otherwise who may not check in would only have to wait for somebody who may to publish, and to bury the version in
    others."""

    change: TypedChange
    version: PageVersion


@dataclass(frozen=True, slots=True)
class Traced:
    """``typed``: the changes with their versions. ``typed_over``: what stood in the same input cells for a while, in
    versions that nobody had looked at, and was typed over before we came."""

    typed: tuple[TypedIn, ...] = ()
    typed_over: tuple[TypedIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Since:
    """Where a page stood when we last knew every cell: at our own version ``number``, or the oldest that is looked
    at. ``looked_at``: the version that we saw last. ``ours``: the later ones that we wrote, for any table; none of them
    changed what people typed. ``region_id``: of the table that is looked at. ``kept_at``: of cells of which some text
    is kept already, the newest version that it was kept from; what stood there before is no news."""

    number: int
    looked_at: int
    ours: frozenset[int]
    region_id: str
    language: Language
    kept_at: Mapping[tuple[str, str], int] = field(default_factory=dict)


def trace(client: PageStore, page: Page, since: Since, changes: Collection[TypedChange]) -> Traced:
    """Each change with its version. Left out is what nobody typed: Confluence shows our own words differently.

    Versions are read from the newest to the oldest, back to the last that we looked at and until each change is
    explained: none where a single person published since our last version.
    """
    versions = _versions_of_people(client, page, since) if changes else []
    if not versions:
        return Traced()
    found = {(change.key, change.column): versions[-1] for change in changes}
    before = dict.fromkeys(found, since.number)
    open_changes = list(changes)
    read: dict[int, Fields] = {}
    blind: list[int] = []
    for version in reversed(versions[:-1]):
        if not open_changes and version.number <= since.looked_at:
            break
        found_there = _fields_at(client, page, since, version)
        blind += [version.number] if found_there is None else []
        fields = read[version.number] = found_there or {}
        # A cell that did not stand there then says nothing of when it was typed.
        changed_later = {(c.key, c.column) for c in open_changes if _says_other(fields, c, since.language)}
        before |= dict.fromkeys(changed_later, version.number)
        open_changes = [c for c in open_changes if (c.key, c.column) not in changed_later]
        found |= {(c.key, c.column): version for c in open_changes if (c.key, c.column) in fields}
    unseen = _unseen(page, since, versions) + blind
    not_seen_yet = [version for version in versions[:-1] if version.number > since.looked_at]
    return Traced(
        tuple(_typed_in(change, found, before, unseen) for change in changes),
        tuple(over for change in changes for over in _typed_over(change, not_seen_yet, read, since)),
    )


def _typed_over(
    change: TypedChange, versions: Iterable[PageVersion], read: Mapping[int, Fields], since: Since
) -> Iterator[TypedIn]:
    """Each text between the old and the new one of an input cell, in the first version that showed it."""
    if not change.column.is_input:
        return
    last, language = change.old, since.language
    kept_at = since.kept_at.get((change.key, change.column), 0)
    for version in (each for each in versions if each.number > kept_at):
        text = read[version.number].get((change.key, change.column), "")
        if not text or same_value(text, last, language):
            continue
        last = text
        if not any(same_value(text, known, language) for known in (change.old, change.new)):
            yield TypedIn(replace(change, new=text), version)


def _unseen(page: Page, since: Since, walked: Collection[PageVersion]) -> list[int]:
    """Versions that somebody else made and that nobody looked at."""
    seen = since.ours | {version.number for version in walked}
    return [number for number in range(since.number + 1, page.version) if number not in seen]


def _typed_in(
    change: TypedChange,
    found: Mapping[tuple[str, Column], PageVersion],
    before: Mapping[tuple[str, Column], int],
    unseen: Collection[int],
) -> TypedIn:
    """``before``: the newest version that was seen to say something else."""
    version = found[change.key, change.column]
    is_sure = not any(before[change.key, change.column] < number < version.number for number in unseen)
    return TypedIn(change, version if is_sure else replace(version, author_id=NOBODY))


def _versions_of_people(client: PageStore, page: Page, since: Since) -> list[PageVersion]:
    """Those that we did not write, oldest first."""
    if page.version <= since.number:
        return []
    found: dict[int, PageVersion] = {}
    if page.version > since.number + 1 or page.at is None:
        listed = client.versions(page.page_id, since.number)
        # Whoever published after we had read the page typed nothing of what we read.
        found = {version.number: version for version in listed if version.number <= page.version}
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


def _fields_at(client: PageStore, page: Page, since: Since, version: PageVersion) -> Fields | None:
    """Empty where the table did not stand in that version; None where nobody can read it there."""
    try:
        body = client.read_version(page.page_id, version.number).body
        regions = find_regions(body, since.region_id)
        return read_region(body, regions[0]).fields if regions else {}
    except (Gone, NotWellFormed):
        return None


def _says_other(fields: Fields, change: TypedChange, language: Language) -> bool:
    then = fields.get((change.key, change.column))
    return then is not None and not same_value(then, change.new, language)


def authors(found: Iterable[TypedIn]) -> frozenset[str]:
    """The accounts that typed."""
    return frozenset(each.version.author_id for each in found if each.version.author_id)


def may_be_ours(version: PageVersion, account_id: str) -> bool:
    """Of a version that nobody here remembers: we never write one without a message, and always under our account.
    ``account_id``: ours; empty where nobody told us."""
    return bool(version.message) or version.author_id in {account_id, NOBODY}
