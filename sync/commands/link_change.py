"""Changing one link, or taking it away, by somebody who looked at it first. Works without Jira."""

from __future__ import annotations

from sqlalchemy import Connection as Transaction

from connector.store.activity import record_activity
from connector.store.link_list import ListedLink, find_link
from connector.store.links import Linked, record_link, remove_link
from connector.store.okrs import load_key_results
from sync.commands.link_many import LinkWish, check_wish, effect_words, initiative_of_wish
from sync.commands.links import mark_pages
from sync.commands.not_possible import NotPossible
from sync.ports import Resources
from sync.seen import fingerprint

LinkName = tuple[str, int, str]
"""Key result, connection and issue id: which link is meant."""


class ChangedMeanwhile(NotPossible):
    """Somebody else changed the link since it was looked at; nothing was done."""


def change_link(on: Resources, workspace_id: int, name: LinkName, wish: LinkWish, *, seen: str, who: str) -> bool:
    """Let the link serve otherwise. False where it does so already.

    NotPossible where it is not there any more or cannot serve so; ChangedMeanwhile where it is no longer as ``seen``.
    """
    now = on.clock.now()
    with on.database.write() as conn:
        kept = _as_seen(conn, workspace_id, name, wish, seen)
        if kept is None:
            return False
        check_wish(load_key_results(conn, workspace_id, [name[0]])[name[0]], wish)
        changed = record_link(conn, workspace_id, initiative_of_wish(*name, wish), at=now, by=who)
        if changed is Linked.SAME:
            return False
        mark_pages(conn, workspace_id, [name[0]], now)
        text = f"changed the link of {_called(kept)} to {name[0]}: it {_serves(wish)}"
        record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return True


def unlink_one(on: Resources, workspace_id: int, name: LinkName, *, who: str) -> bool:
    """Take the link away. False where it was gone already."""
    now = on.clock.now()
    with on.database.write() as conn:
        kept = find_link(conn, workspace_id, *name)
        if kept is None or not remove_link(conn, workspace_id, *name, at=now, by=who):
            return False
        mark_pages(conn, workspace_id, [name[0]], now)
        text = f"unlinked {_called(kept)} from {name[0]}"
        record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return True


def seen_of(link: ListedLink) -> str:
    """What somebody saw of a link who opened its form."""
    return fingerprint(link.linked.initiative)


def _as_seen(conn: Transaction, workspace_id: int, name: LinkName, wish: LinkWish, seen: str) -> ListedLink | None:
    """The link; None where it serves so already, whoever saw to that."""
    kept = find_link(conn, workspace_id, *name)
    if kept is None:
        raise NotPossible("This link is not there any more: somebody took it away.")
    link = kept.linked.initiative
    if (link.role, link.weight, link.step_key) == (wish.role, wish.weight, wish.step_key):
        return None
    if seen_of(kept) != seen:
        raise ChangedMeanwhile("Somebody else changed this link while you were looking at it.")
    return kept


def _called(link: ListedLink) -> str:
    return link.linked.issue_key or f"issue {link.linked.initiative.issue_id}"


def _serves(wish: LinkWish) -> str:
    return f"serves it{effect_words(wish)}" if effect_words(wish) else "supports it"
