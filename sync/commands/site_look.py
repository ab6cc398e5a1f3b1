"""Looking at a site before it is connected: what answers there, and what the account may do. Nothing is kept.

Then connecting it, whichever kind of site it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector.connecting import CLOUD, BadSiteAddress, not_counted
from connector.errors import OutsideError
from connector.http import at_most
from connector.settings import Settings
from connector.site_kind import find_site
from sync.commands.asking import asking
from sync.commands.connections import PRODUCTS, ConnectReport, Meet, check_credentials, check_token, connect
from sync.commands.data_center import MeetDataCenter, connect_data_center, inspect_data_center, meet_data_center
from sync.commands.inspection import Inspected, find_kind, inspect
from sync.commands.not_possible import NotPossible, NotPossibleNow
from sync.commands.site_access import RealSite, SiteAccess
from sync.ports import Resources

PATIENCE_SECONDS = 8.0
# Shorter ones are still being typed; asking with them would count as failed sign-ins.
SHORTEST_TOKEN = 16

FindSite = Callable[[Settings, str], tuple[str, str]]
"""Settings and what was typed → the site's address and which kind it is."""


@dataclass(frozen=True, slots=True)
class Outside:
    """How a site is met; over HTTP, unless somebody stands in."""

    find: FindSite = find_site
    meet: Meet = RealSite
    meet_data_center: MeetDataCenter = meet_data_center


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person typed so far; of a Data Center the token alone counts."""

    site: str
    email: str = ""
    token: str = ""
    products: tuple[str, ...] = PRODUCTS


@dataclass(frozen=True, slots=True)
class SiteLook:
    """``deployment``: cloud | data_center; empty where no site was found. ``found`` are the products that the account
    can use, ``refused`` those that it cannot, with the reason. ``wrong`` says why a field does not fit, by its name."""

    site_url: str = ""
    deployment: str = ""
    account: str = ""
    found: tuple[Inspected, ...] = ()
    refused: tuple[tuple[str, NotPossible], ...] = ()
    wrong: tuple[tuple[str, NotPossible], ...] = ()


REAL = Outside()


def look_at_site(on: Resources, typed: Credentials, outside: Outside = REAL) -> SiteLook:
    """As far as it can be told from what was typed. Each call waits some seconds at most."""
    if not typed.site.strip():
        return SiteLook()
    with at_most(PATIENCE_SECONDS):
        try:
            address, deployment = _found(on, typed.site, outside)
        except NotPossible as wrong:
            return SiteLook(wrong=(("site", wrong),))
        if len(typed.token.strip()) < SHORTEST_TOKEN or (deployment == CLOUD and not typed.email.strip()):
            return SiteLook(address, deployment)
        try:
            return _look(on, address, deployment, typed, outside)
        except NotPossible as wrong:
            return SiteLook(address, deployment, wrong=(("token", wrong),))


def connect_site(
    on: Resources, workspace_id: int, typed: Credentials, *, who: str, outside: Outside = REAL
) -> ConnectReport:
    """Connect the site, or renew its credentials. NotPossible with what is missing; then nothing is kept."""
    with at_most(PATIENCE_SECONDS):
        address, deployment = _found(on, typed.site, outside)
        if deployment == CLOUD:
            return connect(
                on, workspace_id, site_url=address, email=typed.email, token=typed.token, who=who,
                products=typed.products, meet=outside.meet,
            )  # fmt: skip
        return connect_data_center(
            on, workspace_id, site_url=address, token=typed.token, who=who, meet=outside.meet_data_center
        )


def _found(on: Resources, typed: str, outside: Outside) -> tuple[str, str]:
    try:
        return outside.find(on.settings, typed)
    except BadSiteAddress as error:
        raise NotPossible(error.text, **error.values) from error
    except OutsideError as error:
        raise NotPossibleNow(error.text, **error.values) from error


def _look(on: Resources, address: str, deployment: str, typed: Credentials, outside: Outside) -> SiteLook:
    if deployment == CLOUD:
        check_credentials(typed.email, typed.token)
        site = outside.meet(on.settings, address, typed.email.strip(), typed.token.strip())
        return _look_at_cloud(on, address, site, typed.products or PRODUCTS)
    check_token(typed.token)
    confluence = outside.meet_data_center(on.settings, address, typed.token.strip(), not_counted)
    with asking(address):
        user, found = inspect_data_center(confluence, address)
    return SiteLook(address, deployment, user.display_name, (found,))


def _look_at_cloud(on: Resources, address: str, site: SiteAccess, products: Sequence[str]) -> SiteLook:
    found, refused = [], []
    with asking(address):
        kind = find_kind(site, products, address)
        for product in products:
            try:
                found.append(inspect(site, product, kind, address, on.clock.now()))
            except NotPossible as why:
                refused.append((product, why))
    account = next((each.account_name for each in found if each.account_name), "")
    return SiteLook(address, CLOUD, account, tuple(found), tuple(refused))
