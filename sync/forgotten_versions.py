"""Versions of a page that we wrote after the backup that was put back, and that nobody here remembers.

Every version of ours is made by our account and has a message, and people seldom write one. So a version with a message
may be ours, and so may one by our account; any other is a person's. What a version that may be ours brought into a cell
where people type is not taken for a check-in: where the service does not know it any more, a person decides whether it
counts. What people typed since becomes their check-in as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connector.errors import Gone
from mapping.okr import KeyResult
from mapping.page_region import NotWellFormed
from mapping.region_reading import is_of_another_moment, same_value
from mapping.typed_check_in import understand
from sync.page_look import Look, read_back
from sync.page_memory import Visit
from sync.ports import Page, PageStore, PageVersion
from sync.typed_versions import Traced, TypedIn, may_be_ours


def is_ours_now(visit: Visit, page: Page) -> bool:
    """Whether the version that stands there may be ours."""
    return may_be_ours(_present(visit, page), visit.account_id)


def look_past_forgotten(visit: Visit, client: PageStore, page: Page, look: Look) -> Look:
    """The same look, compared with the last version that may be ours instead of the last one that we remember: whether
    the table is an older one. Nobody can tell which of the computed cells people typed over."""
    known = visit.table.written_version
    if look.sight is None or not known:
        return look
    later = [*client.versions(page.page_id, known), _present(visit, page)]
    ours = [version.number for version in later if version.number > known and may_be_ours(version, visit.account_id)]
    if not ours:
        return look
    return replace(look, replaced=(), is_older=_is_older(visit, client, page, look, max(ours)))


def without_own_words(found: Traced, visit: Visit, key_results: Mapping[str, KeyResult]) -> Traced:
    """Left out is what versions that may be ours brought there and the service says, too, or what is no check-in."""
    typed = [each for each in found.typed if not _is_ours(each, visit) or _is_lost(each, visit, key_results)]
    over = [each for each in found.typed_over if not _is_ours(each, visit)]
    return Traced(tuple(typed), tuple(over))


def _present(visit: Visit, page: Page) -> PageVersion:
    return PageVersion(page.version, page.author_id, page.at or visit.at, page.message)


def _is_older(visit: Visit, client: PageStore, page: Page, look: Look, last: int) -> bool:
    if last == page.version or look.reading is None:
        return False
    try:
        then = read_back(client.read_version(page.page_id, last).body, visit.table)
    except (Gone, NotWellFormed):
        return True
    return is_of_another_moment(look.reading.summary, then.lines)


def _is_ours(each: TypedIn, visit: Visit) -> bool:
    return may_be_ours(each.version, visit.account_id)


def _is_lost(each: TypedIn, visit: Visit, key_results: Mapping[str, KeyResult]) -> bool:
    """Whether it can have been a check-in of which nothing is known here."""
    change, language = each.change, visit.now.language
    known = visit.intended.fields.get((change.key, change.column))
    kr = key_results.get(change.key)
    if kr is None or known is None or same_value(change.new, known, language):
        return False
    return understand(change.column, change.new, kr, language) is not None
