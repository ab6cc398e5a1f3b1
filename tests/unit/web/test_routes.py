"""Every route stands in one table of who may use it; a route that is not there fails the test."""

from __future__ import annotations

import pytest

from connector.store.engine import Database
from tests.clock import FakeClock
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp
from tests.unit.web.surroundings import Visitor, resources
from web.app import create_app

# (method, rule) → who may. "anyone": without a sign-in; "sender": proved by a signature; "local": signed in, or from
# this machine; "people": whoever is signed in; "editors", "admins": their role says so.
ONE_TABLE = f"<int(max={2**63 - 1}):table_id>"
ONE_PERSON = f"<int(max={2**63 - 1}):person_id>"
ONE_SITE = f"<int(max={2**63 - 1}):connection_id>"
ONE_RULE = f"<int(max={2**63 - 1}):rule_id>"
ONE_CHECK_IN = f"<int(max={2**63 - 1}):check_in_id>"
WHO_MAY = {
    ("GET", "/static/<path:filename>"): "anyone",
    ("GET", "/sign-in"): "anyone",
    ("POST", "/sign-in"): "anyone",
    ("GET", "/first-visit"): "anyone",
    ("POST", "/first-visit"): "anyone",
    ("GET", "/come-in"): "anyone",
    ("POST", "/come-in"): "anyone",
    ("GET", "/healthz"): "anyone",
    ("GET", "/readyz"): "anyone",
    ("GET", "/atlassian-connect.json"): "anyone",
    ("GET", "/metrics"): "local",
    ("POST", "/webhooks/jira/<int(max=9223372036854775807):connection_id>"): "sender",
    ("POST", "/webhooks/confluence/<int(max=9223372036854775807):connection_id>"): "sender",
    ("GET", "/"): "people",
    ("GET", "/cycles/<key>"): "people",
    ("GET", "/cycles/new"): "people",
    ("POST", "/cycles/new"): "editors",
    ("GET", "/cycles/<key>/edit"): "people",
    ("POST", "/cycles/<key>/edit"): "editors",
    ("GET", "/cycles/<key>/carry-over"): "people",
    ("POST", "/cycles/<key>/carry-over"): "editors",
    ("GET", "/cycles/<key>/grade"): "people",
    ("POST", "/cycles/<key>/grade"): "editors",
    ("GET", "/objectives/new"): "people",
    ("POST", "/objectives/new"): "editors",
    ("GET", "/objectives/<key>"): "people",
    ("GET", "/objectives/<key>/edit"): "people",
    ("POST", "/objectives/<key>/edit"): "editors",
    ("POST", "/objectives/<key>/delete"): "editors",
    ("GET", "/kr/new"): "people",
    ("POST", "/kr/new"): "editors",
    ("GET", "/kr/<key>"): "people",
    ("GET", "/kr/<key>/edit"): "people",
    ("POST", "/kr/<key>/edit"): "editors",
    ("GET", "/kr/<key>/drop"): "people",
    ("POST", "/kr/<key>/drop"): "editors",
    ("POST", "/kr/<key>/delete"): "editors",
    ("GET", "/check-ins"): "people",
    # Of the editors only its author, and admins: test_check_ins_due.
    ("GET", f"/check-in/<key>/withdraw/{ONE_CHECK_IN}"): "people",
    ("POST", f"/check-in/<key>/withdraw/{ONE_CHECK_IN}"): "people",
    ("GET", "/check-in/<key>"): "people",
    ("POST", "/check-in/<key>"): "editors",
    ("GET", "/status"): "people",
    ("GET", "/tables"): "people",
    ("GET", f"/tables/{ONE_TABLE}"): "people",
    ("POST", "/sign-out"): "people",
    ("GET", "/account"): "people",
    ("POST", "/account"): "people",
    ("POST", "/account/password"): "people",
    ("POST", "/account/sign-out-everywhere"): "people",
    ("GET", "/people"): "admins",
    ("GET", "/people/new"): "admins",
    ("POST", "/people/new"): "admins",
    ("GET", f"/people/{ONE_PERSON}"): "admins",
    ("POST", f"/people/{ONE_PERSON}"): "admins",
    ("POST", f"/people/{ONE_PERSON}/code"): "admins",
    ("GET", f"/people/{ONE_PERSON}/remove"): "admins",
    ("POST", f"/people/{ONE_PERSON}/remove"): "admins",
    ("GET", "/settings"): "admins",
    ("POST", "/settings"): "admins",
    ("GET", "/settings/sites"): "admins",
    ("GET", "/settings/sites/new"): "admins",
    ("POST", "/settings/sites/new"): "admins",
    ("POST", "/settings/sites/look"): "admins",
    ("GET", f"/settings/sites/{ONE_SITE}/webhook"): "admins",
    ("POST", f"/settings/sites/{ONE_SITE}/webhook"): "admins",
    ("POST", f"/settings/sites/{ONE_SITE}/webhook/secret"): "admins",
    ("GET", f"/settings/sites/{ONE_SITE}/remove"): "admins",
    ("POST", f"/settings/sites/{ONE_SITE}/remove"): "admins",
    ("GET", "/mappings"): "people",
    ("POST", "/mappings/look"): "editors",
    ("POST", "/mappings/link"): "editors",
    ("GET", "/mappings/export"): "people",
    ("GET", f"/mappings/links/<key>/{ONE_SITE}/<issue_id>"): "editors",
    ("POST", f"/mappings/links/<key>/{ONE_SITE}/<issue_id>"): "editors",
    ("POST", f"/mappings/links/<key>/{ONE_SITE}/<issue_id>/unlink"): "editors",
    ("GET", "/mappings/epics"): "people",
    ("POST", "/mappings/epics/look-again"): "editors",
    ("POST", "/mappings/epics/just-do-it"): "editors",
    ("POST", "/mappings/epics/undecided"): "editors",
    ("GET", "/mappings/gone"): "people",
    ("POST", "/mappings/gone/look-again"): "editors",
    ("GET", "/mappings/projects"): "people",
    ("POST", "/mappings/projects/look-again"): "admins",
    ("GET", f"/mappings/projects/{ONE_SITE}/<project_id>"): "admins",
    ("POST", f"/mappings/projects/{ONE_SITE}/<project_id>"): "admins",
    ("POST", f"/mappings/projects/{ONE_SITE}/<project_id>/look"): "admins",
    ("GET", "/mappings/rules"): "people",
    ("GET", "/mappings/rules/new"): "people",
    ("POST", "/mappings/rules/new"): "editors",
    ("POST", "/mappings/rules/new/preview"): "editors",
    ("GET", f"/mappings/rules/{ONE_RULE}"): "people",
    ("POST", f"/mappings/rules/{ONE_RULE}"): "editors",
    ("POST", f"/mappings/rules/{ONE_RULE}/preview"): "editors",
    ("POST", f"/mappings/rules/{ONE_RULE}/turn"): "editors",
    ("GET", f"/mappings/rules/{ONE_RULE}/waiting"): "people",
    ("POST", f"/mappings/rules/{ONE_RULE}/waiting"): "editors",
    ("GET", f"/mappings/rules/{ONE_RULE}/delete"): "people",
    ("POST", f"/mappings/rules/{ONE_RULE}/delete"): "editors",
    ("GET", "/set-up"): "admins",
    ("GET", "/set-up/done"): "admins",
    ("POST", "/set-up/leave-out/<step>"): "admins",
    ("GET", "/set-up/site"): "admins",
    ("POST", "/set-up/site"): "admins",
    ("POST", "/set-up/site/look"): "admins",
    ("GET", "/set-up/events"): "admins",
    ("POST", "/set-up/events/register"): "admins",
    ("POST", f"/set-up/events/{ONE_SITE}/secret"): "admins",
    ("GET", "/set-up/okrs"): "admins",
    ("GET", "/set-up/okrs/draft"): "admins",
    ("POST", "/set-up/okrs/draft"): "admins",
    ("POST", "/set-up/okrs/draft/look"): "admins",
    ("GET", "/set-up/okrs/file"): "admins",
    ("POST", "/set-up/okrs/file"): "admins",
    ("GET", "/set-up/epic"): "admins",
    ("POST", "/set-up/epic"): "admins",
    ("GET", "/set-up/page"): "admins",
    ("POST", "/set-up/page"): "admins",
    ("POST", "/set-up/page/look"): "admins",
    ("GET", "/set-up/dry-run"): "admins",
    ("POST", "/set-up/dry-run"): "admins",
    ("GET", "/tables/new"): "people",
    ("POST", "/tables/new"): "editors",
    ("POST", "/tables/new/preview"): "editors",
    ("GET", f"/tables/{ONE_TABLE}/edit"): "people",
    ("POST", f"/tables/{ONE_TABLE}/edit"): "editors",
    ("POST", f"/tables/{ONE_TABLE}/edit/preview"): "editors",
    ("POST", f"/tables/{ONE_TABLE}/pause"): "editors",
    ("POST", f"/tables/{ONE_TABLE}/resume"): "editors",
    ("POST", f"/tables/{ONE_TABLE}/put-back"): "editors",
    ("GET", f"/tables/{ONE_TABLE}/remove"): "people",
    ("POST", f"/tables/{ONE_TABLE}/remove"): "editors",
    ("GET", "/tables/owners"): "people",
    ("POST", "/tables/owners"): "admins",
    ("GET", "/tables/adopt"): "people",
    ("POST", "/tables/adopt"): "editors",
    ("POST", "/tables/adopt/look"): "editors",
    ("POST", f"/tables/{ONE_TABLE}/write"): "editors",
    ("POST", f"/tables/{ONE_TABLE}/take"): "editors",
    ("POST", f"/tables/{ONE_TABLE}/give-up"): "editors",
    ("POST", "/status/pause"): "admins",
    ("POST", "/status/resume"): "admins",
    ("POST", "/status/check"): "admins",
    ("GET", "/status/log"): "people",
    ("GET", "/status/events"): "admins",
    ("POST", "/status/events/read-again"): "admins",
    ("POST", f"/status/events/<int(max={2**63 - 1}):number>/read-again"): "admins",
    ("POST", "/status/set-aside"): "admins",
    ("POST", f"/status/set-aside/<int(max={2**63 - 1}):work_id>"): "admins",
}
CLOSED = sorted(key for key, who in WHO_MAY.items() if who in {"people", "editors", "admins"})
POSTED = sorted(rule for (method, rule), who in WHO_MAY.items() if method == "POST" and who != "sender")
ADMINS = sorted(key for key, who in WHO_MAY.items() if who == "admins")
EDITORS = sorted(rule for (_, rule), who in WHO_MAY.items() if who == "editors")


