"""Which issues a parsed JQL query means, for one account at one moment."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.site.issue_documents import EPIC_LINK, POINTS_FIELDS
from tests.site.jql import And, Clause, Condition, Not, Or, Value
from tests.site.jql_tokens import JqlError
from tests.site.jql_values import (
    Asking,
    instant,
    issue_id,
    label,
    named,
    number,
    priority,
    project,
    resolution,
    status_category,
)
from tests.site.store import Document

Predicate = Callable[[Document], bool]

_EQUALITY = ("=", "!=", "in", "not in", "is", "is not")
_ORDERING = ("<", "<=", ">", ">=")
_NEGATIVE = ("!=", "not in", "!~")
_ISSUE_FIELDS = {"key": "id", "issuekey": "id", "id": "id", "issue": "id", "parent": "parent"}


def matcher(condition: Condition, asking: Asking) -> Predicate:
    """A test for one issue. Raises JqlError for fields, operators and values that Jira would refuse."""
    if isinstance(condition, Clause):
        return _clause(condition, asking)
    if isinstance(condition, Not):
        inner = matcher(condition.part, asking)
        return lambda issue: not inner(issue)
    parts = [matcher(part, asking) for part in condition.parts]
    if isinstance(condition, And):
        return lambda issue: all(part(issue) for part in parts)
    return lambda issue: any(part(issue) for part in parts)


def candidates(condition: Condition, asking: Asking) -> set[str] | None:
    """Ids among which all matches are, or None for "any"; only saves work."""
    if isinstance(condition, And):
        found = [ids for part in condition.parts if (ids := candidates(part, asking)) is not None]
        return set.intersection(*found) if found else None
    if isinstance(condition, Or):
        sets = [candidates(part, asking) for part in condition.parts]
        known = [ids for ids in sets if ids is not None]
        return set.union(*known) if len(known) == len(sets) else None
    if isinstance(condition, Clause) and condition.operator in ("=", "in"):
        return _of_clause(condition, asking)
    return None


def _of_clause(clause: Clause, asking: Asking) -> set[str] | None:
    name = clause.field.lower()
    if any(value.kind == "empty" for value in clause.values):
        return None
    if name == "project":
        keys = {project(value, clause.field, asking) for value in clause.values}
        return set().union(*(asking.world.ids_of_project(key) for key in keys))
    if name not in _ISSUE_FIELDS:
        return None
    ids = {issue_id(value, clause.field, asking) for value in clause.values}
    return ids if name != "parent" else set().union(*(asking.world.ids_of_children(parent) for parent in ids))


def _clause(clause: Clause, asking: Asking) -> Predicate:
    name = clause.field.lower()
    if name in _SETS:
        return _set_clause(clause, asking, *_SETS[name])
    if name in ("updated", "updateddate", "created", "createddate", "resolved", "resolutiondate"):
        return _date_clause(clause, asking, _DATES[name])
    if name in ("summary", "text"):
        return _text_clause(clause)
    if name in _POINTS:
        return _number_clause(clause, asking, _POINTS[name])
    # [S] wording: github.com/shridhar-tl/jira-assistant issue 144. Fields that Jira has and the stand-in does not
    # get the same answer.
    raise JqlError(f"Field '{clause.field}' does not exist or you do not have permission to view it.")


def _refuse_operator(clause: Clause) -> JqlError:
    return JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")


def _refuse_is_with_values(clause: Clause) -> None:
    # [S: JQL operators reference] `is` and `is not` go with EMPTY and NULL only.
    if clause.operator in ("is", "is not") and any(value.kind != "empty" for value in clause.values):
        raise JqlError(f"The operator '{clause.operator}' only supports EMPTY and NULL.")


def _means_empty(value: Value, field: str) -> bool:
    # [S: JQL fields reference] "unresolved" stands for no resolution.
    return value.kind == "empty" or (field.lower() == "resolution" and value.text.lower() == "unresolved")


def _is_empty(clause: Clause) -> bool:
    """Whether the clause asks for emptiness."""
    _refuse_is_with_values(clause)
    return len(clause.values) == 1 and clause.values[0].kind == "empty"


def _set_clause(
    clause: Clause,
    asking: Asking,
    resolve: Callable[[Value, str, Asking], Any],
    read: Callable[[Document, Asking], Iterable[Any]],
) -> Predicate:
    if clause.operator not in _EQUALITY:
        raise _refuse_operator(clause)
    _refuse_is_with_values(clause)
    wants_empty = any(_means_empty(value, clause.field) for value in clause.values)
    values = _resolved(clause, asking, resolve)
    if clause.operator in (*_NEGATIVE, "is not"):
        # [S: JQL operators reference] a field without a value does not match a negative operator.
        return lambda issue: bool(have := set(read(issue, asking))) and not have & values
    return lambda issue: bool(have & values) if (have := set(read(issue, asking))) else wants_empty


def _resolved(clause: Clause, asking: Asking, resolve: Callable[[Value, str, Asking], Any]) -> set[Any]:
    values: set[Any] = set()
    for value in clause.values:
        if _means_empty(value, clause.field):
            continue
        found = resolve(value, clause.field, asking)
        values |= found if isinstance(found, set) else {found}
    return values


def _read_epic_link(issue: Document, asking: Asking) -> Iterable[str]:
    epic = asking.world.epic_link(issue)
    return (epic,) if epic in asking.world.issues else ()


def _optional(name: str) -> Callable[[Document, Asking], Iterable[Any]]:
    return lambda issue, asking: (issue[name],) if issue[name] is not None else ()


_Resolve = Callable[[Value, str, Asking], Any]
_Read = Callable[[Document, Asking], Iterable[Any]]
_SETS: dict[str, tuple[_Resolve, _Read]] = {
    **{name: (issue_id, _optional("id")) for name in ("key", "issuekey", "id", "issue")},
    "parent": (issue_id, _optional("parent")),
    "epic link": (issue_id, _read_epic_link),
    f"cf[{EPIC_LINK.removeprefix('customfield_')}]": (issue_id, _read_epic_link),
    "project": (project, _optional("project")),
    "status": (named("statuses"), _optional("status")),
    "issuetype": (named("types"), _optional("type")),
    "type": (named("types"), _optional("type")),
    "statuscategory": (status_category, lambda issue, asking: (asking.world.category(issue),)),
    "resolution": (resolution, _optional("resolution")),
    "priority": (priority, _optional("priority")),
    "labels": (label, lambda issue, asking: issue["labels"]),
}
_DATES = {
    "updated": "updated", "updateddate": "updated", "created": "created", "createddate": "created",
    "resolved": "resolved", "resolutiondate": "resolved",
}  # fmt: skip
_POINTS = {
    **{name.lower(): style for style, (_, name) in POINTS_FIELDS.items()},
    **{f"cf[{field.removeprefix('customfield_')}]": style for style, (field, _) in POINTS_FIELDS.items()},
}


def _compared(operator: str, wanted: float) -> Callable[[float], bool]:
    return {
        "=": lambda have: have == wanted,
        "!=": lambda have: have != wanted,
        "<": lambda have: have < wanted,
        "<=": lambda have: have <= wanted,
        ">": lambda have: have > wanted,
        ">=": lambda have: have >= wanted,
    }[operator]


def _ordered(clause: Clause, wanted: Callable[[Value], float]) -> Callable[[float], bool]:
    if clause.operator in ("in", "not in"):
        values = {wanted(value) for value in clause.values}
        return (lambda have: have in values) if clause.operator == "in" else (lambda have: have not in values)
    if clause.operator not in (*_ORDERING, "=", "!="):
        raise _refuse_operator(clause)
    return _compared(clause.operator, wanted(clause.values[0]))


def _date_clause(clause: Clause, asking: Asking, name: str) -> Predicate:
    if _is_empty(clause):
        return _emptiness(clause, lambda issue: issue[name])
    test = _ordered(clause, lambda value: instant(value, clause.field, asking))
    return lambda issue: issue[name] is not None and test(issue[name])


def _number_clause(clause: Clause, asking: Asking, style: str) -> Predicate:
    def read(issue: Document) -> float | None:
        project = asking.world.projects.get(issue["project"])  # none where an old index names a project that is gone
        return issue["points"] if project and project["style"] == style else None

    if _is_empty(clause):
        return _emptiness(clause, read)
    test = _ordered(clause, lambda value: number(value, clause.field))
    return lambda issue: (have := read(issue)) is not None and test(have)


def _emptiness(clause: Clause, read: Callable[[Document], Any]) -> Predicate:
    if clause.operator not in _EQUALITY:
        raise _refuse_operator(clause)
    wanted = clause.operator in ("=", "in", "is")
    return lambda issue: (read(issue) is None) == wanted


def _text_clause(clause: Clause) -> Predicate:
    if clause.operator not in ("~", "!~"):
        raise _refuse_operator(clause)
    # [U] Jira's text search stems and ranks; here every word must stand in the summary, `*` at its end as a wildcard.
    words = [_word_pattern(word) for word in re.findall(r"[\w*]+", clause.values[0].text.lower())]
    if not words:
        raise JqlError(f"Unable to parse the text '{clause.values[0].text}' for field '{clause.field}'.")
    wanted = clause.operator == "~"
    return lambda issue: all(word.search(issue["summary"].lower()) for word in words) == wanted


def _word_pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word.rstrip('*'))}" + ("" if word.endswith("*") else r"\b"))
