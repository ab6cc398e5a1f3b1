"""Linking many epics to one key result at once, by what a form named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from connector.store import connections
from connector.store.activity import record_activity
from connector.store.epic_choices import remove_just_do_it
from connector.store.links import Linked, record_link
from connector.store.okrs import load_key_results
from connector.store.projects import load_choices
from mapping.okr import Initiative, InvalidOkr, KeyResult, Role, Source
from sync.commands.issue_keys import FoundIssue
from sync.commands.links import keep_linked, mark_pages
from sync.commands.not_possible import NotPossible, NotPossibleNow
from sync.epic_finding import Desk, SiteAway, fetch_epics
from sync.epic_names import names_by_site
from sync.first_count import when_counted
from sync.ports import Resources

MOST = 100


@dataclass(frozen=True, slots=True)
class LinkWish:
    """How epics are to serve a key result; ``step_key`` belongs to a milestone's step."""

    role: Role = Role.SUPPORTS
    weight: Decimal = Decimal(1)
    step_key: str = ""


@dataclass(frozen=True, slots=True)
class LinkManyReport:
    """The keys of the issues, by what became of each."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


def link_many(
    on: Resources, workspace_id: int, key_result_key: str, names: Collection[str], wish: LinkWish, *, who: str
) -> LinkManyReport:
    """Link every named issue (``<connection>:<id>``) so, or none. The same again changes nothing.

    NotPossible where the key result is not there or cannot be served so, or an issue is not there or not to be seen;
    NotPossibleNow where Jira does not answer.
    """
    with on.database.read() as conn:
        key_result = load_key_results(conn, workspace_id, [key_result_key]).get(key_result_key)
    if key_result is None:
        raise NotPossible("There is no key result {key}.", key=key_result_key)
    check_wish(key_result, wish)
    found = _found(on, workspace_id, names)
    now = on.clock.now()
    outcomes: dict[Linked, list[str]] = {outcome: [] for outcome in Linked}
    with on.database.write() as conn:
        for each in found:
            initiative = initiative_of_wish(key_result_key, each.connection.id, each.snapshot.issue_id, wish)
            outcome = record_link(conn, workspace_id, initiative, at=now, by=who)
            outcomes[outcome].append(each.snapshot.issue_key)
            remove_just_do_it(conn, workspace_id, each.connection.id, each.snapshot.issue_id)
        keep_linked(conn, found, now)
        news = outcomes[Linked.ADDED] + outcomes[Linked.CHANGED]
        if news:
            issues = [(each.connection.id, each.snapshot.issue_id) for each in found]
            when = now if outcomes[Linked.CHANGED] else when_counted(conn, workspace_id, issues, now)
            mark_pages(conn, workspace_id, [key_result_key], when)
            text = f"linked {', '.join(news)} to {key_result_key}{effect_words(wish)}"
            record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return LinkManyReport(*(tuple(outcomes[each]) for each in (Linked.ADDED, Linked.CHANGED, Linked.SAME)))


def check_wish(key_result: KeyResult, wish: LinkWish) -> None:
    """NotPossible where this key result cannot be served so."""
    if wish.role is Role.DRIVES and key_result.source is not Source.INITIATIVES:
        raise NotPossible(
            "The value of {key} does not come from its initiatives, so nothing can drive it.", key=key_result.key
        )
    if wish.role is Role.STEP and wish.step_key not in {step.key for step in key_result.steps}:
        raise NotPossible("{key} has no such step.", key=key_result.key)
    initiative_of_wish(key_result.key, 0, "0", wish)


def initiative_of_wish(key_result_key: str, connection_id: int, issue_id: str, wish: LinkWish) -> Initiative:
    """The link; NotPossible where the weight is none."""
    try:
        return Initiative(key_result_key, connection_id, issue_id, wish.role, wish.weight, wish.step_key)
    except InvalidOkr as error:
        raise NotPossible("A weight is a number above 0, such as 1 or 0.5.") from error


def effect_words(wish: LinkWish) -> str:
    """How a link serves, as the log says it."""
    if wish.role is Role.DRIVES:
        return f", driving it with weight {wish.weight}"
    return f" as step {wish.step_key}" if wish.role is Role.STEP else ""


def _found(on: Resources, workspace_id: int, names: Collection[str]) -> list[FoundIssue]:
    wanted = names_by_site(names)
    number = sum(map(len, wanted.values()))
    if not number:
        raise NotPossible("No epic was chosen.")
    if number > MOST:
        raise NotPossible("{number} epics are too many at once; choose at most {most}.", number=number, most=MOST)
    with on.database.read() as conn:
        sites = {site.id: site for site in connections.load_connections(conn, workspace_id, "jira")}
        choices = {number: load_choices(conn, site) for number, site in sites.items()}
    if not wanted.keys() <= sites.keys():
        raise NotPossible("One of the epics is no longer there. Search for it again.")
    desks = {number: Desk(sites[number], on.sites.jira(sites[number]), choices[number]) for number in wanted}
    return [issue for number, ids in wanted.items() for issue in _fetched(desks[number], ids, on.clock.now())]


def _fetched(desk: Desk, ids: list[str], began: datetime) -> list[FoundIssue]:
    try:
        snapshots = fetch_epics(desk, ids)
    except SiteAway as error:
        raise NotPossibleNow(
            "{site} does not answer just now, so nothing was linked. Try again.", site=desk.site.site_url
        ) from error
    if {each.issue_id for each in snapshots} != set(ids):
        raise NotPossible("One of the epics is no longer there, or the account may not see it. Search for it again.")
    return [FoundIssue(desk.site, snapshot, began) for snapshot in snapshots]
