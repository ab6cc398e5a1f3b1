"""The figures of a cycle with what Jira says now in the place of what is kept of it. Check-ins, and what was when, are
our own memory and stay. Pure: no calls and no rows."""

from __future__ import annotations

from dataclasses import replace

from mapping.field_choices import FieldChoices
from mapping.figures import InitiativeFigure, KeyResultFacts
from mapping.issue import is_done
from mapping.okr import Role
from mapping.rollup import completion
from sync.figures import CycleFacts
from sync.fresh_jira import FreshIssue, FreshJira
from sync.reading import HIDDEN

Choices = dict[int, FieldChoices]


def with_fresh(facts: CycleFacts, fresh: FreshJira, choices: Choices) -> CycleFacts:
    """What could not be read stays with its last figure, as it stays on a page; so does what has issues below it that
    are hidden from us."""
    objectives = tuple(
        (objective, tuple(_key_result(each, fresh, choices) for each in below)) for objective, below in facts.objectives
    )
    return CycleFacts(facts.cycle, objectives)


def _key_result(facts: KeyResultFacts, fresh: FreshJira, choices: Choices) -> KeyResultFacts:
    key = facts.key_result.key
    initiatives = tuple(_initiative(each, fresh, choices) for each in facts.initiatives)
    renewed = replace(facts, initiatives=initiatives, done_steps=_done_steps(facts, fresh))
    if key in fresh.values:
        renewed = replace(renewed, jql_value=fresh.values[key], jql_unreadable_since=None, jql_unreadable_why="")
    return renewed


def _initiative(figure: InitiativeFigure, fresh: FreshJira, choices: Choices) -> InitiativeFigure:
    link = figure.initiative
    found = fresh.issues.get((link.connection_id, link.issue_id))
    known = figure.completion
    if found is None or (known is not None and known.unreadable_why == HIDDEN):
        return figure
    snapshot = found.snapshot
    by_points = choices[link.connection_id].of(snapshot.project_id).by_points
    now = completion(found.counts, snapshot.status_category, found.is_wont_do, by_points=by_points)
    if known is not None:
        now = replace(now, added_since=known.added_since, as_of=known.as_of)
    url = f"{figure.issue_url.rpartition('/')[0]}/{snapshot.issue_key}"
    return replace(figure, issue_key=snapshot.issue_key, issue_url=url, completion=now, gone=False)


def _done_steps(facts: KeyResultFacts, fresh: FreshJira) -> frozenset[str]:
    """Said to be done, or their issue is."""
    said = {step.key for step in facts.key_result.steps if step.done}
    steps = [each.initiative for each in facts.initiatives if each.initiative.role is Role.STEP]
    told = {(link.step_key, fresh.issues.get((link.connection_id, link.issue_id))) for link in steps}
    done = {key for key, found in told if (_is_done(found) if found else key in facts.done_steps)}
    return frozenset(said | done)


def _is_done(found: FreshIssue) -> bool:
    return is_done(found.snapshot)
