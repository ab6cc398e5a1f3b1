"""Which kind of Atlassian site answers at an address: asked without credentials, so that no stranger gets a token."""

from __future__ import annotations

from connector.confluence_data_center import ConfluenceDataCenterClient
from connector.connecting import (
    CLOUD,
    DATA_CENTER,
    BadSiteAddress,
    anonymous_session,
    look_up_cloud_id,
    normalise_site_url,
    not_counted,
)
from connector.data_center_address import normalise_data_center_url
from connector.errors import Forbidden, Gone, Rejected, Unauthorized, Unavailable
from connector.settings import Settings


def find_site(settings: Settings, typed: str) -> tuple[str, str]:
    """Its address, and ``cloud`` or ``data_center``; at most two calls.

    BadSiteAddress for what is no address, Unavailable where neither answers there.
    """
    allow_private = settings.allow_private_sites
    address = normalise_site_url(typed, allow_private=allow_private)
    try:
        look_up_cloud_id(address, anonymous_session(address, settings))
    except (Unavailable, Rejected, Unauthorized, Forbidden) as no_cloud:
        try:
            wiki = normalise_data_center_url(typed, allow_private=allow_private)
        except BadSiteAddress:
            raise no_cloud from None
        if not _is_confluence(settings, wiki):
            raise Unavailable(
                f"No Atlassian Cloud site and no Confluence Data Center answers at {address}. Check the address."
            ) from None
        return wiki, DATA_CENTER
    return address, CLOUD


def _is_confluence(settings: Settings, address: str) -> bool:
    """Whoever asks without a token is told that he is nobody, which only a Confluence says."""
    try:
        ConfluenceDataCenterClient(anonymous_session(address, settings), address, not_counted).current_user()
    except (Unauthorized, Forbidden):
        return True
    except (Gone, Rejected, Unavailable):
        return False
    return True
