"""What real sites do although their descriptions do not say so. Each entry names its source; an unused one is a fault.

The list is short on purpose: an entry here is a place where a description cannot protect us.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.contract.judge import Misfit


@dataclass(frozen=True, slots=True)
class Exempt:
    """Calls whose method and whole path match, where a misfit of this kind with this in its detail is right."""

    method: str
    path: str
    kind: str
    detail: str
    why: str
    source: str

    def covers(self, misfit: Misfit) -> bool:
        """Whether this entry is about that misfit."""
        return (
            misfit.kind == self.kind
            and self.detail in misfit.detail
            and misfit.call.method == self.method
            and re.fullmatch(self.path, misfit.call.path) is not None
        )


_NO_PATH = "no such path is described"
_WEBHOOKS = "developer.atlassian.com/cloud/jira/platform/webhooks, “Registering a webhook using the REST API”"

EXCEPTIONS = (
    Exempt(
        "GET",
        "/_edge/tenant_info",
        "path",
        _NO_PATH,
        "The cloud id of a site; it belongs to the edge in front of both products, so neither describes it.",
        "support.atlassian.com, “Retrieve my Atlassian site's cloud ID”",
    ),
    Exempt(
        "GET",
        "/rest/webhooks/1.0/webhook",
        "path",
        _NO_PATH,
        "Administrators' webhooks are described in prose only.",
        _WEBHOOKS,
    ),
    Exempt(
        "POST",
        "/rest/webhooks/1.0/webhook",
        "path",
        _NO_PATH,
        "As above.",
        _WEBHOOKS,
    ),
    Exempt(
        "DELETE",
        r"/rest/webhooks/1\.0/webhook/\d+",
        "path",
        _NO_PATH,
        "As above.",
        _WEBHOOKS,
    ),
    Exempt(
        "PUT",
        r"/wiki/api/v2/pages/\d+",
        "status",
        "409 is not described",
        "A page that was changed in the meantime; the description lists 200, 400, 401 and 404 only.",
        "github.com/justmiles/go-markdown2confluence issue 43; github.com/duo-labs/markdown-to-confluence issue 6",
    ),
    Exempt(
        "GET",
        "/rest/api/3/serverInfo",
        "answer",
        "+0000' is not a 'date-time'",
        "Jira writes the offset without a colon, which RFC 3339 does not allow; its own example does, too.",
        "The example of this answer in the description itself (buildDate 2020-03-26T22:20:59.000+0000)",
    ),
)


def not_exempt(misfits: Iterable[Misfit], exceptions: Iterable[Exempt] = EXCEPTIONS) -> list[Misfit]:
    """The misfits that no entry covers."""
    known = tuple(exceptions)
    return [misfit for misfit in misfits if not any(entry.covers(misfit) for entry in known)]


def unused(misfits: Iterable[Misfit], exceptions: Iterable[Exempt] = EXCEPTIONS) -> list[Exempt]:
    """The entries that cover none of the misfits."""
    found = tuple(misfits)
    return [entry for entry in exceptions if not any(entry.covers(misfit) for misfit in found)]
