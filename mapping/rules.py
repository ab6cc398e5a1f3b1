"""Linking rules: which key results an issue serves by a rule, what that means for it, and which initiatives an issue's
change touches.

A rule adds links. It never changes one and never takes one away, and what a person decided stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mapping.issue import BASE_LEVEL, IssueSnapshot
from mapping.okr import LARGEST_VALUE, MOST_DECIMALS, Role
from mapping.sentences import Explained

# In place of a key result: what matches is to be done anyway, and serves none.
JUST_DO_IT = ""
MOST_QUERY = 4000
MOST_WORD = 200

_WORD = re.compile(rf"\S{{1,{MOST_WORD}}}")
_PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_PROPERTY = re.compile(r"([A-Za-z0-9_-]+)((?:\.[A-Za-z0-9_-]+)+)=(\S.*)")


class InvalidRule(Explained, ValueError):
    """A rule that cannot be one; ``field`` says what about it, the text what to write instead."""

    def __init__(self, field: str, text: str, **values: object) -> None:
        super().__init__(text, **values)
        self.field = field


class RuleKind(StrEnum):
    """By what a rule finds issues. ``LABELS``: by labels of which each names the key result that it stands for."""

    JQL = "jql"
    LABEL = "label"
    LABELS = "labels"
    PROJECT = "project"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Rule:
    """``wanted``: the query, the label, the beginning of labels such as ``kr-PAY-KR1``, the project's key, or a
    property as ``key.path=value``. ``key_result_key``: what is served, JUST_DO_IT for none; a label of LABELS says it
    itself. ``role`` and ``weight`` are those of the links that it adds."""

    kind: RuleKind
    wanted: str
    key_result_key: str = JUST_DO_IT
    role: Role = Role.SUPPORTS
    weight: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        _CHECKS[self.kind](self.wanted)
        if self.role is Role.STEP:
            raise InvalidRule("serve", "A rule may link many epics, so it cannot name one step of a milestone.")
        if not _is_weight(self.weight):
            raise InvalidRule("weight", "Write a number above 0, such as 2 or 0.5.")

    @property
    def is_told_by_search(self) -> bool:
        """True where only Jira's search knows what matches, and an issue itself does not say it."""
        return self.kind in {RuleKind.JQL, RuleKind.PROPERTY}

    @property
    def property_parts(self) -> tuple[str, str, str]:
        """Key, path and value of a rule by property."""
        found = _PROPERTY.fullmatch(self.wanted)
        assert found is not None, self.wanted  # noqa: S101 - checked when the rule was made
        return found[1], found[2].removeprefix("."), found[3]


class Outcome(StrEnum):
    """What a rule means for one issue and one key result."""

    ADD = "add"  # matches, and would be linked
    KEPT = "kept"  # matches, and this rule linked it
    ALREADY = "already"  # matches, and a person or another rule linked it
    TAKEN_AWAY = "taken_away"  # matches, but a person unlinked it
    DECIDED = "decided"  # matches, but a person said that it is to be done anyway
    FINISHED = "finished"  # linked by this rule and matches no more; it is done, and finished work keeps its link
    NO_LONGER = "no_longer"  # linked by this rule and matches no more; only a person takes the link away


@dataclass(frozen=True, slots=True)
class Standing:
    """How one issue and one key result stand to each other before the rule is applied."""

    is_linked: bool = False
    by_this_rule: bool = False
    is_taken_away: bool = False
    is_decided: bool = False


def judge(standing: Standing, *, matches: bool, is_done: bool) -> Outcome | None:
    """None where the rule has nothing to do with the two."""
    if standing.is_linked and standing.by_this_rule:
        return Outcome.KEPT if matches else Outcome.FINISHED if is_done else Outcome.NO_LONGER
    if not matches:
        return None
    if standing.is_linked:
        return Outcome.ALREADY
    if standing.is_taken_away:
        return Outcome.TAKEN_AWAY
    return Outcome.DECIDED if standing.is_decided else Outcome.ADD


def is_linkable(issue: IssueSnapshot) -> bool:
    """Rules link epics and what stands above them: what lies below counts through its epic already."""
    return issue.level > BASE_LEVEL


def served_by(rule: Rule, issue: IssueSnapshot, known: Collection[str]) -> frozenset[str]:
    """The key results that the issue serves by the rule, out of what the issue says; empty where it does not match.

    ``known``: the keys that a label may name. A query or property matched already where Jira's search found it.
    """
    if rule.kind is RuleKind.LABELS:
        return _named_by_labels(rule.wanted, issue.labels, known)
    if rule.kind is RuleKind.LABEL:
        matches = rule.wanted.casefold() in {label.casefold() for label in issue.labels}
    else:
        matches = rule.kind is not RuleKind.PROJECT or issue.project_key == rule.wanted
    return frozenset({rule.key_result_key}) if matches else frozenset()


def initiatives_touched(
    snapshot: IssueSnapshot, previous_parent_id: str | None, linked: Container[str]
) -> frozenset[str]:
    """The linked issue ids to count again: the issue itself, its parent, and the parent that it had before.

    ``linked`` holds the issue ids that are linked to any key result, of the same connection as the snapshot.
    """
    candidates = (snapshot.issue_id, snapshot.parent_id, previous_parent_id)
    return frozenset(issue_id for issue_id in candidates if issue_id is not None and issue_id in linked)


def _named_by_labels(prefix: str, labels: Collection[str], known: Collection[str]) -> frozenset[str]:
    start = prefix.casefold()
    named = {label[len(prefix) :].upper() for label in labels if label.casefold().startswith(start)}
    return frozenset(named & set(known))


def _is_weight(weight: Decimal) -> bool:
    return weight.is_finite() and 0 < weight <= LARGEST_VALUE and weight == round(weight, MOST_DECIMALS)


def _check_query(wanted: str) -> None:
    if not wanted.strip():
        raise InvalidRule("wanted", "Write a query, such as: project = PAY AND labels = retry")
    if len(wanted) > MOST_QUERY:
        raise InvalidRule("wanted", "A query may have at most {most} characters.", most=f"{MOST_QUERY:,}")
    if not wanted.isprintable():
        raise InvalidRule("wanted", "The query holds a character that cannot be shown. Write it on one line.")


def _check_label(wanted: str) -> None:
    if not (_WORD.fullmatch(wanted) and wanted.isprintable()):
        raise InvalidRule(
            "wanted", "A label is one word without spaces, at most {most} characters long.", most=MOST_WORD
        )


def _check_project(wanted: str) -> None:
    if not _PROJECT_KEY.fullmatch(wanted):
        raise InvalidRule("wanted", "Write the project's key in capitals, such as PAY.")


def _check_property(wanted: str) -> None:
    found = _PROPERTY.fullmatch(wanted)
    if found is None or not wanted.isprintable():
        raise InvalidRule("wanted", "Write the property's key, a dot, the path in it, = and the value: okr.serves=PAY")
    if len(wanted) > MOST_WORD:
        raise InvalidRule("wanted", "Property and value may have at most {most} characters together.", most=MOST_WORD)


_CHECKS = {
    RuleKind.JQL: _check_query,
    RuleKind.LABEL: _check_label,
    RuleKind.LABELS: _check_label,
    RuleKind.PROJECT: _check_project,
    RuleKind.PROPERTY: _check_property,
}
