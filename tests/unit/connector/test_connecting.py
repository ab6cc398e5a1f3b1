"""From what a person types to where calls go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import responses

from connector.confluence import ConfluenceClient
from connector.connecting import (
    BadSiteAddress,
    ConnectionAccess,
    anonymous_session,
    api_url,
    client_for,
    look_up_cloud_id,
    normalise_site_url,
)
from connector.errors import Unavailable
from connector.http import TransactionOpen
from connector.jira import JiraClient
from connector.public_addresses import AddressRefused
from connector.settings import BadSettings, Settings, load_settings
from connector.store import engine
from tests.site.roster import SYNC
from tests.site.running import start_site
from tests.unit.connector.recorded_calls import EMAIL, SITE, TOKEN

SETTINGS = Settings(_env_file=None)  # type: ignore[call-arg]
PRIVATE_ALLOWED = Settings(_env_file=None, allow_private_sites=True)  # type: ignore[call-arg]
CLOUD_ID = "40622555-85c7-416a-a11b-39b0c3243306"
ACCESS = ConnectionAccess("jira", SITE, SITE, EMAIL, TOKEN)


@pytest.mark.parametrize(
    "typed",
    [
        "acme.atlassian.net",
        " https://acme.atlassian.net/ ",
        "HTTPS://Acme.Atlassian.NET.",
        "acme.atlassian.net/wiki",
        "https://acme.atlassian.net/wiki/spaces/OKR/pages/7/OKRs?x=1#heading",
        "https://acme.atlassian.net/jira/software/projects/PAY/boards/1",
        "https://acme.atlassian.net/browse/PAY-412",
        "https://acme.atlassian.net:443",
    ],
)
def test_what_people_paste_becomes_the_site(typed: str) -> None:
    assert normalise_site_url(typed) == "https://acme.atlassian.net"


def test_other_sites_keep_their_port_and_names_of_any_script() -> None:
    assert normalise_site_url("jira.acme.example:8443/x") == "https://jira.acme.example:8443"
    assert normalise_site_url("bücher.example") == "https://xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "for example https://acme.atlassian.net"),
        ("acme", "https://acme.atlassian.net ?"),
        ("http://acme.atlassian.net", "Write https://"),
        ("ftp://acme.atlassian.net", "instead"),
        ("https://me@acme.atlassian.net", "without a name before @"),
        ("https://acme.atlassian.net@evil.example", "without a name before @"),
        ("https://me:secret@acme.atlassian.net", "without a name before @"),
        ("https://acme.atlassian.net\\@evil.example", "for example"),
        ("https://acme .atlassian.net", "for example"),
        ("https://acme.atlassian.net\u202egro", "for example"),
        ("https://", "not the name of a site"),
        ("https://acme..net", "not the name of a site"),
        ("https://-acme.example", "not the name of a site"),
        ("https://acme_x.example", "not the name of a site"),
        ("https://acme.example:99999", "is not an address"),
        ("https://[::1", "is not an address"),
        ("https://[::1]/", "not the name of a site"),
        ("https://api.atlassian.com/ex/jira/x", "belongs to Atlassian"),
        ("https://id.atlassian.com/manage", "belongs to Atlassian"),
        ("https://atlassian.net", "belongs to Atlassian"),
        ("127.0.0.1", "private network"),
        ("https://127.1", "private network"),
        ("https://0x7f.1/", "private network"),
        ("https://169.254.169.254/latest", "private network"),
        ("https://jira.localhost", "private network"),
    ],
)
def test_what_is_no_site_says_what_to_write(typed: str, said: str) -> None:
    with pytest.raises(BadSiteAddress) as caught:
        normalise_site_url(typed)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("http://127.0.0.1:8500/wiki", "http://127.0.0.1:8500"),
        ("https://jira", "https://jira"),
        ("http://[::1]:8500/", "http://[::1]:8500"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_private_sites_where_they_are_allowed(typed: str, site: str) -> None:
    assert normalise_site_url(typed, allow_private=True) == site


def test_where_calls_go() -> None:
    gateway = "https://api.atlassian.com"
    assert api_url(SITE, CLOUD_ID, "jira", "classic", gateway) == SITE
    assert api_url(SITE, CLOUD_ID, "jira", "scoped", gateway) == f"{gateway}/ex/jira/{CLOUD_ID}"
    assert api_url(SITE, CLOUD_ID, "confluence", "scoped", gateway) == f"{gateway}/ex/confluence/{CLOUD_ID}"
    for product, kind in (("bitbucket", "classic"), ("jira", "magic")):
        with pytest.raises(ValueError, match="no way"):
            api_url(SITE, CLOUD_ID, product, kind, gateway)


@responses.activate
def test_a_host_without_an_atlassian_site_says_so() -> None:
    session = anonymous_session(SITE, PRIVATE_ALLOWED)
    answers: tuple[dict[str, Any], ...] = (
        {"status": 404, "body": "<html>"},
        {"body": "<html>"},
        {"json": {}},
        {"json": {"cloudId": 7}},
    )
    for answer in answers:
        responses.get(f"{SITE}/_edge/tenant_info", **answer)
        with pytest.raises(Unavailable, match=f"No Atlassian Cloud site answers at {SITE}"):
            look_up_cloud_id(SITE, session)
        responses.reset()
    responses.get(f"{SITE}/_edge/tenant_info", json={"cloudId": "../../evil"})
    with pytest.raises(Unavailable, match="cannot be one"):
        look_up_cloud_id(SITE, session)
    assert "Authorization" not in responses.calls[0].request.headers


def test_clients_of_both_products_reach_the_site_and_the_gateway(tmp_path: Path) -> None:
    with start_site(tmp_path) as site:
        cloud_id = look_up_cloud_id(site.url, anonymous_session(site.url, PRIVATE_ALLOWED))
        assert cloud_id == site.cloud_id
        tokens = {"classic": SYNC.classic_tokens[0], "scoped": SYNC.scoped_tokens[0]}
        for kind, token in tokens.items():
            address = {p: api_url(site.url, cloud_id, p, kind, site.url) for p in ("jira", "confluence")}
            jira = client_for(ConnectionAccess("jira", site.url, address["jira"], SYNC.email, token), PRIVATE_ALLOWED)
            assert isinstance(jira, JiraClient)
            assert jira.myself().account_id == SYNC.account_id
            access = ConnectionAccess("confluence", site.url, address["confluence"], SYNC.email, token)
            confluence = client_for(access, PRIVATE_ALLOWED)
            assert isinstance(confluence, ConfluenceClient)
            assert confluence.space_by_key("OKR").key == "OKR"


def test_a_client_refuses_private_addresses_unless_allowed() -> None:
    private = ConnectionAccess("jira", "https://10.0.0.1", "https://10.0.0.1", EMAIL, TOKEN)
    with pytest.raises(AddressRefused):
        client_for(private, SETTINGS)
    client_for(private, PRIVATE_ALLOWED)


def test_a_client_refuses_to_call_while_a_transaction_is_open(tmp_path: Path) -> None:
    database = engine.Database(engine.make_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}"))
    client = client_for(ACCESS, SETTINGS)
    assert isinstance(client, JiraClient)
    with database.write(), pytest.raises(TransactionOpen):
        client.myself()
    database.engine.dispose()


def test_another_product_has_no_client() -> None:
    with pytest.raises(ValueError, match="bitbucket"):
        client_for(ConnectionAccess("bitbucket", SITE, SITE, EMAIL, TOKEN), SETTINGS)


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(ACCESS)


def test_the_gateway_is_a_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OKR_GATEWAY_URL", "http://127.0.0.1:8500/")
    assert load_settings().gateway_url == "http://127.0.0.1:8500"
    monkeypatch.setenv("OKR_GATEWAY_URL", "api.atlassian.com")
    with pytest.raises(BadSettings, match=r"OKR_GATEWAY_URL.*https://api\.atlassian\.com"):
        load_settings()
