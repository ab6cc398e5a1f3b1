"""Writing key results one at a time, with the same checks as those of a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection as Transaction

from connector.store import links, okr_removal, okrs
from connector.store.activity import record_activity
from connector.store.okr_changes import CHANGE, OkrChange, record_change
from connector.store.okrs import OkrSet
from connector.store.work import mark_due
from mapping.okr import KeyResult, Objective, Role, Source, Stage
from mapping.pace import day_of
from sync.commands.links import mark_pages
from sync.commands.not_possible import NotPossible
from sync.commands.okr_refusals import ChangedMeanwhile, WrongField, keeping
from sync.ports import Resources
from sync.seen import fingerprint


def add_key_result(on: Resources, workspace_id: int, key_result: KeyResult, *, who: str) -> str:
    """Keep a new key result. Returns its key: that of the same key result where its objective has it already under
    another, so that a form that is sent twice writes one. WrongField where the key is taken."""
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        siblings = _siblings(conn, workspace_id, key_result.objective_key)
        same = next((each for each in siblings if replace(each, key=key_result.key) == key_result), None)
        if same is not None:
            return same.key
        if known := okrs.load_key_results(conn, workspace_id, [key_result.key]).get(key_result.key):
            raise WrongField("key", "There is a key result {key} already: {title}.", key=known.key, title=known.title)
        _keep(conn, workspace_id, key_result, "", now, who)
        text = f"wrote the key result {key_result.key}: {key_result.title}"
        record_activity(conn, workspace_id, at=now, who=who, text=text)
    on.bell.ring()
    return key_result.key


def change_key_result(
    on: Resources, workspace_id: int, key_result: KeyResult, *, seen: str, reason: str, who: str
) -> bool:
    """Keep it as it is given. False where nothing differs.

    ChangedMeanwhile where it is not as ``seen``; ReasonAsked where its objective is agreed and the change needs a
    ``reason``; WrongField where links stand in the way of the change.
    """
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        known = _known(conn, workspace_id, key_result.key)
        if fingerprint(known) == fingerprint(key_result):
            return False
        if fingerprint(known) != seen:
            raise ChangedMeanwhile
        _check_links(conn, workspace_id, key_result)
        _keep(conn, workspace_id, key_result, reason, now, who)
        record_activity(conn, workspace_id, at=now, who=who, text=f"changed the key result {key_result.key}")
    on.bell.ring()
    return True


def drop_key_result(on: Resources, workspace_id: int, key: str, *, why: str, who: str) -> bool:
    """Take it out of every figure from today on; what was said stays. False where it was dropped already."""
    if not why.strip():
        raise WrongField("why", "Say in one sentence why it is dropped; that is recorded and shown.")
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        known = _known(conn, workspace_id, key)
        if known.dropped_on is not None:
            return False
        _keep(conn, workspace_id, replace(known, dropped_on=day_of(now), dropped_why=why.strip()), "", now, who)
        record_change(conn, workspace_id, OkrChange(key, CHANGE, now, who, "dropped", why.strip()))
        record_activity(conn, workspace_id, at=now, who=who, text=f"dropped {key}. Reason: {why.strip()}")
    on.bell.ring()
    return True


def take_up_key_result(on: Resources, workspace_id: int, key: str, *, why: str, who: str) -> bool:
    """It counts again. False where it was not dropped; ReasonAsked without a reason where its objective is agreed."""
    now = on.clock.now()
    with keeping(), on.database.write() as conn:
        known = _known(conn, workspace_id, key)
        if known.dropped_on is None:
            return False
        _keep(conn, workspace_id, replace(known, dropped_on=None, dropped_why=""), why, now, who)
        record_activity(conn, workspace_id, at=now, who=who, text=f"took {key} up again")
    on.bell.ring()
    return True


def delete_key_result(on: Resources, workspace_id: int, key: str, *, who: str) -> None:
    """Forget a key result of a draft that nobody ever checked in. NotPossible for any other."""
    now = on.clock.now()
    with on.database.write() as conn:
        known = _known(conn, workspace_id, key)
        if _objective_of(conn, workspace_id, known).stage is not Stage.DRAFT:
            raise NotPossible("{key} is agreed. Drop it with a reason instead.", key=key)
        if okr_removal.was_checked_in(conn, workspace_id, key):
            raise NotPossible("{key} has check-ins. Drop it with a reason instead; they stay.", key=key)
        mark_pages(conn, workspace_id, [key], now)
        okr_removal.remove_key_result(conn, workspace_id, key)
        record_activity(conn, workspace_id, at=now, who=who, text=f"deleted the draft {key}: {known.title}")
    on.bell.ring()


def _known(conn: Transaction, workspace_id: int, key: str) -> KeyResult:
    known = okrs.load_key_results(conn, workspace_id, [key]).get(key)
    if known is None:
        raise NotPossible("There is no key result {key}.", key=key)
    return known


def _siblings(conn: Transaction, workspace_id: int, objective_key: str) -> tuple[KeyResult, ...]:
    above = next((o for o in okrs.load_all_objectives(conn, workspace_id) if o.key == objective_key), None)
    if above is None:
        raise NotPossible("There is no objective {key}.", key=objective_key)
    cycle = okrs.load_cycle(conn, workspace_id, above.cycle_key)
    return next(key_results for each, key_results in cycle.objectives if each.key == objective_key)


def _objective_of(conn: Transaction, workspace_id: int, key_result: KeyResult) -> Objective:
    return next(o for o in okrs.load_all_objectives(conn, workspace_id) if o.key == key_result.objective_key)


def _keep(conn: Transaction, workspace_id: int, key_result: KeyResult, reason: str, now: datetime, who: str) -> None:
    okrs.record_okrs(conn, workspace_id, OkrSet(key_results=[key_result]), at=now, who=who, reason=reason)
    if key_result.source is Source.JQL:
        mark_due(conn, workspace_id, "jql", [key_result.key], now, retry=True)
    mark_pages(conn, workspace_id, [key_result.key], now)


def _check_links(conn: Transaction, workspace_id: int, key_result: KeyResult) -> None:
    """Nothing drives a figure that does not come from initiatives, and no link is a step that is not there."""
    linked = [each.initiative for each in links.load_links(conn, workspace_id, [key_result.key])]
    driving = sum(each.role is Role.DRIVES for each in linked)
    if driving and key_result.source is not Source.INITIATIVES:
        raise WrongField(
            "source",
            "{n} linked issues drive its figure. Let them only support it first, then choose another source.",
            n=driving,
        )
    steps = {step.key: step.title for step in key_result.steps}
    lost = {each.step_key for each in linked if each.role is Role.STEP} - set(steps)
    if lost:
        raise WrongField(
            "steps",
            "A linked issue is the step {step}. Unlink it first, or keep the step.",
            step=", ".join(sorted(lost)),
        )
