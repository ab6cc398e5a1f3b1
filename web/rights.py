"""Whether somebody may change what belongs to a team: asked when the page is opened or its form comes in, and once
more in the transaction that changes it.

In between, a key result may have moved to another team, or an editor may have become a reader. So a view says here
whose it is, and every command of the request asks again before it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import cast

from flask import abort, g
from sqlalchemy import Connection as Transaction

from connector.store import people
from connector.store.people import Person
from sync.ports import Resources
from sync.queries import teams
from web.session import is_still_valid

Owners = Callable[[Transaction], Collection[str]]
"""All teams of whom somebody has to be an editor, as they are in a transaction."""


def may_edit(person: Person) -> bool:
    """True for those who may decide about OKRs and tables: admins and editors."""
    return person.role in {"admin", "editor"}


def may_edit_team(person: Person, team: str) -> bool:
    """True for admins, and for editors of this team or of all teams."""
    return person.role == "admin" or (may_edit(person) and (not person.teams or team in person.teams))


def may_edit_teams(person: Person, of: Collection[str]) -> bool:
    """True for those who may edit what belongs to all of these teams; none named means all there are."""
    return all(may_edit_team(person, team) for team in of or (teams.ALL_TEAMS,))


def only_for_team(team: str) -> None:
    """Refuse whoever may not edit what belongs to this team."""
    only_for_teams((team,))


def only_for_teams(of: Collection[str]) -> None:
    """Refuse whoever may not edit all of these teams; none named means all of the cycle."""
    named = tuple(of) or (teams.ALL_TEAMS,)
    _only_for(lambda _conn: named)


def only_for_key_results(*keys: str) -> None:
    """Refuse whoever may not edit all of these key results."""
    _only_for(lambda conn: teams.teams_of_key_results(conn, _workspace_id(), keys))


def only_for_objectives(*keys: str) -> None:
    """Refuse whoever may not edit all of these objectives."""
    _only_for(lambda conn: teams.teams_of_objectives(conn, _workspace_id(), keys))


def only_for_table(table_id: int) -> None:
    """Refuse whoever may not edit all teams that the table shows."""
    _only_for(lambda conn: teams.teams_of_table(conn, _workspace_id(), table_id))


def only_for_rule(rule_id: int) -> None:
    """Refuse whoever may not edit what the rule serves."""
    _only_for(lambda conn: teams.teams_of_rule(conn, _workspace_id(), rule_id))


def only_for_served(key: str) -> None:
    """Refuse whoever may not have a rule serve this key result."""
    _only_for(lambda conn: teams.teams_served(conn, _workspace_id(), key))


def asking_first(on: Resources) -> Resources:
    """For the commands of a request of ``g.person``: each begins by asking whether all still is as it was admitted."""
    g.owners = []
    return replace(on, database=on.database.asking_first(_ask_again))


def _only_for(owners: Owners) -> None:
    on = cast("Resources", g.on)
    with on.database.read() as conn:
        _refuse_others(owners(conn))
    g.owners.append(owners)


def _ask_again(conn: Transaction) -> None:
    """Whoever has another role or other teams by now, or is signed out, looks again at what they may."""
    present = people.find_person(conn, _workspace_id(), g.person.person_id)
    if present is None or not is_still_valid(present) or _rights(present) != _rights(g.person):
        abort(403)
    for owners in g.owners:
        _refuse_others(owners(conn))


def _refuse_others(of: Collection[str]) -> None:
    if not all(may_edit_team(g.person, team) for team in of):
        abort(403)


def _rights(person: Person) -> tuple[str, tuple[str, ...]]:
    return person.role, person.teams


def _workspace_id() -> int:
    return cast("int", g.person.workspace_id)
