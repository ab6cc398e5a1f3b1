"""Linking rules: making, changing, turning on and off, deleting one; and deciding about many links at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import link_rules
from connector.store.activity import record_activity
from connector.store.link_rules import LinkRule, UnknownRule
from connector.store.links import remove_link
from connector.store.work import mark_due
from mapping.rules import InvalidRule, Outcome
from mapping.sentences import sentence
from sync.commands.links import mark_pages
from sync.commands.not_possible import NotPossible, NotPossibleNow
from sync.commands.rule_wish import RuleWish, check_wish, refuse_taken_name, told
from sync.commands.running import SOON
from sync.ports import Resources
from sync.rule_linking import MOST_AT_ONCE, add_links, name_of
from sync.rule_look import Look, look_at
from sync.rule_plan import Line, Pair, fingerprint, plan_rule, to_link

GONE = sentence("This rule is not there any more.")


class RuleChanged(NotPossible):
    """Somebody else changed the rule since it was looked at; nothing was saved."""


class NotAsShown(NotPossible):
    """It would link something else than what was shown; nothing was saved."""


@dataclass(frozen=True, slots=True)
class SavedRule:
    """What saving did. ``waiting``: so many epics wait for a person, because they are too many to be linked at once.
    ``away``: why Jira could not be asked; the rule is checked as soon as it answers."""

    rule_id: int
    linked: int = 0
    unlinked: int = 0
    waiting: int = 0
    away: str = ""


def save_rule(
    on: Resources,
    workspace_id: int,
    wish: RuleWish,
    *,
    who: str,
    rule_id: int | None = None,
    seen: str = "",
    shown: str | None = None,
    unlink: Collection[Pair] = (),
) -> SavedRule:
    """Make a rule, or change one, and link at once what it matches, up to 20 epics; more wait for ``link_waiting``.

    ``seen``: the fingerprint of the rule that was looked at; RuleChanged where it is another one by now. ``shown``: the
    fingerprint of what was shown as to be linked (None: nobody looked); NotAsShown where it would be something else.
    ``unlink``: links of the rule that match no more and are to be taken away. Raises InvalidRule with the field that is
    wrong, and NotPossible where the rule is gone.
    """
    before = _load(on, workspace_id, rule_id) if rule_id is not None else None
    check_wish(on, workspace_id, wish, before)
    look = _look(on, workspace_id, wish) if before is None or before.is_on else None
    now = on.clock.now()
    with on.database.write() as conn:
        _refuse_changed(conn, workspace_id, rule_id, seen)
        refuse_taken_name(conn, workspace_id, wish, rule_id)  # once more: Jira was asked meanwhile
        lines = _lines(conn, workspace_id, wish, rule_id, look)
        new = to_link(lines, look.known) if look else ()
        if shown is not None and len(new) <= MOST_AT_ONCE and fingerprint(new) != shown:
            raise NotAsShown("What it would link has changed since you looked. Look once more, then save.")
        kept = _keep(conn, workspace_id, wish, before, now, who)
        unlinked = _unlink(conn, kept, lines, unlink, now, who)
        saved = _link_or_ask(conn, kept, look, new, now, who)
    on.bell.ring()
    return SavedRule(kept.rule_id, saved.linked, unlinked, saved.waiting, saved.away)


def link_waiting(on: Resources, workspace_id: int, rule_id: int, *, shown: str, who: str) -> int:
    """Link all that waits, as it was shown. Returns how many links were made.

    NotAsShown where it would be something else by now, NotPossibleNow where Jira does not answer.
    """
    kept = _load(on, workspace_id, rule_id)
    look = _look(on, workspace_id, RuleWish(kept.name, kept.connection_id, kept.rule))
    if look.found is None:
        raise NotPossibleNow("Jira does not answer just now: {why}. Nothing was linked; try again.", why=look.away)
    now = on.clock.now()
    with on.database.write() as conn:
        _refuse_changed(conn, workspace_id, rule_id, kept.fingerprint)
        lines = plan_rule(conn, workspace_id, kept.connection_id, rule_id, look.found.matches, look.known)
        new = to_link(lines, look.known)
        if fingerprint(new) != shown:
            raise NotAsShown("What it would link has changed since you looked. Look once more, then link.")
        linked = add_links(conn, look.reading, kept, new, now, who=who)
        link_rules.record_checked(
            conn, workspace_id, rule_id, at=now, matched=len(look.found.matches), waiting=()
        )  # fmt: skip
    on.bell.ring()
    return linked


def turn_rule(on: Resources, workspace_id: int, rule_id: int, *, is_on: bool, who: str) -> bool:
    """On: what it matches is looked for at once. Off: it links nothing more; its links stay. False where it was so."""
    now = on.clock.now()
    kept = _load(on, workspace_id, rule_id)
    if kept.is_on is is_on:
        return False
    with on.database.write() as conn:
        link_rules.turn_rule(conn, workspace_id, rule_id, now if is_on else None)
        if is_on:
            mark_due(conn, workspace_id, "rule", [kept.target], now, urgency=SOON, retry=True)
        text = f"turned rule “{kept.name}” {'on' if is_on else 'off'}"
        record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return True


def delete_rule(on: Resources, workspace_id: int, rule_id: int, *, who: str) -> str:
    """Forget the rule; the links that it made stay, and count as decided by people from now on. Returns its name."""
    kept = _load(on, workspace_id, rule_id)
    with on.database.write() as conn:
        link_rules.delete_rule(conn, workspace_id, rule_id)
        record_activity(conn, workspace_id, at=on.clock.now(), who=who, text=f"deleted rule “{kept.name}”")
    return kept.name


def _load(on: Resources, workspace_id: int, rule_id: int) -> LinkRule:
    with on.database.read() as conn:
        try:
            return link_rules.load_rule(conn, workspace_id, rule_id)
        except UnknownRule:
            raise NotPossible(GONE) from None


def _look(on: Resources, workspace_id: int, wish: RuleWish) -> Look:
    look = look_at(on, workspace_id, wish.connection_id, wish.rule)
    if look.wrong:
        raise InvalidRule("wanted", look.wrong)
    return look


def _refuse_changed(conn: Transaction, workspace_id: int, rule_id: int | None, seen: str) -> None:
    if rule_id is None:
        return
    try:
        present = link_rules.load_rule(conn, workspace_id, rule_id)
    except UnknownRule:
        raise NotPossible(GONE) from None
    if seen and present.fingerprint != seen:
        raise RuleChanged("Somebody changed this rule since you opened it.")


def _lines(
    conn: Transaction, workspace_id: int, wish: RuleWish, rule_id: int | None, look: Look | None
) -> tuple[Line, ...]:
    if look is None or look.found is None:
        return ()
    return plan_rule(conn, workspace_id, wish.connection_id, rule_id, look.found.matches, look.known)


def _keep(
    conn: Transaction, workspace_id: int, wish: RuleWish, before: LinkRule | None, at: datetime, who: str
) -> LinkRule:
    if before is None:
        rule_id = link_rules.add_rule(conn, workspace_id, wish.connection_id, wish.name, wish.rule, at=at, by=who)
        record_activity(conn, workspace_id, at=at, who=who, text=f"made rule “{wish.name}”: {told(wish.rule)}")
        return link_rules.load_rule(conn, workspace_id, rule_id)
    if (before.name, before.rule) != (wish.name, wish.rule):
        link_rules.change_rule(conn, workspace_id, before.rule_id, wish.name, wish.rule)
        text = f"changed rule “{wish.name}”: {told(wish.rule)}, before: {told(before.rule)}"
        record_activity(conn, workspace_id, at=at, who=who, text=text)
    return link_rules.load_rule(conn, workspace_id, before.rule_id)


def _unlink(
    conn: Transaction, kept: LinkRule, lines: Sequence[Line], ticked: Collection[Pair], at: datetime, who: str
) -> int:
    gone = [line for line in lines if line.outcome is Outcome.NO_LONGER and line.pair in ticked]
    for line in gone:
        issue_id, key = line.pair
        remove_link(conn, kept.workspace_id, key, kept.connection_id, issue_id, at=at, by=who)
        text = f"unlinked {name_of(line)} from {key}: it no longer matches rule “{kept.name}”"
        record_activity(conn, kept.workspace_id, at=at, who=who, text=text)
    mark_pages(conn, kept.workspace_id, {line.key_result_key for line in gone}, at)
    return len(gone)


def _link_or_ask(
    conn: Transaction,
    kept: LinkRule,
    look: Look | None,
    new: Sequence[Line],
    at: datetime,
    who: str,
) -> SavedRule:
    if look is None:
        return SavedRule(kept.rule_id)
    if look.found is None:
        mark_due(conn, kept.workspace_id, "rule", [kept.target], at, urgency=SOON, retry=True)
        return SavedRule(kept.rule_id, away=look.away)
    waiting = sorted({line.issue_id for line in new}) if len(new) > MOST_AT_ONCE else []
    linked = 0 if waiting else add_links(conn, look.reading, kept, new, at, who=who)
    link_rules.record_checked(
        conn, kept.workspace_id, kept.rule_id, at=at, matched=len(look.found.matches), waiting=waiting
    )
    return SavedRule(kept.rule_id, linked, waiting=len(waiting))
