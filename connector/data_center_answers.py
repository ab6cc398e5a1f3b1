"""Answers of Confluence Data Center as values. Shapes: docs.atlassian.com/ConfluenceServer/rest, and answers of a
public Confluence Data Center (docs.nomagic.com) as quoted in public repositories.
"""

from __future__ import annotations

from connector.checked import moment_in, number_in, object_in, object_or_empty, text_in, text_or_empty
from connector.errors import Gone, Unavailable
from connector.site_answers import Page, PageVersion, SiteAccount, SiteUser, Space, TitledPage, Webhook


def read_page(page_id: str, found: dict[str, object], site_url: str) -> Page:
    """A page, or one of its versions or drafts, which may carry an id of its own: ``page_id`` is what was asked for.

    Gone for a blog post, in which no table can stand; Unavailable for what is not whole.
    """
    if text_in(found, "type") != "page":
        raise Gone(f"{page_id} is not a page; tables stand in pages only.")
    version = object_in(found, "version")
    return Page(
        page_id=page_id,
        space_id=str(number_in(object_in(found, "space"), "id")),
        title=text_or_empty(found, "title"),
        status=text_in(found, "status"),
        version=number_in(version, "number"),
        author_id=text_or_empty(object_or_empty(version, "by"), "userKey"),
        body=_storage(found),
        subtype="",  # there are no live docs
        url=_address(page_id, text_or_empty(object_or_empty(found, "_links"), "webui"), site_url),
        at=moment_in(version, "when") if version.get("when") else None,
        message=text_or_empty(version, "message"),
    )


def read_titled(found: dict[str, object], site_url: str) -> TitledPage:
    """A page in a list."""
    page_id = text_in(found, "id")
    url = _address(page_id, text_or_empty(object_or_empty(found, "_links"), "webui"), site_url)
    return TitledPage(page_id, text_or_empty(found, "title"), url)


def read_version(found: dict[str, object]) -> PageVersion:
    """One version in the list of a page's versions; nobody as its author where it was made without signing in."""
    return PageVersion(
        number=number_in(found, "number"),
        author_id=text_or_empty(object_or_empty(found, "by"), "userKey"),
        at=moment_in(found, "when"),
        message=text_or_empty(found, "message"),
    )


def read_user(found: dict[str, object]) -> SiteUser:
    """The account that a token belongs to."""
    name = text_in(found, "username")
    return SiteUser(text_in(found, "userKey"), name, text_or_empty(found, "displayName") or name)


def read_account(user_key: str, found: dict[str, object]) -> SiteAccount:
    """Somebody's account. There are no accounts of apps: an app acts as a person's account, or as nobody."""
    name = text_or_empty(found, "displayName") or text_or_empty(found, "username")
    return SiteAccount(user_key, name, "person" if text_or_empty(found, "type") == "known" else "unknown")


def read_space(found: dict[str, object]) -> Space:
    """A space; its id is a number here."""
    return Space(str(number_in(found, "id")), text_in(found, "key"), text_or_empty(found, "name"))


def read_webhook(found: dict[str, object]) -> Webhook:
    """A webhook as it stands in Confluence."""
    events = found.get("events")
    return Webhook(
        webhook_id=str(number_in(found, "id")),
        name=text_or_empty(found, "name"),
        url=text_or_empty(found, "url"),
        events=tuple(map(str, events)) if isinstance(events, list) else (),
        enabled=found.get("active") is True,
        is_signed=bool(object_or_empty(found, "configuration").get("secret")),
    )


def _storage(found: dict[str, object]) -> str:
    value = object_in(object_in(found, "body"), "storage").get("value")
    if not isinstance(value, str):
        raise Unavailable("The answer is not complete: it holds no page text.")
    return value


def _address(page_id: str, webui: str, site_url: str) -> str:
    is_own = webui.startswith("/") and not webui.startswith("//")
    return site_url + (webui if is_own else f"/pages/viewpage.action?pageId={page_id}")