def _address(rule: str) -> str:
    known = rule.replace("<key>", "PAY-KR1").replace(ONE_TABLE, "1").replace(ONE_PERSON, "1").replace(ONE_SITE, "1")
    known = known.replace("<issue_id>", "1").replace("<project_id>", "1").replace("<step>", "events")
    known = known.replace(f"<int(max={2**63 - 1}):number>", "1")
    return known.replace(ONE_RULE, "1").replace(ONE_CHECK_IN, "1").replace(f"<int(max={2**63 - 1}):work_id>", "1")


def test_every_route_is_in_the_table(sqlite_database: Database, clock: FakeClock) -> None:
    app = create_app(resources(sqlite_database, clock))
    there = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == set(WHO_MAY)


@pytest.mark.parametrize(("method", "rule"), CLOSED)
def test_a_stranger_is_sent_to_the_sign_in(method: str, rule: str, stranger: Visitor, filled: MadeUp) -> None:
    token = stranger.token("/sign-in")
    answer = stranger.client.open(_address(rule), method=method, data={"csrf_token": token})
    assert answer.status_code in {302, 303}
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize(("method", "rule"), ADMINS)
@pytest.mark.parametrize("role", ["reader", "editor"])
def test_only_admins_may(
    role: str, method: str, rule: str, stranger: Visitor, sqlite_database: Database, clock: FakeClock
) -> None:
    person = made_up.add_owner(sqlite_database, clock.now(), role=role)
    stranger.is_let_in(person, clock.now())
    token = stranger.token("/status")
    answer = stranger.client.open(_address(rule), method=method, data={"csrf_token": token})
    assert answer.status_code == 403
    assert "Your role does not allow that" in answer.text


