"""All that must hold, asked at the end of a history; each letter and number is explained in docs/proof.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from connector.store import deliveries
from connector.store.tables import TableState
from mapping.okr import Role, Step
from tests.campaign.judge_comments import judge_comments
from tests.campaign.judge_figures import TYPED_OVER, judge_figures
from tests.campaign.judge_typed import TypedJudge
from tests.campaign.judge_writes import judge_writes
from tests.campaign.okr_sets import Epic, OkrSet
from tests.campaign.sheet import Sheet
from tests.simulation.history import History, Place
from tests.simulation.reference import Expected, expected


def judge(history: History) -> Iterator[str]:
    """One line for each thing that is wrong."""
    yield from history.broken
    yield from history.network.broken
    for place in history.places:
        for line in _judge_place(history, place):
            yield line if len(history.places) == 1 else _placed(line, place)


def _placed(line: str, place: Place) -> str:
    head, colon, rest = line.partition(": ")
    return f"{head}{colon}{place.play.called}{rest}"


def _judge_place(history: History, place: Place) -> Iterator[str]:
    play = place.play
    play.names_refused = place.site.refused_people
    yield from play.broken
    yield from judge_writes(play.heard.written, {kr.key: kr.objective_key for kr in play.okrs.key_results})
    yield from judge_comments(play)
    yield from TypedJudge(play).judge()
    yield from _judge_deliveries(history, place)
    parked = play.tenant.line.set_aside()
    if parked:
        yield f"k: set aside: {[(each.kind, each.reason) for each in parked]}"
    yield from _judge_end(place)


def _judge_deliveries(history: History, place: Place) -> Iterator[str]:
    """Whatever was accepted is kept once, and dealt with."""
    home = place.home
    accepted = history.post.accepted.get(f"/webhooks/jira/{home.jira_id}", set())
    with history.on.database.read() as conn:
        kept = deliveries.recent_deliveries(conn, home.workspace_id, home.jira_id, limit=10_000)
        undone = deliveries.unhandled_deliveries(conn, home.workspace_id, home.jira_id, after=0)
    identifiers = [each.identifier for each in kept]
    if sorted(identifiers) != sorted(accepted):
        yield f"5: {len(accepted)} events were accepted, and {len(identifiers)} are kept"
    if undone:
        yield f"5: {len(undone)} events were accepted and never dealt with: {[each.event for each in undone][:3]}"


def _judge_end(place: Place) -> Iterator[str]:
    play = place.play
    state, sheet = play.tenant.table.state, play.sheet()
    play.coverage["end", str(state)] += 1
    if sheet is None:
        return
    if (sheet.region is None) is not (state is TableState.REMOVED):
        yield f"i: the table {'is not' if sheet.region is None else 'is'} in the page, and its state is {state}"
    if state is TableState.CURRENT and sheet.header is not None:
        yield from _judge_convergence(place, sheet)
    if state not in (TableState.CURRENT, TableState.NOT_READABLE, TableState.REMOVED):
        yield f"f: after everything healed its state is {state}: {play.tenant.table.state_detail}"


def _judge_convergence(place: Place, sheet: Sheet) -> Iterator[str]:
    play = place.play
    right = {each.issue_id: expected(place.truth, each.issue_id) for each in play.okrs.links}
    unsure = {each.key_result_key for each in play.okrs.links if not right[each.issue_id].is_sure}
    yield from _judge_unsure(place, sheet, right, unsure)
    as_known = play.okrs
    play.okrs = _with_truth(as_known, right)
    yield from judge_figures(play, sheet, play.clock.now(), unsure)
    play.okrs = as_known


def _judge_unsure(place: Place, sheet: Sheet, right: dict[str, Expected], unsure: set[str]) -> Iterator[str]:
    """What cannot be read says its last good figure, or that it is gone; never 0 of 0."""
    for link in place.play.okrs.links:
        cell = sheet.cell_text(link.key_result_key, "initiatives")
        if cell is None or link.key_result_key not in unsure or TYPED_OVER.search(cell):
            continue
        if not any(each in cell.replace("\u00a0", " ") for each in right[link.issue_id].said):
            told = sorted(right[link.issue_id].said)[:3]
            yield f"1: {link.key_result_key} says {cell!r} of issue {link.issue_id}, and not {told}"


@dataclass(frozen=True)
class JudgedIssue(Epic):
    """A linked issue of which the reference says what is right."""

    right: Expected

    @property
    def share(self) -> Fraction | None:
        return self.right.share

    @property
    def said(self) -> str:
        return min(self.right.said)


def _with_truth(okrs: OkrSet, right: dict[str, Expected]) -> OkrSet:
    """The OKRs as they were agreed, with what Jira says now."""
    epics: dict[str, Epic] = {issue_id: JudgedIssue(issue_id, "", (0, 0, 0), each) for issue_id, each in right.items()}
    steps = [each for each in okrs.links if each.role is Role.STEP]
    done = {(each.key_result_key, each.step_key) for each in steps if right[each.issue_id].is_done}
    key_results = [
        replace(kr, steps=tuple(_seen_done(kr.key, step, done) for step in kr.steps)) for kr in okrs.key_results
    ]
    return replace(okrs, epics=epics, key_results=key_results, steps_read={each.key_result_key for each in steps})


def _seen_done(key: str, step: Step, done: set[tuple[str, str]]) -> Step:
    return replace(step, done=step.done or (key, step.key) in done)
