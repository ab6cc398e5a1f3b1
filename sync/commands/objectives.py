"""Writing objectives one at a time, with the same checks as those of a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import okr_removal, okrs, tables
from connector.store.activity import record_activity
from connector.store.okrs import OkrSet
from connector.store.work import mark_due
from mapping.okr import Objective, Stage
from sync.commands.not_possible import NotPossible
from sync.commands.okr_refusals import ChangedMeanwhile, WrongField, keeping
from sync.commands.running import AT_ONCE
from sync.ports import Resources
from sync.seen import fingerprint


def add_objective(on: Resources, workspace_id: int, objective: Objective, *, who: str) -> str:
    """Keep a new objective. Returns its key: that of the same objective where it is there already under another, so
    that a form that is sent twice writes one. WrongField where the key is taken, or a cycle or parent is not there."""
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        everything = {each.key: each for each in okrs.load_all_objectives(conn, workspace_id)}
        same = next((each for each in everything.values() if replace(each, key=objective.key) == objective), None)
        if same is not None:
            return same.key
        if known := everything.get(objective.key):
            raise WrongField("key", "There is an objective {key} already: {title}.", key=known.key, title=known.title)
        _check(conn, workspace_id, objective, everything)
        text = f"wrote the objective {objective.key}: {objective.title}"
        _keep(conn, workspace_id, objective, "", text, who, now)
    on.bell.ring()
    return objective.key


def change_objective(
    on: Resources, workspace_id: int, objective: Objective, *, seen: str, reason: str, who: str
) -> bool:
    """Keep it as it is given. False where nothing differs.

    ChangedMeanwhile where it is not as ``seen``; ReasonAsked where it is agreed and the change needs a ``reason``;
    WrongField where a cycle or a parent is not there.
    """
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        everything = {each.key: each for each in okrs.load_all_objectives(conn, workspace_id)}
        known = everything.get(objective.key)
        if known is None:
            raise NotPossible("There is no objective {key}.", key=objective.key)
        if fingerprint(known) == fingerprint(objective):
            return False
        if fingerprint(known) != seen:
            raise ChangedMeanwhile
        _check(conn, workspace_id, objective, everything)
        _mark_pages(conn, workspace_id, known, now)  # those that show it no longer once it has moved
        text = f"changed the objective {objective.key}"
        _keep(conn, workspace_id, objective, reason, text, who, now)
    on.bell.ring()
    return True


def delete_objective(on: Resources, workspace_id: int, key: str, *, who: str) -> None:
    """Forget a draft that has no key results. NotPossible for any other."""
    now = on.clock.now()
    with on.database.write() as conn:
        known = {each.key: each for each in okrs.load_all_objectives(conn, workspace_id)}.get(key)
        if known is None:
            raise NotPossible("There is no objective {key}.", key=key)
        if known.stage is not Stage.DRAFT:
            raise NotPossible("{key} is agreed. Only a draft can be deleted.", key=key)
        if _key_results_of(conn, workspace_id, known):
            raise NotPossible("{key} still has key results. Delete those first.", key=key)
        okr_removal.remove_objective(conn, workspace_id, key)
        record_activity(conn, workspace_id, at=now, who=who, text=f"deleted the draft {key}: {known.title}")
        _mark_pages(conn, workspace_id, known, now)
    on.bell.ring()


def _key_results_of(conn: Transaction, workspace_id: int, objective: Objective) -> list[str]:
    cycle = okrs.load_cycle(conn, workspace_id, objective.cycle_key)
    return [kr.key for each, krs in cycle.objectives if each.key == objective.key for kr in krs]


def _keep(
    conn: Transaction, workspace_id: int, objective: Objective, reason: str, text: str, who: str, now: datetime
) -> None:
    okrs.record_okrs(conn, workspace_id, OkrSet(objectives=[objective]), at=now, who=who, reason=reason)
    record_activity(conn, workspace_id, at=now, who=who, text=text)
    _mark_pages(conn, workspace_id, objective, now)


def _mark_pages(conn: Transaction, workspace_id: int, objective: Objective, at: datetime) -> None:
    """Every page that shows it is due, also before it has a key result: its heading stands there."""
    showing = map(str, tables.tables_with_objective(conn, workspace_id, objective))
    mark_due(conn, workspace_id, "table", showing, at, urgency=AT_ONCE, retry=True)


def _check(conn: Transaction, workspace_id: int, objective: Objective, everything: dict[str, Objective]) -> None:
    if objective.cycle_key not in {each.key for each in okrs.load_cycles(conn, workspace_id)}:
        raise WrongField("cycle_key", "There is no cycle {key}.", key=objective.cycle_key)
    unknown = [key for key in objective.parent_keys if key not in everything]
    if unknown:
        raise WrongField("parent_keys", "There is no objective {keys}.", keys=", ".join(unknown))
    if objective.key in _above(objective, everything):
        raise WrongField("parent_keys", "{key} would come to lie above itself.", key=objective.key)


def _above(objective: Objective, everything: dict[str, Objective]) -> set[str]:
    found: set[str] = set()
    waiting = list(objective.parent_keys)
    while waiting:
        key = waiting.pop()
        if key not in found and key in everything:
            found.add(key)
            waiting += everything[key].parent_keys
    return found
