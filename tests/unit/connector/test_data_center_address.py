"""From what a person types to the address of a Data Center site, and to a client that calls it."""

from __future__ import annotations

import pytest

from connector.confluence_data_center import ConfluenceDataCenterClient
from connector.connecting import DATA_CENTER, BadSiteAddress, ConnectionAccess, client_for
from connector.data_center_address import normalise_data_center_url
from connector.public_addresses import AddressRefused
from connector.settings import Settings
from tests.unit.connector.recorded_calls import TOKEN

SETTINGS = Settings(_env_file=None)  # type: ignore[call-arg]
PRIVATE_ALLOWED = Settings(_env_file=None, allow_private_sites=True)  # type: ignore[call-arg]
PRIVATE = "https://10.0.0.1/confluence"


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("wiki.acme.example", "https://wiki.acme.example"),
        (" https://Wiki.Acme.Example:8443/ ", "https://wiki.acme.example:8443"),
        ("https://acme.example/confluence", "https://acme.example/confluence"),
        ("acme.example/confluence/", "https://acme.example/confluence"),
        ("https://acme.example/confluence/display/OKR/Goals?x=1#h", "https://acme.example/confluence"),
        ("https://acme.example/team/wiki/pages/viewpage.action?pageId=7", "https://acme.example/team/wiki"),
        ("https://acme.example/spaces/OKR/pages/7/Goals", "https://acme.example"),
        ("https://acme.example/confluence/login.action", "https://acme.example/confluence"),
    ],
)
def test_what_people_paste_becomes_the_site_and_keeps_its_path(typed: str, site: str) -> None:
    assert normalise_data_center_url(typed, allow_private=False) == site


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("https://acme.atlassian.net/wiki", "a Cloud site. Connect it without --data-center"),
        ("https://acme.example/../x", "cannot be the path"),
        ("https://acme.example/a%2fb", "cannot be the path"),
        ("https://acme.example/1/2/3/4/5", "cannot be the path"),
        ("http://wiki.acme.example", "Write https://"),
        ("https://10.0.0.1/confluence", "OKR_ALLOW_PRIVATE_SITES=true"),
        ("https://169.254.169.254/latest", "private network"),
        ("https://wiki.localhost", "private network"),
        ("https://me:secret@wiki.acme.example", "without a name before @"),
    ],
)
def test_what_is_no_site_says_what_to_write(typed: str, said: str) -> None:
    with pytest.raises(BadSiteAddress) as caught:
        normalise_data_center_url(typed, allow_private=False)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_site_inside_the_company_may_be_called_where_that_is_allowed() -> None:
    for typed in ("http://127.0.0.1:8090/confluence", "https://wiki", "http://[::1]:8090"):
        assert normalise_data_center_url(typed, allow_private=True) == typed


def test_a_token_never_goes_in_the_clear_across_the_internet_also_where_private_sites_are_allowed() -> None:
    with pytest.raises(BadSiteAddress, match="across the internet"):
        normalise_data_center_url("http://93.184.216.34/confluence", allow_private=True)
    assert normalise_data_center_url("https://93.184.216.34", allow_private=True) == "https://93.184.216.34"


def test_the_client_of_a_data_center_is_of_its_own_kind() -> None:
    access = ConnectionAccess("confluence", PRIVATE, PRIVATE, "okr-sync", TOKEN, DATA_CENTER)
    assert isinstance(client_for(access, PRIVATE_ALLOWED), ConfluenceDataCenterClient)
    with pytest.raises(AddressRefused):
        client_for(access, SETTINGS)
    with pytest.raises(ValueError, match="data_center"):
        client_for(ConnectionAccess("jira", PRIVATE, PRIVATE, "", TOKEN, DATA_CENTER), PRIVATE_ALLOWED)
