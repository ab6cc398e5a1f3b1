"""What commands need of a site beyond what the stages need: who may do what there, and how it is set up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from connector.confluence import ConfluenceClient
from connector.connecting import Client, ConnectionAccess, anonymous_session, api_url, client_for, look_up_cloud_id
from connector.jira import JiraClient
from connector.settings import Settings
from connector.site_answers import Field, Resolution, SiteUser, Space, Webhook
from sync.ports import JiraReader, PageStore

CLASSIC = "classic"
SCOPED = "scoped"


@runtime_checkable
class JiraAccount(JiraReader, Protocol):
    """A Jira as one account may use it; ``connector.jira`` says what each call does."""

    def my_permissions(self, keys: Sequence[str]) -> dict[str, bool]: ...

    def fields(self) -> tuple[Field, ...]: ...

    def resolutions(self) -> tuple[Resolution, ...]: ...

    def register_webhook(self, name: str, url: str, events: Sequence[str], jql: str, secret: str) -> Webhook: ...

    def webhooks(self) -> tuple[Webhook, ...]: ...

    def delete_webhook(self, webhook_id: str) -> None: ...


@runtime_checkable
class ConfluenceAccount(PageStore, Protocol):
    """A Confluence as one account may use it; ``connector.confluence`` says what each call does."""

    def spaces(self) -> tuple[Space, ...]: ...

    def may_edit(self, page_id: str) -> bool: ...


@runtime_checkable
class DataCenterAccount(ConfluenceAccount, Protocol):
    """A Confluence Data Center as one account may use it, as ``connector.confluence_data_center`` says."""

    def current_user(self) -> SiteUser: ...

    def register_webhook(self, name: str, url: str, events: Sequence[str], secret: str) -> Webhook: ...

    def webhooks(self) -> tuple[Webhook, ...]: ...

    def delete_webhook(self, webhook_id: str) -> None: ...


class SiteAccess(Protocol):
    """A site that is being connected, with the credentials that were given. Nothing of it is kept yet.

    ``calls`` counts the calls made so far; a client is of the kind of token that it is asked for with.
    """

    calls: int

    def cloud_id(self) -> str: ...

    def api_url(self, product: str, auth_kind: str) -> str: ...

    def jira(self, auth_kind: str) -> JiraAccount: ...

    def confluence(self, auth_kind: str) -> ConfluenceAccount: ...


class RealSite:
    """SiteAccess over HTTP. Raises the errors of ``connector.errors``."""

    def __init__(self, settings: Settings, site_url: str, email: str, token: str) -> None:
        self._settings = settings
        self._site_url = site_url
        self._email = email
        self._token = token
        self._cloud_id = ""
        self.calls = 0

    def cloud_id(self) -> str:
        """The site's id at the API gateway, asked for once."""
        if not self._cloud_id:
            self.calls += 1
            self._cloud_id = look_up_cloud_id(self._site_url, anonymous_session(self._site_url, self._settings))
        return self._cloud_id

    def api_url(self, product: str, auth_kind: str) -> str:
        """Where calls go."""
        return api_url(self._site_url, self.cloud_id(), product, auth_kind, self._settings.gateway_url)

    def jira(self, auth_kind: str) -> JiraClient:
        client = self._client("jira", auth_kind)
        assert isinstance(client, JiraClient)  # noqa: S101 - the product decides which class is made
        return client

    def confluence(self, auth_kind: str) -> ConfluenceClient:
        client = self._client("confluence", auth_kind)
        assert isinstance(client, ConfluenceClient)  # noqa: S101 - as above
        return client

    def _client(self, product: str, auth_kind: str) -> Client:
        access = ConnectionAccess(product, self._site_url, self.api_url(product, auth_kind), self._email, self._token)
        return client_for(access, self._settings, on_call=self._count)

    def _count(self, _method: str, _template: str, _status: int) -> None:
        self.calls += 1


def as_jira_account(client: JiraReader) -> JiraAccount:
    """The same client, known to do what setting up needs."""
    if not isinstance(client, JiraAccount):
        raise TypeError("this Jira can only be read")
    return client


def as_confluence_account(client: PageStore) -> ConfluenceAccount:
    """The same client, known to tell what the account may do."""
    if not isinstance(client, ConfluenceAccount):
        raise TypeError("this Confluence can only be read and written")
    return client


def as_data_center_account(client: PageStore) -> DataCenterAccount:
    """The same client, known to be of a Data Center."""
    if not isinstance(client, DataCenterAccount):
        raise TypeError("this Confluence is no Data Center")
    return client
