"""All that must hold, asked at the end of a history; each letter and number is explained in docs/proof.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from connector.store import deliveries
from connector.store.schema import check_in, delivery
from connector.store.tables import TableState
from mapping.okr import Initiative, Role, Source, Step
from tests.campaign.judge_comments import judge_comments
from tests.campaign.judge_figures import TYPED_OVER, judge_figures
from tests.campaign.judge_typed import TypedJudge
from tests.campaign.judge_writes import judge_writes
from tests.campaign.okr_sets import Epic, OkrSet
from tests.campaign.sheet import Sheet
from tests.clock import START
from tests.simulation.history import LABEL, History, Place
from tests.simulation.judge_honesty import judge_honesty
from tests.simulation.judge_isolation import judge_isolation
from tests.simulation.reference import Expected, expected

# The first one, the bucket, and what people do while everything heals.
FIRST_WRITES = 1 + 4 + 4


def judge(history: History) -> Iterator[str]:
    """One line for each thing that is wrong."""
    yield from history.broken
    yield from history.network.broken
    yield from judge_isolation(history)
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
    yield from _judge_moments(history, place)
    yield from judge_honesty(place)
    yield from _judge_versions(history, place)
    yield from _judge_deliveries(history, place)
    parked = play.tenant.line.set_aside()
    if parked:
        yield f"k: set aside: {[(each.kind, each.reason) for each in parked]}"
    yield from _judge_end(place)


def _judge_moments(history: History, place: Place) -> Iterator[str]:
    """Whatever the site's clock says, nobody said anything later than it was heard."""
    c = check_in.c
    early = select(c.key_result_key, c.at, c.recorded_at).where(
        c.workspace_id == place.home.workspace_id, c.at > c.recorded_at
    )
    with history.on.database.read() as conn:
        for key, at, kept_at in conn.execute(early):
            yield f"d: a check-in of {key} is said to be from {at}, and was kept at {kept_at}"


def _judge_versions(history: History, place: Place) -> Iterator[str]:
    """What follows from Jira takes from a bucket of four that refills by one in half an hour; what only time changes is
    written once a day; each act of people may have a version of its own, and one more that puts a comment back."""
    wrote, passed = len(place.play.heard.written), history.clock.now() - START
    allowed = FIRST_WRITES + 2 * place.acts + passed // timedelta(minutes=30) + passed.days + 1
    if wrote > allowed:
        yield f"4: {wrote} versions of ours for {place.acts} acts of people in {passed}; {allowed} are allowed"


def _judge_deliveries(history: History, place: Place) -> Iterator[str]:
    """Whatever was accepted is kept once, and dealt with."""
    home = place.home
    accepted = history.post.accepted.get(f"/webhooks/jira/{home.jira_id}", set())
    with history.on.database.read() as conn:
        kept = conn.execute(
            select(delivery.c.identifier).where(
                delivery.c.workspace_id == home.workspace_id, delivery.c.connection_id == home.jira_id
            )
        ).scalars()
        undone = deliveries.unhandled_deliveries(conn, home.workspace_id, home.jira_id, after=0)
        identifiers = list(kept)
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
        yield from judge_convergence(place, sheet)
    if state not in (TableState.CURRENT, TableState.NOT_READABLE, TableState.REMOVED):
        yield f"f: after everything healed its state is {state}: {play.tenant.table.state_detail}"


def judge_convergence(place: Place, sheet: Sheet, but_of: Collection[str] = ()) -> Iterator[str]:
    """What a table that stands in its page says of Jira is what Jira says now, but of these key results."""
    play, as_known = place.play, place.play.okrs
    play.okrs = replace(as_known, links=[*as_known.links, *_links_by_rule(place)])
    right = {each.issue_id: expected(place.truth, each.issue_id) for each in play.okrs.links}
    unsure = {each.key_result_key for each in play.okrs.links if not right[each.issue_id].is_sure}
    yield from _judge_unsure(place, sheet, right, unsure)
    unsure |= set(but_of)
    play.okrs = _with_truth(play.okrs, right)
    play.okrs.query_values = _query_values(place)
    yield from judge_figures(play, sheet, play.clock.now(), unsure)
    play.okrs = as_known


def _links_by_rule(place: Place) -> list[Initiative]:
    """What the rule has to have found: epics that carry the label, unless a person linked or unlinked them."""
    if not place.ruled_key:
        return []
    by_people = {(each.key_result_key, each.issue_id) for each in place.play.okrs.links} | place.unlinked
    found = ((issue_id, place.truth.now(issue_id)) for issue_id in sorted(place.truth.history, key=int))
    labelled = [issue_id for issue_id, fact in found if fact and fact.level == 1 and LABEL in fact.labels]
    return [
        Initiative(place.ruled_key, place.home.jira_id, issue_id)
        for issue_id in labelled
        if (place.ruled_key, issue_id) not in by_people and not _is_archived(place, issue_id)
    ]


def _is_archived(place: Place, issue_id: str) -> bool:
    """No search finds it."""
    fact = place.truth.now(issue_id)
    return fact is not None and fact.is_archived


def _query_values(place: Place) -> dict[str, Decimal]:
    facts = map(place.truth.now, place.truth.history)
    done = sum(fact is not None and fact.category == "done" and not fact.is_archived for fact in facts)
    return {kr.key: Decimal(done) for kr in place.play.okrs.key_results if kr.source is Source.JQL}


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
