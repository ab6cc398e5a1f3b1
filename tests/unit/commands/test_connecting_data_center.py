"""Connecting a Confluence Data Center: what is found out, what is refused, and that nothing is kept of what was."""

from __future__ import annotations

from typing import Any

import pytest

from connector.calls import OnCall
from connector.errors import Forbidden, OutsideError, RateLimited, Unauthorized, Unavailable
from connector.settings import Settings
from connector.store.connection_state import record_health
from connector.store.connections import Health
from sync import commands
from sync.commands import ConnectReport, NotPossible, NotPossibleNow
from tests.unit.commands.data_center_stand_in import WIKI, FakeDataCenter
from tests.unit.commands.stand_in import Stand


def connect(service: Stand, wiki: FakeDataCenter | None = None, **changes: Any) -> ConnectReport:
    site = wiki or FakeDataCenter()
    site.allowed = service.confluence.allowed

    def meet(settings: Settings, site_url: str, token: str, on_call: OnCall) -> FakeDataCenter:
        on_call("GET", "/rest/api/user/current", 200)
        return site

    given: dict[str, Any] = {"site_url": f"{WIKI}/display/OKR", "token": " t0ken ", "who": "Rosa"}
    return commands.connect_data_center(service.on, service.workspace_id, meet=meet, **given | changes)


def test_it_is_connected_and_told(service: Stand) -> None:
    report = connect(service)
    assert (report.site_url, report.auth_kind, report.account, report.calls) == (WIKI, "personal", "OKR sync", 1)
    (found,) = report.connected
    assert (found.inspected.sees, found.inspected.may_administer) == ("2 spaces: ENG, OKR", True)
    assert service.log() == [f"Rosa: connected Confluence Data Center of {WIKI}"]
    assert (service.due("pages"), service.due("poll"), service.bell.rung) == (["1"], [], 1)


def test_what_is_kept_says_what_it_is_and_is_encrypted(service: Stand) -> None:
    connect(service)
    (kept,) = service.connections()
    assert (kept.product, kept.deployment, kept.site_url, kept.api_url) == ("confluence", "data_center", WIKI, WIKI)
    assert (kept.auth_kind, kept.account_email, kept.account_id) == ("personal", "okr-sync", "ff80")
    assert service.on.secrets.open(kept.credentials) == "t0ken"
    assert len(service.on.secrets.open(kept.webhook_secret)) == 64


def test_an_ordinary_account_is_enough(service: Stand) -> None:
    (found,) = connect(service, FakeDataCenter(trouble={"webhooks": Forbidden("403")})).connected
    assert not found.inspected.may_administer


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"site_url": "https://acme.atlassian.net/wiki"}, "a Cloud site. Connect it without --data-center"),
        ({"site_url": "http://wiki.acme.example"}, "Write https://"),
        ({"site_url": "https://10.0.0.1/confluence"}, "OKR_ALLOW_PRIVATE_SITES"),
        ({"token": "  "}, "token is empty"),
        ({"token": "two words"}, "Copy it again"),
    ],
)
def test_what_cannot_be_connected_is_refused_with_what_to_do(service: Stand, given: dict[str, Any], text: str) -> None:
    with pytest.raises(NotPossible, match=text):
        connect(service, **given)
    assert (service.connections(), service.log(), service.bell.rung) == ((), [], 0)


@pytest.mark.parametrize(
    ("call", "error", "kind", "text"),
    [
        ("current_user", Unauthorized("401"), NotPossible, "Personal access tokens"),
        ("current_user", Forbidden("403"), NotPossible, "Personal access tokens"),
        ("spaces", Forbidden("403"), NotPossible, "OKR sync may sign in"),
        ("current_user", Unavailable("no answer"), NotPossibleNow, "no answer"),
        ("spaces", RateLimited("slow", 61), NotPossibleNow, "asks to wait 61 s"),
    ],
)
def test_a_site_that_refuses_is_not_kept(
    service: Stand, call: str, error: OutsideError, kind: type[NotPossible], text: str
) -> None:
    with pytest.raises(kind, match=text):
        connect(service, FakeDataCenter(trouble={call: error}))
    assert service.connections() == ()


def test_an_account_that_sees_no_space_is_refused(service: Stand) -> None:
    with pytest.raises(NotPossible, match="sees no space"):
        connect(service, FakeDataCenter(space_keys=()))
    assert service.connections() == ()


def test_connecting_again_renews_and_keeps_the_webhooks_secret(service: Stand) -> None:
    connect(service)
    (before,) = service.connections()
    with service.on.database.write() as conn:
        record_health(conn, service.workspace_id, before.id, Health.NEEDS_CREDENTIALS, service.clock.now(), "refused")
    report = connect(service, site_url=WIKI.upper().replace("CONFLUENCE", "confluence"), token="n3w")
    (after,) = service.connections()
    assert [each.is_renewal for each in report.connected] == [True]
    assert (after.id, after.health, service.on.secrets.open(after.credentials)) == (before.id, Health.CURRENT, "n3w")
    assert after.webhook_secret == before.webhook_secret


def test_a_known_address_is_known_to_be_a_data_centers(service: Stand) -> None:
    def is_known(address: str) -> bool:
        return commands.is_data_center(service.on, service.workspace_id, address)

    assert not is_known(WIKI)
    connect(service)
    assert is_known(WIKI)
    assert is_known(f"{WIKI}/pages/viewpage.action?pageId=7")
    assert not is_known("https://wiki.acme.example")
    assert not is_known("no address at all")
