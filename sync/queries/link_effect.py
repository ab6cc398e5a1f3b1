"""What linking or unlinking would do to a key result's figures, before it is done: the real roll-up, of the facts with
the links as they would be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from connector.store import okrs
from mapping.figures import InitiativeFigure, KeyResultFacts, KeyResultFigure, Thresholds
from mapping.okr import Initiative, KeyResult, Role
from mapping.rollup import key_result_figure
from sync.figures import load_facts
from sync.ports import Resources
from sync.queries.epic_search import FoundEpic


@dataclass(frozen=True, slots=True)
class IssuesDone:
    """All initiatives of a key result together, by number of issues; ``unknown`` initiatives are not counted yet."""

    done: int
    total: int
    unknown: int


@dataclass(frozen=True, slots=True)
class LinkEffect:
    """``before`` is what is so, ``after`` what would be."""

    key_result: KeyResult
    before: KeyResultFigure
    after: KeyResultFigure
    done_before: IssuesDone
    done_after: IssuesDone

    @property
    def moves_figure(self) -> bool:
        """True where the figure itself would change, not only what stands beside it."""
        return (self.before.progress, self.before.held) != (self.after.progress, self.after.held)


def effect_of_links(
    on: Resources, workspace_id: int, epics: Iterable[tuple[FoundEpic, Initiative]], key: str, at: datetime
) -> LinkEffect | None:
    """Were these epics linked so. None where there is no such key result."""
    pairs = tuple(epics)
    new = tuple(_figure(epic, link) for epic, link in pairs)
    steps = frozenset(link.step_key for epic, link in pairs if link.role is Role.STEP and epic.is_done)

    def linked(facts: KeyResultFacts) -> KeyResultFacts:
        stays = without(facts, [figure.initiative for figure in new])
        return replace(stays, initiatives=stays.initiatives + new, done_steps=stays.done_steps | steps)

    return _effect(on, workspace_id, key, linked, at)


def effect_of_unlinking(on: Resources, workspace_id: int, link: Initiative, at: datetime) -> LinkEffect | None:
    """Were this link taken away."""
    return _effect(on, workspace_id, link.key_result_key, lambda facts: without(facts, [link]), at)


def without(facts: KeyResultFacts, links: Iterable[Initiative]) -> KeyResultFacts:
    """The facts without the links to these issues; a step that only they had done is open again."""
    issues = {(link.connection_id, link.issue_id) for link in links}
    stays = tuple(
        each for each in facts.initiatives if (each.initiative.connection_id, each.initiative.issue_id) not in issues
    )
    taken = [each for each in facts.initiatives if each not in stays]
    said = {step.key for step in facts.key_result.steps if step.done} | {each.initiative.step_key for each in stays}
    open_again = {each.initiative.step_key for each in taken} - said
    return replace(facts, initiatives=stays, done_steps=facts.done_steps - open_again)


def _effect(
    on: Resources, workspace_id: int, key: str, change: Callable[[KeyResultFacts], KeyResultFacts], at: datetime
) -> LinkEffect | None:
    with on.database.read() as conn:
        known = okrs.load_key_results(conn, workspace_id, [key])
        if key not in known:
            return None
        facts = load_facts(conn, workspace_id, list(known.values()))[key]
        cycle_key = okrs.cycles_of(conn, workspace_id, [key])[key]
        cycle = next(each for each in okrs.load_cycles(conn, workspace_id) if each.key == cycle_key)
    changed = change(facts)
    return LinkEffect(
        key_result=known[key],
        before=key_result_figure(facts, cycle, at, Thresholds()),
        after=key_result_figure(changed, cycle, at, Thresholds()),
        done_before=_issues_done(facts.initiatives),
        done_after=_issues_done(changed.initiatives),
    )


def _issues_done(initiatives: tuple[InitiativeFigure, ...]) -> IssuesDone:
    known = [each.completion for each in initiatives if each.completion is not None]
    return IssuesDone(
        sum(each.done for each in known), sum(each.total for each in known), len(initiatives) - len(known)
    )


def _figure(epic: FoundEpic, link: Initiative) -> InitiativeFigure:
    return InitiativeFigure(link, epic.issue_key, epic.url, epic.completion)
