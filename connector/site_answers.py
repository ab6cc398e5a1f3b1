"""What Jira and Confluence told us, as values: the answers of the two clients.

Issues stay Jira's raw JSON here; ``mapping.issue`` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connector.pacing import Room


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a search. ``issues`` is Jira's raw JSON per issue; ``next_token`` is None only where Jira said that
    this is the last page. ``server_time`` is the site's own clock (its Date header), aware, in UTC, whole seconds.
    ``room``: how many calls it still allows, None where it did not say."""

    issues: tuple[object, ...]
    next_token: str | None
    server_time: datetime
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """Issues read by id or key. ``missing`` are the ids or keys that Jira did not return: gone, or not visible to us.
    ``unread`` are ids that are there, but that Jira could not hand out this time; nothing is known about them."""

    issues: tuple[object, ...]
    missing: frozenset[str]
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """The account that our credentials belong to. ``time_zone`` is an IANA name, empty where Jira gave none."""

    account_id: str
    display_name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a Jira says about itself. ``deployment`` is ``Cloud`` on every Cloud site."""

    base_url: str
    deployment: str
    version: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of issues. ``schema_type`` is ``number`` for an estimate; ``schema_custom`` is the kind of a custom field
    (``com.pyxis.greenhopper.jira:jsw-story-points``), empty for a system field."""

    field_id: str
    name: str
    schema_type: str
    schema_custom: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """A way in which an issue can be resolved; the id is what we keep, the name what people choose by."""

    resolution_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project. ``style`` is ``next-gen`` where its team manages it itself; ``epic_type_ids`` are its issue types at
    epic level or above, none where a list does not say."""

    project_id: str
    key: str
    name: str
    style: str
    epic_type_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as registered in Jira. ``is_signed`` says that Jira holds a secret for it."""

    webhook_id: str
    name: str
    url: str
    events: tuple[str, ...]
    enabled: bool
    is_signed: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read right now, or one of its versions. ``body`` is its storage format; ``subtype`` is ``live`` for a
    live doc; ``author_id`` made this version at ``at`` (None where the site does not say), with ``message``."""

    page_id: str
    space_id: str
    title: str
    status: str
    version: int
    author_id: str
    body: str
    subtype: str
    url: str
    at: datetime | None
    message: str


@dataclass(frozen=True, slots=True)
class TitledPage:
    """A published page as a list of pages names it."""

    page_id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PageVersion:
    """One version of a page, without its body."""

    number: int
    author_id: str
    at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Space:
    """A Confluence space; the key is what people know it by, the id what the API asks for."""

    space_id: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SiteAccount:
    """An account as its site names it. ``account_type``: person | app | unknown."""

    account_id: str
    display_name: str
    account_type: str


@dataclass(frozen=True, slots=True)
class SiteUser:
    """The account that our token belongs to, at a Data Center site; its administrators know it by ``username``."""

    user_key: str
    username: str
    display_name: str
