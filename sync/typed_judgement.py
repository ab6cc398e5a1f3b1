"""What becomes of each text that somebody typed: a check-in, or something that waits for a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connector.store.page_visits import TypedText
from mapping.okr import KeyResult
from mapping.typed_check_in import understand
from mapping.words import Language
from sync.ports import PageVersion
from sync.typed_accounts import Authors
from sync.typed_rights import Rights
from sync.typed_versions import NOBODY, TypedIn, may_be_ours

TAKEN = "taken"
NOT_UNDERSTOOD = "not_understood"
NOT_ALLOWED = "not_allowed"
TO_CONFIRM = "to_confirm"
# More cells than people fill in at one go: a row pasted over another, a column filled down, a script.
MOST_AT_ONCE = 5
# Who checked in by another way than typing, of which the backup that was put back knows nothing.
FORGOTTEN = "somebody whose check-in the backup does not have"
# [U] The words that Confluence puts into a version that restores an older one.
_RESTORED = re.compile(r"Reverted from v\.")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """``is_older``: the table in the page is an older one than our last, or from a copy. ``our_account``: who we are at
    the site; in a version that we did not write, somebody else uses that account, unless a backup was ``put_back``."""

    key_results: Mapping[str, KeyResult]
    language: Language
    rights: Rights
    authors: Authors
    is_older: bool
    our_account: str
    put_back: bool = False


def is_restored(message: str) -> bool:
    """Of a version: it was published by restoring an older one."""
    return _RESTORED.match(message) is not None


def judge(typed: Iterable[TypedIn], known: Circumstances) -> list[TypedText]:
    """Each with its outcome, in the order in which they were typed."""
    found = sorted((each for each in typed if each.change.key in known.key_results), key=_number)
    at_once = Counter(each.version.number for each in found)
    return [
        _noted(each, known, _outcome(each, known, many=at_once[each.version.number] > MOST_AT_ONCE)) for each in found
    ]


def note_lost(typed: Iterable[TypedIn], known: Circumstances, outcome: str) -> list[TypedText]:
    """What stands in computed cells and is going to be written over, or was typed over by somebody. What a restored
    version or an older table brought there nobody typed."""
    return [
        _noted(each, known, outcome)
        for each in sorted(typed, key=_number)
        if not known.is_older and not is_restored(each.version.message)
    ]


def _number(each: TypedIn) -> int:
    return each.version.number


def _outcome(each: TypedIn, known: Circumstances, *, many: bool) -> str:
    change = each.change
    if understand(change.column, change.new, known.key_results[change.key], known.language) is None:
        return NOT_UNDERSTOOD
    if _is_forgotten(each, known):
        return TO_CONFIRM
    author = known.authors.of(each.version.author_id)
    if not known.rights.allow(change.key, author):
        return NOT_ALLOWED
    is_app = author.account_type == "app" and author.account_id != known.our_account
    ask = known.is_older or many or is_app or is_restored(each.version.message)
    return TO_CONFIRM if ask else TAKEN


def _is_forgotten(each: TypedIn, known: Circumstances) -> bool:
    return known.put_back and may_be_ours(each.version, known.our_account)


def _noted(each: TypedIn, known: Circumstances, outcome: str) -> TypedText:
    version: PageVersion = each.version
    # Where nobody told us who we are, whoever gave a message may be ourselves.
    ours = {known.our_account or version.author_id, NOBODY}
    is_nobodys = _is_forgotten(each, known) and version.author_id in ours
    return TypedText(
        version=version.number,
        key_result_key=each.change.key,
        column=str(each.change.column),
        text=each.change.new,
        author_id=version.author_id,
        author_name=FORGOTTEN if is_nobodys else known.authors.name(version.author_id),
        at=version.at,
        outcome=outcome,
    )