@pytest.mark.parametrize("rule", EDITORS)
def test_editors_and_admins_may(
    rule: str, stranger: Visitor, sqlite_database: Database, clock: FakeClock, filled: MadeUp
) -> None:
    for role, may in (("reader", False), ("editor", True), ("admin", True)):
        email = f"{role}@acme.example"
        made_up.add_owner(sqlite_database, clock.now(), role=role, email=email)
        stranger.sign_in(email)
        answer = stranger.post(_address(rule), page="/status")
        assert (answer.status_code != 403) is may, role
        assert ("Your role does not allow that" in answer.text) is not may
        stranger.post("/sign-out", page="/status")


@pytest.mark.parametrize(
    "rule", [rule for (method, rule), who in WHO_MAY.items() if method == "POST" and who != "sender"]
)
def test_nothing_is_posted_without_a_token_of_this_session(rule: str, rosa: Visitor, stranger: Visitor) -> None:
    for token in ("", "made-up", "IjAwIg.aaaa.bbbb"):
        answer = rosa.client.post(_address(rule), data={"csrf_token": token})
        assert answer.status_code == 400, rule
        assert "send the form once more" in answer.text


def test_a_readers_page_offers_no_admins_buttons(
    stranger: Visitor, sqlite_database: Database, clock: FakeClock, filled: MadeUp
) -> None:
    made_up.set_aside(sqlite_database, filled, clock.now())
    made_up.add_owner(sqlite_database, clock.now(), role="reader", email="reader@acme.example")
    stranger.sign_in("reader@acme.example")
    page = stranger.get("/status").text
    assert "PAY-388" in page
    assert "Try again" not in page
    assert "Pause all writing" not in page


def test_metrics_are_for_this_machine_and_people(rosa: Visitor, sqlite_database: Database, clock: FakeClock) -> None:
    client = create_app(resources(sqlite_database, clock)).test_client()
    assert client.get("/metrics", base_url="http://127.0.0.1:8400").status_code == 200
    far = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get("/metrics", base_url="http://127.0.0.1:8400", environ_base=far).status_code == 302
    forwarded = client.get("/metrics", base_url="http://127.0.0.1:8400", headers={"X-Forwarded-For": "203.0.113.7"})
    assert forwarded.status_code == 302, "a proxy on this machine asks for somebody elsewhere"
    assert rosa.client.get("/metrics", environ_base=far).status_code == 200


def test_an_unsigned_event_is_refused_without_a_token_being_asked_for(rosa: Visitor, filled: MadeUp) -> None:
    answer = rosa.client.post(f"/webhooks/jira/{filled.jira.id}", json={"webhookEvent": "jira:issue_updated"})
    assert answer.status_code == 401
