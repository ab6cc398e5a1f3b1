"""What a linking rule would do, issue by issue, with what stands against it. Nothing is asked of Jira, or written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection as Transaction

from connector.store import issues
from connector.store.epic_choices import EpicChoice, just_do_it_among
from connector.store.rule_links import Made, links_among, links_of_rule, taken_away_among
from mapping.issue import IssueSnapshot, is_done
from mapping.rules import JUST_DO_IT, Outcome, Standing, judge
from sync.rule_matching import Match

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One issue and one key result (none: to be done anyway), and what the rule means for them.

    ``snapshot`` is None for an issue that is not kept. ``by`` and ``at``: who linked it, took the link away or decided
    about it, and when; empty for a link that is still to be made. ``serves``: all key results that the issue serves
    now. ``gone_since``: it is not to be found in Jira.
    """

    issue_id: str
    key_result_key: str
    outcome: Outcome
    snapshot: IssueSnapshot | None
    by: str = ""
    at: datetime | None = None
    is_by_rule: bool = False
    serves: tuple[str, ...] = ()
    gone_since: datetime | None = None

    @property
    def pair(self) -> Pair:
        return self.issue_id, self.key_result_key


def plan_matches(
    conn: Transaction, workspace_id: int, connection_id: int, rule_id: int | None, matches: Sequence[Match]
) -> tuple[Line, ...]:
    """The matches alone, those to be linked first."""
    ids = [match.snapshot.issue_id for match in matches]
    known = _Known.among(conn, workspace_id, connection_id, ids)
    lines = [known.line(match, key, rule_id) for match in matches for key in sorted(match.keys)]
    return tuple(sorted(lines, key=lambda line: line.outcome is not Outcome.ADD))


def plan_rule(
    conn: Transaction,
    workspace_id: int,
    connection_id: int,
    rule_id: int | None,
    matches: Sequence[Match],
    known: Collection[str],
) -> tuple[Line, ...]:
    """All that the rule finds, and then the links that it made for issues that it finds no more; those to key results
    of closed cycles are history and left out."""
    lines = plan_matches(conn, workspace_id, connection_id, rule_id, matches)
    left_over = _left_over(conn, workspace_id, connection_id, rule_id, {line.pair for line in lines})
    return (*lines, *(line for line in left_over if line.key_result_key in known))


def to_link(lines: Iterable[Line], known: Collection[str]) -> tuple[Line, ...]:
    """Those that would be linked, to key results that are still worked on (``known``)."""
    usable = {JUST_DO_IT, *known}
    return tuple(line for line in lines if line.outcome is Outcome.ADD and line.key_result_key in usable)


def fingerprint(lines: Iterable[Line]) -> str:
    """Of these lines: another one as soon as one comes or goes."""
    pairs = sorted(line.pair for line in lines)
    return sha256(repr(pairs).encode()).hexdigest()[:16] if pairs else ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of pairs of issue and key result."""

    links: dict[Pair, Made]
    taken_away: dict[Pair, Made]
    choices: dict[str, EpicChoice]

    @classmethod
    def among(cls, conn: Transaction, workspace_id: int, connection_id: int, issue_ids: Sequence[str]) -> _Known:
        here = (conn, workspace_id, connection_id, issue_ids)
        return cls(
            {(made.issue_id, made.key_result_key): made for made in links_among(*here)},
            {(made.issue_id, made.key_result_key): made for made in taken_away_among(*here)},
            just_do_it_among(*here),
        )

    def line(self, match: Match, key: str, rule_id: int | None) -> Line:
        pair = (match.snapshot.issue_id, key)
        choice = self.choices.get(match.snapshot.issue_id)
        made = choice if key == JUST_DO_IT else self.links.get(pair)
        serves = tuple(sorted(kr for issue_id, kr in self.links if issue_id == pair[0]))
        if key == JUST_DO_IT and made is None and serves:
            made = self.links[pair[0], serves[0]]  # what serves a key result is on another pile
        gone = self.taken_away.get(pair)
        # What a person put aside as to be done anyway, no rule links; what a rule put there, another rule may.
        decided = choice if choice is not None and choice.rule_id is None else None
        standing = Standing(
            is_linked=made is not None,
            by_this_rule=made is not None and rule_id is not None and made.rule_id == rule_id,
            is_taken_away=gone is not None,
            is_decided=decided is not None,
        )
        outcome = judge(standing, matches=True, is_done=is_done(match.snapshot)) or Outcome.ADD
        told: Made | EpicChoice | None = made or gone or decided
        by_rule = made is not None and made.rule_id is not None
        by, at = (told.by, told.at) if told else ("", None)
        return Line(*pair, outcome, match.snapshot, by, at, by_rule, serves)


def _left_over(
    conn: Transaction, workspace_id: int, connection_id: int, rule_id: int | None, found: set[Pair]
) -> Iterator[Line]:
    if rule_id is None:
        return
    made = [m for m in links_of_rule(conn, workspace_id, connection_id, rule_id)
            if (m.issue_id, m.key_result_key) not in found]  # fmt: skip
    kept = issues.load_issues(conn, workspace_id, connection_id, [each.issue_id for each in made])
    for each in made:
        row = kept.get(each.issue_id)
        done = row is not None and is_done(row.snapshot)
        outcome = judge(Standing(is_linked=True, by_this_rule=True), matches=False, is_done=done)
        assert outcome is not None  # noqa: S101 - a link of the rule always has one
        yield Line(
            each.issue_id, each.key_result_key, outcome, row.snapshot if row else None, each.by, each.at,
            is_by_rule=True, gone_since=row.gone_since if row else None,
        )  # fmt: skip
