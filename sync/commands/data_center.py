"""Connecting a Confluence Data Center, or renewing its token. All is checked first; then it is kept, or nothing is."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from connector.calls import OnCall
from connector.confluence_data_center import ConfluenceDataCenterClient
from connector.connecting import DATA_CENTER, PERSONAL, BadSiteAddress, ConnectionAccess, client_for
from connector.data_center_address import normalise_data_center_url
from connector.errors import Forbidden, OutsideError, Unauthorized
from connector.settings import Settings
from connector.site_answers import SiteUser
from connector.store.activity import record_activity
from connector.store.connections import NewConnection
from sync.commands.asking import asking
from sync.commands.connections import ConnectReport, check_token
from sync.commands.inspection import Inspected, inspect_spaces, spaces_seen
from sync.commands.keeping import find_same, keep
from sync.commands.not_possible import NotPossible
from sync.commands.site_access import DataCenterAccount
from sync.ports import Resources

MeetDataCenter = Callable[[Settings, str, str, OnCall], DataCenterAccount]
"""Settings, the site's address, the token, who counts the calls → the site."""


def meet_data_center(settings: Settings, site_url: str, token: str, on_call: OnCall) -> DataCenterAccount:
    """The site over HTTP, as the account of the token."""
    access = ConnectionAccess("confluence", site_url, site_url, "", token, DATA_CENTER)
    client = client_for(access, settings, on_call=on_call)
    assert isinstance(client, ConfluenceDataCenterClient)  # noqa: S101 - the kind of site decides which class is made
    return client


def connect_data_center(
    on: Resources,
    workspace_id: int,
    *,
    site_url: str,
    token: str,
    who: str,
    meet: MeetDataCenter = meet_data_center,
) -> ConnectReport:
    """Connect the Confluence Data Center at this address with an account's personal access token.

    A site that is connected already gets this token, and everything that waited for it goes on. NotPossible with what
    is missing, NotPossibleNow where the site does not answer; then nothing is kept.
    """
    address = _address(on, site_url)
    check_token(token)
    calls: list[str] = []
    confluence = meet(on.settings, address, token.strip(), lambda _method, template, _status: calls.append(template))
    with asking(address):
        user, found = inspect_data_center(confluence, address)
    new = NewConnection(
        product="confluence",
        deployment=DATA_CENTER,
        site_url=address,
        api_url=address,
        auth_kind=PERSONAL,
        account_email=user.username,
        account_id=user.user_key,
        credentials=on.secrets.seal(token.strip()),
        webhook_secret=on.secrets.seal(token_hex(32)),
    )
    now = on.clock.now()
    with on.database.write() as conn:
        connected = keep(conn, workspace_id, new, found, on.secrets, now)
        text = f"connected Confluence Data Center of {address}"
        record_activity(conn, workspace_id, at=now, who=who, text=text, url=address)
    on.bell.ring()
    return ConnectReport(address, PERSONAL, user.display_name, (connected,), len(calls))


def is_data_center(on: Resources, workspace_id: int, site_url: str) -> bool:
    """Whether this is the address of a Data Center that is connected already: then only its token is renewed."""
    try:
        address = _address(on, site_url)
    except NotPossible:
        return False
    with on.database.read() as conn:
        known = find_same(conn, workspace_id, "confluence", address)
    return known is not None and known.deployment == DATA_CENTER


def _address(on: Resources, site_url: str) -> str:
    try:
        return normalise_data_center_url(site_url, allow_private=on.settings.allow_private_sites)
    except BadSiteAddress as error:
        raise NotPossible(error.text, **error.values) from error


def inspect_data_center(confluence: DataCenterAccount, address: str) -> tuple[SiteUser, Inspected]:
    """Who the account is and what it sees. NotPossible, with what to do, where that is too little to work with."""
    try:
        user = confluence.current_user()
    except (Unauthorized, Forbidden) as error:
        raise NotPossible(
            "{address} does not accept this token. Make one in Confluence as the account that is to write the "
            "tables: the account's picture, Settings, Personal access tokens. Confluence 7.9 and later have "
            "them, unless an administrator switched them off. ({error})",
            address=address,
            error=error,
        ) from error
    try:
        spaces = inspect_spaces(confluence, address)
    except (Unauthorized, Forbidden) as error:
        raise NotPossible(
            "{account} may sign in at {address}, but not use Confluence there. An administrator gives the "
            "account that right under Global permissions. ({error})",
            account=user.display_name,
            address=address,
            error=error,
        ) from error
    return user, Inspected(
        product="confluence",
        account_id=user.user_key,
        account_name=user.display_name,
        sees=spaces_seen(spaces),
        may_administer=_may_set_up_webhooks(confluence),
        places=spaces,
    )


def _may_set_up_webhooks(confluence: DataCenterAccount) -> bool:
    """Only administrators may see webhooks. It is no right that the account needs, and old releases have none."""
    try:
        confluence.webhooks()
    except OutsideError:
        return False
    return True
