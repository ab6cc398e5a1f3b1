"""Connecting a site: what is found out, what is refused, and that nothing is kept of what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from connector.errors import Forbidden, OutsideError, RateLimited, Unauthorized, Unavailable
from connector.settings import Settings
from connector.store.connection_state import block_until, record_choice, record_health
from connector.store.connections import Connection, Health
from connector.store.reconnecting import replace_webhook_secret
from connector.store.work import claim_work, mark_due, record_failed
from mapping.issue import FieldChoice
from sync import commands
from sync.commands import ConnectReport, NotPossible, NotPossibleNow
from tests.unit.commands.stand_in import EMAIL, SECRET, SITE, FakeConfluence, FakeJira, Stand

GATEWAY = "https://api.atlassian.com/ex"


class FakeSite:
    """A site that takes one kind of token."""

    def __init__(self, service: Stand, kinds: Sequence[str], trouble: OutsideError | None) -> None:
        self.calls = 7
        self._service = service
        self._kinds = kinds
        self._trouble = trouble
        self.asked: list[tuple[str, ...]] = []

    def cloud_id(self) -> str:
        if self._trouble:
            raise self._trouble
        return "cloud-0001"

    def api_url(self, product: str, auth_kind: str) -> str:
        return SITE if auth_kind == "classic" else f"{GATEWAY}/{product}/{self.cloud_id()}"

    def jira(self, auth_kind: str) -> FakeJira:
        fits = auth_kind in self._kinds
        return self._service.jira if fits else FakeJira(trouble={"myself": Unauthorized("401")})

    def confluence(self, auth_kind: str) -> FakeConfluence:
        fits = auth_kind in self._kinds
        return self._service.confluence if fits else FakeConfluence(trouble={"spaces": Unauthorized("401")})


def connect(
    service: Stand, *, kinds: Sequence[str] = ("classic",), trouble: OutsideError | None = None, **changes: Any
) -> ConnectReport:
    def meet(settings: Settings, site_url: str, email: str, token: str) -> FakeSite:
        return FakeSite(service, kinds, trouble)

    given: dict[str, Any] = {"site_url": "acme.atlassian.net/wiki", "email": EMAIL, "token": "t0ken", "who": "Rosa"}
    return commands.connect(service.on, service.workspace_id, meet=meet, **given | changes)


def jira_of(service: Stand) -> Connection:
    return next(each for each in service.connections() if each.product == "jira")


def test_both_products_are_connected_and_told(service: Stand) -> None:
    report = connect(service)
    assert (report.site_url, report.auth_kind, report.account, report.calls) == (SITE, "classic", "OKR sync", 7)
    jira, confluence = (each.inspected for each in report.connected)
    assert jira.sees == "about 2 issues that changed in the last 90 days, the latest in PAY"
    assert confluence.sees == "2 spaces: ENG, OKR"
    assert service.log() == [f"Rosa: connected Jira and Confluence of {SITE}"]
    assert (service.due("poll"), service.due("pages"), service.bell.rung) == (["1"], ["2"], 1)


def test_what_is_kept_is_encrypted_and_works(service: Stand) -> None:
    connect(service)
    kept = jira_of(service)
    assert (kept.site_url, kept.api_url, kept.auth_kind, kept.cloud_id) == (SITE, SITE, "classic", "cloud-0001")
    assert (kept.account_email, kept.account_id) == (EMAIL, "712020:sync")
    assert service.on.secrets.open(kept.credentials) == "t0ken"
    assert len(service.on.secrets.open(kept.webhook_secret)) == 64
    assert b"t0ken" not in kept.credentials
    assert kept.choice == FieldChoice("customfield_7", frozenset({"2"}))


def test_a_scoped_token_is_found_out_and_goes_through_the_gateway(service: Stand) -> None:
    report = connect(service, kinds=("scoped",))
    assert report.auth_kind == "scoped"
    assert [each.api_url for each in service.connections()] == [
        f"{GATEWAY}/jira/cloud-0001",
        f"{GATEWAY}/confluence/cloud-0001",
    ]


def test_a_kind_that_was_said_is_not_doubted(service: Stand) -> None:
    with pytest.raises(NotPossible, match="scoped token also needs scopes"):
        connect(service, kinds=("classic",), auth_kind="scoped")


@pytest.mark.parametrize("product", ["jira", "confluence"])
def test_one_product_alone(service: Stand, product: str) -> None:
    connect(service, products=(product,))
    assert [each.product for each in service.connections()] == [product]


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"site_url": ""}, "Write the address of your site"),
    ({"site_url": "acme"}, "Did you mean https://acme.atlassian.net"),
    ({"site_url": "https://rosa:secret@acme.atlassian.net"}, "without a name before @"),
    ({"email": "rosa"}, "no e-mail address"),
    ({"email": "rosa@acme example"}, "no e-mail address"),
    ({"token": "  "}, "token is empty"),
    ({"token": "two words"}, "Copy it again"),
    ({"kinds": ()}, "neither this e-mail address with this token"),
    ({"trouble": Unavailable("No Atlassian Cloud site answers")}, "No Atlassian Cloud site answers"),
    ({"trouble": RateLimited("slow", 61)}, "asks to wait 61 s"),
]


@pytest.mark.parametrize(("given", "text"), REFUSALS)
def test_what_cannot_be_connected_is_refused_with_what_to_do(service: Stand, given: dict[str, Any], text: str) -> None:
    with pytest.raises(NotPossible, match=text):
        connect(service, **given)
    assert (service.connections(), service.log(), service.bell.rung) == ((), [], 0)


def test_the_token_stands_in_no_refusal(service: Stand) -> None:
    for given, _ in REFUSALS:
        with pytest.raises(NotPossible) as refused:
            connect(service, **{"token": "canary-t0ken"} | given)
        assert "canary" not in str(refused.value)


def test_an_account_that_sees_no_project_is_refused(service: Stand) -> None:
    service.jira.may["BROWSE_PROJECTS"] = False
    with pytest.raises(NotPossible, match="Browse projects"):
        connect(service)
    assert service.connections() == ()


def test_an_account_that_sees_no_space_is_refused_and_jira_is_not_kept_either(service: Stand) -> None:
    service.confluence.space_keys = ()
    with pytest.raises(NotPossible, match="sees no space"):
        connect(service)
    assert service.connections() == ()


@pytest.mark.parametrize(
    ("error", "kind"), [(Forbidden("403"), NotPossible), (Unavailable("no answer"), NotPossibleNow)]
)
def test_trouble_half_way_keeps_nothing(service: Stand, error: OutsideError, kind: type[NotPossible]) -> None:
    service.confluence.trouble["spaces"] = error
    with pytest.raises(kind):
        connect(service)
    assert service.connections() == ()


def test_a_site_without_issues_is_connected_with_a_notice(service: Stand) -> None:
    service.jira.issues.clear()
    jira = connect(service).connected[0].inspected
    assert jira.notices == ("Make sure that it may see the right projects.",)


def test_connecting_again_renews_and_lets_go_what_waited(service: Stand) -> None:
    connect(service)
    jira, now = jira_of(service), service.clock.now()
    leave_work(service)
    with service.on.database.write() as conn:
        record_health(conn, service.workspace_id, jira.id, Health.NEEDS_CREDENTIALS, now, "refused")
        block_until(conn, service.workspace_id, jira.id, now.replace(year=2030))
    report = connect(service, token="n3w", kinds=("scoped",))
    renewed = jira_of(service)
    assert [each.is_renewal for each in report.connected] == [True, True]
    assert (renewed.id, renewed.health, renewed.blocked_until) == (jira.id, Health.CURRENT, None)
    assert (renewed.auth_kind, service.on.secrets.open(renewed.credentials)) == ("scoped", "n3w")
    assert renewed.webhook_secret == jira.webhook_secret
    waiting = service.rows("SELECT target, attempts FROM work WHERE kind = 'issue' ORDER BY id")
    assert waiting == [("1:5", 0), ("1:6", 0), ("9:5", 1)]
    going_on = claim_work(service.on.database, now=now, lease_seconds=60, limit=9, kinds=["issue"])
    assert [claim.target for claim in going_on] == ["1:5", "1:6"]


def leave_work(service: Stand) -> None:
    """Two issues of the Jira, one set aside and one put off; and one of another connection, put off as well."""
    now, ws, later = service.clock.now(), service.workspace_id, service.clock.now().replace(year=2030)
    with service.on.database.write() as conn:
        mark_due(conn, ws, "issue", ["1:5", "1:6", "9:5"], now, urgency=0)
    first, *others = claim_work(service.on.database, now=now, lease_seconds=60, limit=3, kinds=["issue"])
    with service.on.database.write() as conn:
        record_failed(conn, first, at=now, error="401", parked_reason="refused")
        for claim in others:
            record_failed(conn, claim, at=now, error="401", retry_at=later)


def test_connecting_again_keeps_what_an_admin_chose(service: Stand) -> None:
    connect(service)
    chosen = FieldChoice("customfield_9", frozenset({"1"}), by_points=True)
    jira = jira_of(service)
    with service.on.database.write() as conn:
        record_choice(conn, service.workspace_id, jira.id, chosen)
    connect(service)
    assert jira_of(service).choice == chosen


def test_a_webhook_secret_that_nobody_can_read_any_more_is_replaced(service: Stand) -> None:
    jira = service.connected("jira")
    with service.on.database.write() as conn:
        replace_webhook_secret(conn, service.workspace_id, jira.id, b"sealed with a lost key")
    connect(service)
    assert len(service.on.secrets.open(jira_of(service).webhook_secret)) == 64


class TestWebhook:
    """Setting Jira's webhook up."""

    def test_the_instructions_name_address_secret_and_events(self, connected: Stand) -> None:
        text = commands.webhook_instructions(connected.on, connected.workspace_id)
        for part in ("/webhooks/jira/1", SECRET, "created, updated, deleted", "plugins/servlet/webhooks"):
            assert part in text

    def test_an_address_that_jira_cannot_reach_is_said_first(self, connected: Stand) -> None:
        text = commands.webhook_instructions(connected.on, connected.workspace_id)
        assert text.startswith("http://127.0.0.1:8400/webhooks/jira/1 cannot be reached from outside")
        with pytest.raises(NotPossible, match="OKR_BASE_URL"):
            commands.register_webhook(connected.on, connected.workspace_id, "Rosa")

    def test_an_administrators_account_registers_it_and_replaces_ours(self, connected: Stand) -> None:
        public = reachable(connected)
        for _ in range(2):
            report = commands.register_webhook(public.on, public.workspace_id, "Rosa")
        assert (report.replaced, report.address) == (1, "https://okr.example.com/webhooks/jira/1")
        assert [hook.url for hook in public.jira.hooks] == [report.address]
        assert public.jira.hooks[0].is_signed
        assert jira_of(public).webhook_id == public.jira.hooks[0].webhook_id

    def test_another_account_gets_the_instructions(self, connected: Stand) -> None:
        public = reachable(connected)
        public.jira.trouble["webhooks"] = Forbidden("403")
        with pytest.raises(NotPossible, match=r"(?s)may not set up webhooks.*Secret"):
            commands.register_webhook(public.on, public.workspace_id, "Rosa")

    def test_without_a_jira_there_is_nothing_to_tell(self, service: Stand) -> None:
        with pytest.raises(NotPossible, match="No Jira is connected"):
            commands.webhook_instructions(service.on, service.workspace_id)


def reachable(service: Stand) -> Stand:
    """The same service under a public address."""
    settings = service.on.settings.model_copy(update={"base_url": "https://okr.example.com"})
    return replace(service, on=replace(service.on, settings=settings))
