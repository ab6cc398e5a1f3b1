"""What an account may see and do on a site: found out before anything is kept, told in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.errors import Forbidden, OutsideError, Rejected, Unauthorized, Unavailable
from connector.jql import changed_since
from connector.site_answers import Field
from sync.commands.choices import Choices, choose
from sync.commands.not_possible import NotPossible
from sync.commands.site_access import CLASSIC, SCOPED, ConfluenceAccount, JiraAccount, SiteAccess

LATELY = timedelta(days=90)
SAMPLE = 50
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Inspected:
    """One product as the account sees it. ``sees`` is a text for people, ``notices`` what they should know or do.

    ``account_id`` is empty where the product does not tell; ``choices`` belong to a Jira. ``places`` are the keys of
    its projects or spaces: of a Jira those where something changed lately; ``issues`` is how many did.
    """

    product: str
    account_id: str
    account_name: str
    sees: str
    notices: tuple[str, ...] = ()
    choices: Choices | None = None
    may_administer: bool = False
    places: tuple[str, ...] = ()
    issues: int = 0


def find_kind(site: SiteAccess, products: Sequence[str], site_url: str) -> str:
    """Which kind of token this is, by trying: classic at the site, then scoped at the API gateway.

    NotPossible where neither is accepted, or the gateway does not say. Raises OutsideError where the site cannot answer
    at all.
    """
    try:
        _prove(site, products[0], CLASSIC)
    except (Unauthorized, Forbidden) as error:
        refusal = error
    else:
        return CLASSIC
    try:
        _prove(site, products[0], SCOPED)
    except (Unauthorized, Forbidden):
        raise _neither(site_url, refusal) from None
    except Unavailable as error:
        raise _not_at_the_site(site_url, error) from error
    return SCOPED


def _neither(site_url: str, refusal: OutsideError) -> NotPossible:
    return NotPossible(
        "{site} accepts neither this e-mail address with this token as a classic token, nor as a scoped "
        "one. Check both, and whether the token has expired or was revoked; a new one is made at "
        "https://id.atlassian.com/manage-profile/security/api-tokens ({error})",
        site=site_url,
        error=refusal,
    )


def _not_at_the_site(site_url: str, error: OutsideError) -> NotPossible:
    return NotPossible(
        "{site} does not accept this e-mail address with this token. Check both, and whether the token has expired or "
        "was revoked. If it is a scoped token: Atlassian's API gateway, where those are accepted, did not answer "
        "({error})",
        site=site_url,
        error=error,
    )


def inspect(site: SiteAccess, product: str, auth_kind: str, site_url: str, now: datetime) -> Inspected:
    """What the account sees there. NotPossible, with what to do, where it is too little to work with."""
    try:
        if product == "jira":
            return _inspect_jira(site.jira(auth_kind), site_url, now)
        return _inspect_confluence(site.confluence(auth_kind), site_url)
    except (Unauthorized, Forbidden) as error:
        raise _no_access(product, auth_kind, site_url, error) from error


def _prove(site: SiteAccess, product: str, kind: str) -> None:
    if product == "jira":
        site.jira(kind).myself()
    else:
        site.confluence(kind).spaces()


def _inspect_jira(jira: JiraAccount, site_url: str, now: datetime) -> Inspected:
    me = jira.myself()
    may = jira.my_permissions(["BROWSE_PROJECTS", "ADMINISTER"])
    if not may["BROWSE_PROJECTS"]:
        raise NotPossible(
            '{account} may not see any project of {site}. Give it the permission "Browse projects" in the '
            "projects whose epics are to be linked, then connect again.",
            account=me.display_name or "The account",
            site=site_url,
        )
    choices = choose(jira.fields(), jira.resolutions(), lambda field: _filled(jira, field))
    count, projects = _issues_seen(jira, now)
    sees = f"about {count:,} issues that changed in the last 90 days, the latest in {_some(projects)}"
    return Inspected(
        product="jira",
        account_id=me.account_id,
        account_name=me.display_name,
        sees=sees if projects else "no issue that changed in the last 90 days",
        notices=() if projects else ("Make sure that it may see the right projects.",),
        choices=choices,
        may_administer=may["ADMINISTER"],
        places=projects,
        issues=count,
    )


def _issues_seen(jira: JiraAccount, now: datetime) -> tuple[int, tuple[str, ...]]:
    """How many changed lately, and the projects of the latest of them."""
    lately = changed_since(now - LATELY)
    count = jira.count(lately)
    found = jira.search(f"{lately} ORDER BY updated DESC", ["project"], page_size=SAMPLE).issues
    return count, tuple(sorted({key for issue in found if (key := _project_key(issue))}))


def _filled(jira: JiraAccount, field: Field) -> int:
    number = field.field_id.removeprefix("customfield_")
    try:
        return jira.count(f"cf[{number}] is not EMPTY")
    except Rejected:  # a field that cannot be searched
        return 0


def _inspect_confluence(confluence: ConfluenceAccount, site_url: str) -> Inspected:
    keys = inspect_spaces(confluence, site_url)
    return Inspected("confluence", "", "", spaces_seen(keys), places=keys)


def spaces_seen(keys: Sequence[str]) -> str:
    """``6 spaces: ENG, OKR``, without those of single people."""
    return f"{len(keys):,} spaces: {_some([key for key in keys if not key.startswith('~')])}"


def inspect_spaces(confluence: ConfluenceAccount, site_url: str) -> tuple[str, ...]:
    """The keys of the spaces that the account sees. NotPossible where it sees none."""
    spaces = confluence.spaces()
    if not spaces:
        raise NotPossible(
            "The account sees no space in the Confluence of {site}. Give it access to Confluence, and the "
            "permissions to view and to add pages in the spaces where tables are to stand, then connect "
            "again.",
            site=site_url,
        )
    return tuple(sorted(space.key for space in spaces))


def _no_access(product: str, auth_kind: str, site_url: str, error: OutsideError) -> NotPossible:
    if isinstance(error, Unauthorized) and auth_kind == CLASSIC:
        return NotPossible(
            "{site} does not accept this e-mail address with this token. Check both. ({error})",
            site=site_url,
            error=error,
        )
    named: dict[str, object] = {"product": product.capitalize(), "site": site_url, "error": error}
    if auth_kind == SCOPED:
        return NotPossible(
            "The account cannot use {product} at {site}. Give it access to {product}. A scoped token also needs scopes "
            "for {product}: to read, and for Confluence to write pages. Or connect only the other product. ({error})",
            **named,
        )
    return NotPossible(
        "The account cannot use {product} at {site}. Give it access to {product}. Or connect only the other product. "
        "({error})",
        **named,
    )


def _project_key(issue: object) -> str:
    fields = issue.get("fields") if isinstance(issue, dict) else None
    project = fields.get("project") if isinstance(fields, dict) else None
    key = project.get("key") if isinstance(project, dict) else None
    return key if isinstance(key, str) else ""


def _some(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
