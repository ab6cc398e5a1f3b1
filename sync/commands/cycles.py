"""Writing cycles: a new one, or another name, other dates, another state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import okrs
from connector.store.activity import record_activity
from connector.store.okrs import OkrSet
from mapping.okr import Cycle
from sync.commands.links import mark_pages
from sync.commands.not_possible import NotPossible
from sync.commands.okr_refusals import ChangedMeanwhile, WrongField, keeping
from sync.ports import Resources
from sync.seen import fingerprint


def add_cycle(on: Resources, workspace_id: int, cycle: Cycle, *, who: str) -> bool:
    """Keep a new cycle. False where exactly this one is there already; WrongField where its key is another's."""
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        known = _find(conn, workspace_id, cycle.key)
        if known is not None and known != cycle:
            raise WrongField("key", "There is a cycle {key} already: {name}.", key=cycle.key, name=known.name)
        if known is None:
            _keep(conn, workspace_id, cycle, f"made the cycle {cycle.key}", who, now)
    return known is None


def change_cycle(on: Resources, workspace_id: int, cycle: Cycle, *, seen: str, who: str) -> bool:
    """Name, dates or state anew. False where nothing differs. ChangedMeanwhile where it is not as ``seen``."""
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        known = _find(conn, workspace_id, cycle.key)
        if known is None:
            raise NotPossible("There is no cycle {key}.", key=cycle.key)
        if known == cycle:
            return False
        if fingerprint(known) != seen:
            raise ChangedMeanwhile
        _keep(conn, workspace_id, cycle, _said(known, cycle), who, now)
        keys = [kr.key for kr in okrs.load_cycle(conn, workspace_id, cycle.key).key_results]
        mark_pages(conn, workspace_id, keys, now)
    on.bell.ring()
    return True


def _find(conn: Transaction, workspace_id: int, key: str) -> Cycle | None:
    return next((each for each in okrs.load_cycles(conn, workspace_id) if each.key == key), None)


def _keep(conn: Transaction, workspace_id: int, cycle: Cycle, text: str, who: str, now: datetime) -> None:
    okrs.record_okrs(conn, workspace_id, OkrSet(cycles=[cycle]), at=now, who=who)
    record_activity(conn, workspace_id, at=now, who=who, text=text)


def _said(old: Cycle, new: Cycle) -> str:
    if replace(old, state=new.state) == new:
        return f"set the cycle {new.key} from {old.state} to {new.state}"
    return f"changed the cycle {new.key}: {new.name}, {new.starts_on} to {new.ends_on}, {new.state}"
