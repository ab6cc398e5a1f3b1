"""The first objective and key result, as somebody corrected their draft; kept as a draft, with the epic linked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from connector.store.okrs import load_cycle, load_cycles
from mapping.adoption_cycle import cycle_named_in
from mapping.adoption_keys import FreshKeys
from mapping.okr import Bound, Cycle, CycleState, InvalidOkr, KeyResult, Kind, Objective, Stage
from mapping.okr_set import ParsedLink, ParsedOkrs
from sync.commands.not_possible import NotPossible
from sync.commands.okrs import take_over
from sync.ports import Resources

# Time enough to measure a baseline, and early enough to act on it.
TO_MEASURE_WITHIN = timedelta(days=14)
_PREFIX_LENGTH = 16


@dataclass(frozen=True, slots=True)
class FirstOkr:
    """What was written. Without a baseline it is to be measured first, but for a ``bound``, which is a limit to hold
    at ``target``. ``issue_key``: the epic that serves it, empty where there is none."""

    objective: str
    key_result: str
    team: str = ""
    owner: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    bound: Bound | None = None
    issue_key: str = ""
    cycle_key: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Under which keys it is kept; ``cycle`` is its cycle."""

    objective_key: str
    key_result_key: str
    cycle: Cycle


def cycles_to_choose(on: Resources, workspace_id: int) -> tuple[Cycle, ...]:
    """Those that are not over, the one of today first; where there is none of today, the present quarter, which is made
    when something is written into it."""
    today = on.clock.now().date()
    with on.database.read() as conn:
        there = [each for each in load_cycles(conn, workspace_id) if each.state is not CycleState.CLOSED]
    here = [each for each in there if each.starts_on <= today <= each.ends_on]
    others = [each for each in there if each not in here]
    return (*(here or [this_quarter(today)]), *others)


def this_quarter(today: date) -> Cycle:
    """As people name it: ``2026-q4``, ``Q4 2026``."""
    cycle = cycle_named_in(f"Q{(today.month + 2) // 3} {today.year}", today)
    assert cycle is not None  # noqa: S101 - the words are ours
    return cycle


def write_first_okr(on: Resources, workspace_id: int, written: FirstOkr, *, who: str) -> Kept:
    """Keep it with the next free keys. What has the same titles in the same cycle is the same and is kept once.

    NotPossible where something in it cannot be, or the epic cannot be seen; then nothing is kept.
    """
    cycle = _cycle(on, workspace_id, written.cycle_key)
    try:
        objective, key_result = _made(on, workspace_id, written, cycle)
    except InvalidOkr as error:
        raise NotPossible("{error}.", error=error) from error
    links = (ParsedLink(key_result.key, written.issue_key),) if written.issue_key else ()
    take_over(on, workspace_id, ParsedOkrs((cycle,), (objective,), (key_result,), links), who)
    return Kept(objective.key, key_result.key, cycle)


def _cycle(on: Resources, workspace_id: int, key: str) -> Cycle:
    cycles = cycles_to_choose(on, workspace_id)
    chosen = next((each for each in cycles if each.key == key), None if key else cycles[0])
    if chosen is None:
        raise NotPossible("There is no such cycle any more. Choose another one.")
    return chosen


def _made(on: Resources, workspace_id: int, written: FirstOkr, cycle: Cycle) -> tuple[Objective, KeyResult]:
    objectives, key_results = _there(on, workspace_id)
    keys = FreshKeys(_prefix(written), frozenset({*objectives, *key_results}))
    same = next((each for each in objectives.values() if _is(each, written.objective, cycle)), None)
    objective = same or Objective(
        keys.next("O"), cycle.key, written.objective, team=written.team, stage=Stage.DRAFT, position=len(objectives)
    )
    known = next((each for each in key_results.values() if _belongs(each, written.key_result, objective.key)), None)
    return objective, known or _key_result(keys.next("KR"), objective.key, written, cycle, on.clock.now().date())


def _there(on: Resources, workspace_id: int) -> tuple[dict[str, Objective], dict[str, KeyResult]]:
    with on.database.read() as conn:
        okrs = [load_cycle(conn, workspace_id, each.key) for each in load_cycles(conn, workspace_id)]
    objectives = {objective.key: objective for each in okrs for objective, _ in each.objectives}
    return objectives, {each.key: each for one in okrs for each in one.key_results}


def _is(objective: Objective, title: str, cycle: Cycle) -> bool:
    return (objective.cycle_key, objective.title.casefold()) == (cycle.key, title.casefold())


def _belongs(key_result: KeyResult, title: str, objective_key: str) -> bool:
    return (key_result.objective_key, key_result.title.casefold()) == (objective_key, title.casefold())


def _prefix(written: FirstOkr) -> str:
    """Of the epic's project, else of the team's name."""
    wished = written.issue_key.rpartition("-")[0] or written.team[:4]
    letters = "".join(each for each in wished.upper() if each.isascii() and each.isalnum())[:_PREFIX_LENGTH]
    return letters if letters[:1].isalpha() else "OKR"


def _key_result(key: str, objective_key: str, written: FirstOkr, cycle: Cycle, today: date) -> KeyResult:
    kind = Kind.THRESHOLD if written.bound else Kind.METRIC if written.baseline is not None else Kind.TO_MEASURE
    due_on = min(max(today, cycle.starts_on) + TO_MEASURE_WITHIN, cycle.ends_on)
    return KeyResult(
        key, objective_key, written.key_result, kind, owner=written.owner, unit=written.unit,
        baseline=None if written.bound else written.baseline, target=written.target, bound=written.bound,
        baseline_due_on=due_on if kind is Kind.TO_MEASURE else None,
    )  # fmt: skip
