"""What a bulk edit over Jira's REST API makes of an issue: labels, points, priority [S: schema JiraIssueFields]."""

from collections.abc import Callable, Iterable

from tests.site.issue_documents import POINTS_FIELDS
from tests.site.jira_call import Call
from tests.site.jira_fields import PRIORITIES
from tests.site.store import Document

Change = Callable[[Document], None]
_LABELS: dict[str, Callable[[set[str], set[str]], set[str]]] = {
    "ADD": lambda have, named: have | named,
    "REMOVE": lambda have, named: have - named,
    "REPLACE": lambda have, named: named,
    "REMOVE_ALL": lambda have, named: set(),
}


class UnfitError(Exception):
    """The body is not right; the text says why [S: schema BulkOperationErrorResponse; U its words]."""


def bulk_edit(call: Call) -> Change:
    """What the body of a bulk edit does to each issue. UnfitError."""
    actions, fields = set(call.body.get("selectedActions") or ()), call.body.get("editedFieldsInput") or {}
    try:
        edits = list(_edits(fields))
    except (KeyError, TypeError) as error:
        raise UnfitError(f"editedFieldsInput is not right: {error}") from None
    named = {field for field, _ in edits}
    if not edits or named != actions:
        # [S] the description's example of a refusal names what is not among the selected actions.
        raise UnfitError(f"The following fields are not both selected and given: {', '.join(sorted(named ^ actions))}")

    def change(issue: Document) -> None:
        style = call.world.projects[issue["project"]]["style"]
        changed: Document = {}
        for _, read in edits:
            changed |= read(issue, style)
        call.world.edit(issue, changed, call.account, bulk=True)

    return change


_Edit = tuple[str, Callable[[Document, str], Document]]


def _edits(fields: Document) -> Iterable[_Edit]:
    """Which field each part of the body is about, and what it makes of an issue."""
    for one in fields.get("labelsFields", ()):
        yield one["fieldId"], _labels(one)
    for one in fields.get("clearableNumberFields", ()):
        yield one["fieldId"], _points(one)
    if "priority" in fields:
        yield "priority", _priority(fields["priority"])


def _labels(sent: Document) -> Callable[[Document, str], Document]:
    combine, named = _LABELS[sent["bulkEditMultiSelectFieldOption"]], {one["name"] for one in sent["labels"]}
    return lambda issue, _: {"labels": sorted(combine(set(issue["labels"]), named))}


def _points(sent: Document) -> Callable[[Document, str], Document]:
    def read(issue: Document, style: str) -> Document:
        return {"points": sent.get("value")} if POINTS_FIELDS[style][0] == sent["fieldId"] else {}

    return read


def _priority(sent: Document) -> Callable[[Document, str], Document]:
    number = str(sent.get("priorityId"))
    if not number.isdigit() or not 0 < int(number) <= len(PRIORITIES):
        raise UnfitError(f"There is no priority {number}")
    return lambda issue, _: {"priority": PRIORITIES[int(number) - 1]}
