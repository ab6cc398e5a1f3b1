"""The roll-up once more, written from its rules in the docs and not from the code: what a page has to say of a linked
issue, and how much of it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from tests.simulation.truth import Counts, Fact, Truth

_BY_STATUS = {
    "new": (Fraction(0), "not started"),
    "indeterminate": (Fraction(1, 2), "started"),
    "done": (Fraction(1), "done"),
}
GONE = "no longer found in Jira"
NOT_READ_YET = "not read yet"
# So long a change may not have been read, while a site asks to be left alone or is away.
UNREAD = timedelta(hours=4)


@dataclass(frozen=True)
class Expected:
    """What is right to say of one linked issue: any of ``said``. ``share``: how much of it is done, None where nobody
    can say; ``is_sure``: False where the last good figure stands, whichever that was."""

    said: frozenset[str]
    share: Fraction | None
    is_sure: bool = True
    is_done: bool = False


def expected(truth: Truth, issue_id: str) -> Expected:
    """As things are now, with everything read."""
    fact = truth.now(issue_id)
    if fact is None:
        return _not_seen(truth, issue_id)
    said, share = _said(fact, truth.counts(issue_id))
    if _something_is_hidden_below(truth, issue_id):
        return Expected(frozenset({said, *_ever_said(truth, issue_id)}), share, is_sure=False)
    return Expected(frozenset({said}), share, is_done=fact.category == "done")


def _said(fact: Fact, counts: Counts) -> tuple[str, Fraction | None]:
    if counts.total + counts.wont_do == 0:
        if fact.wont_do:
            return f"{fact.key} nothing to count", None
        share, words = _BY_STATUS[fact.category]
        return f"{fact.key} {words}, by status", share
    if counts.total == 0:
        return f"{fact.key} all {counts.wont_do} will not be done", None
    return f"{fact.key} {counts.done} of {counts.total} done", Fraction(counts.done, counts.total)


def _not_seen(truth: Truth, issue_id: str) -> Expected:
    """Deleted: that is said. Its whole project closed to us, or gone: nobody knows, so the last good figure stays, or
    what was found out before."""
    facts = list(truth.facts(issue_id))
    if not facts:
        return Expected(frozenset({NOT_READ_YET}), None, is_sure=False)
    gone = {f"{fact.key} {GONE}" for fact in facts} if truth.was_missed(issue_id, UNREAD) else set()
    if truth.sees_project(facts[-1].project):
        return Expected(frozenset(gone), None, is_sure=False)
    return Expected(_ever_said(truth, issue_id) | gone, None, is_sure=False)


def _something_is_hidden_below(truth: Truth, issue_id: str) -> bool:
    """Something that was below it is not to be seen now, and nothing of its project is; or it is archived: then only
    who knows it already can still read it."""
    for child in truth.ever_below(issue_id):
        now, last = truth.now(child), list(truth.facts(child))[-1]
        if (now is None and not truth.sees_project(last.project)) or (now is not None and now.is_archived):
            return True
    return False


def _ever_said(truth: Truth, issue_id: str) -> frozenset[str]:
    """Everything that could have been the last good figure: its key of any time with any counts of any time."""
    keys = {fact.key for fact in truth.facts(issue_id)}
    below = len(truth.ever_below(issue_id))
    counted = {
        f"{key} {done} of {total} done" for key in keys for total in range(1, below + 1) for done in range(total + 1)
    }
    by_status = {f"{key} {words}, by status" for key in keys for _, words in _BY_STATUS.values()}
    rest = {f"{key} {word}" for key in keys for word in ("nothing to count", NOT_READ_YET)}
    return frozenset(
        counted | by_status | rest | {f"{key} all {n} will not be done" for key in keys for n in range(1, below + 1)}
    )
