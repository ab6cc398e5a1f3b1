"""Every page of the service, by the rule of its route: whoever adds one adds it here, and it is looked at."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import NoReturn, cast

from flask import Flask

from connector.errors import Unavailable
from connector.store import connection_state, link_rules, projects, runs
from connector.store.connections import Connection, Health
from mapping.okr import Role
from mapping.rules import Rule, RuleKind
from sync.ports import Resources, Sites
from tests.unit.web import made_up
from tests.unit.web.made_up import MadeUp, issue_id

NUMBER = f"<int(max={2**63 - 1}):{{}}>"
ONE_CONNECTION, ONE_TABLE, ONE_PERSON, ONE_RULE, ONE_CHECK_IN = (
    NUMBER.format(name) for name in ("connection_id", "table_id", "person_id", "rule_id", "check_in_id")
)

# What answers without being a page.
NO_PAGES = frozenset({
    "/static/<path:filename>",
    "/atlassian-connect.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/mappings/export",
})  # fmt: skip
# Pages for whoever is not signed in; those of the first visit need a service that nobody has made theirs.
OUTSIDE = ("/sign-in", "/come-in", "/first-visit")

PAGES: dict[str, tuple[str, ...]] = {
    "/": ("/", "/?attention=yes", "/?team=Growth"),
    "/account": ("/account",),
    "/check-in/<key>": ("/check-in/PAY-KR2",),
    f"/check-in/<key>/withdraw/{ONE_CHECK_IN}": ("/check-in/PAY-KR1/withdraw/1",),
    "/check-ins": ("/check-ins",),
    "/cycles/<key>": ("/cycles/2026-q4?team=Payments", "/cycles/2026-q4?open=PAY-KR1"),
    "/cycles/<key>/carry-over": ("/cycles/2026-q4/carry-over",),
    "/cycles/<key>/edit": ("/cycles/2026-q4/edit",),
    "/cycles/<key>/grade": ("/cycles/2026-q4/grade",),
    "/cycles/new": ("/cycles/new",),
    "/kr/<key>": ("/kr/PAY-KR1", "/kr/GRO-KR3", "/kr/PLA-KR3"),
    "/kr/<key>/drop": ("/kr/PAY-KR1/drop",),
    "/kr/<key>/edit": ("/kr/PAY-KR1/edit",),
    "/kr/new": ("/kr/new?objective=PAY-O1",),
    "/mappings": ("/mappings",),
    "/mappings/epics": ("/mappings/epics",),
    "/mappings/gone": ("/mappings/gone",),
    f"/mappings/links/<key>/{ONE_CONNECTION}/<issue_id>": (f"/mappings/links/PAY-KR1/1/{issue_id('PAY-412')}",),
    "/mappings/projects": ("/mappings/projects",),
    f"/mappings/projects/{ONE_CONNECTION}/<project_id>": ("/mappings/projects/1/234",),
    "/mappings/rules": ("/mappings/rules",),
    f"/mappings/rules/{ONE_RULE}": ("/mappings/rules/1",),
    f"/mappings/rules/{ONE_RULE}/delete": ("/mappings/rules/1/delete",),
    f"/mappings/rules/{ONE_RULE}/waiting": ("/mappings/rules/1/waiting",),
    "/mappings/rules/new": ("/mappings/rules/new",),
    "/objectives/<key>": ("/objectives/PAY-O1",),
    "/objectives/<key>/edit": ("/objectives/PAY-O1/edit",),
    "/objectives/new": ("/objectives/new",),
    "/people": ("/people",),
    f"/people/{ONE_PERSON}": ("/people/1",),
    f"/people/{ONE_PERSON}/remove": ("/people/1/remove",),
    "/people/new": ("/people/new",),
    "/set-up": ("/set-up",),
    "/set-up/done": ("/set-up/done",),
    "/set-up/dry-run": ("/set-up/dry-run",),
    "/set-up/epic": ("/set-up/epic",),
    "/set-up/events": ("/set-up/events",),
    "/set-up/okrs": ("/set-up/okrs",),
    "/set-up/okrs/draft": ("/set-up/okrs/draft",),
    "/set-up/okrs/file": ("/set-up/okrs/file",),
    "/set-up/page": ("/set-up/page",),
    "/set-up/site": ("/set-up/site",),
    "/settings": ("/settings",),
    "/settings/sites": ("/settings/sites",),
    f"/settings/sites/{ONE_CONNECTION}/remove": ("/settings/sites/1/remove",),
    f"/settings/sites/{ONE_CONNECTION}/webhook": ("/settings/sites/1/webhook",),
    "/settings/sites/new": ("/settings/sites/new", "/settings/sites/new?renew=1"),
    "/status": ("/status",),
    "/status/events": ("/status/events", "/status/events?kind=nothing"),
    "/status/log": ("/status/log", "/status/log?words=nowhere"),
    "/tables": ("/tables",),
    f"/tables/{ONE_TABLE}": ("/tables/1",),
    f"/tables/{ONE_TABLE}/edit": ("/tables/1/edit",),
    f"/tables/{ONE_TABLE}/remove": ("/tables/1/remove",),
    "/tables/adopt": ("/tables/adopt",),
    "/tables/new": ("/tables/new",),
    "/tables/owners": ("/tables/owners",),
}
INSIDE = tuple(address for addresses in PAGES.values() for address in addresses)


def rules_of(app: Flask) -> frozenset[str]:
    """The rule of each route that answers a GET."""
    return frozenset(rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()))


class NoAnswer:
    """Sites of which none answers: what a page shows then is looked at as well."""

    def jira(self, _connection: Connection) -> NoAnswer:
        return self

    confluence = jira

    def __getattr__(self, call: str) -> NoReturn:
        raise Unavailable(f"{call}: no answer within 5 s.")


def out_of_reach(on: Resources) -> Resources:
    """The same with sites that do not answer."""
    return replace(on, sites=cast("Sites", NoAnswer()))


def spoil(on: Resources, made: MadeUp) -> None:
    """So that notes, progress, a rule and something set aside are there to be looked at."""
    now = on.clock.now()
    made_up.set_aside(on.database, made, now)
    made_up.type_into(on.database, made, 1, "quite ok?", key="PAY-KR2", column="confidence")
    made_up.type_into(on.database, made, 1, "27", outcome="to_confirm")
    made_up.type_into(on.database, made, 1, "A".ljust(90, "o"), key="PAY-KR3", column="next_step", outcome="to_confirm")
    made_up.type_into(on.database, made, 1, "Somebody else", column="owner", outcome="replaced", version=213)
    ws, rule = made.workspace_id, Rule(RuleKind.LABEL, "retry", "PAY-KR1", Role.SUPPORTS, Decimal(1))
    with on.database.write() as conn:
        connection_state.record_health(conn, ws, made.confluence.id, Health.NEEDS_PERMISSION, now, "It may not edit.")
        runs.begin(conn, ws, made.jira.id, "full_check", 15, now)
        projects.record_seen(conn, ws, made.jira.id, [projects.SeenProject("234", "PAY", "Payments")])
        rule_id = link_rules.add_rule(conn, ws, made.jira.id, "Retry", rule, at=now, by="Rosa Klein")
        link_rules.record_waiting(conn, ws, rule_id, [issue_id(key) for key in made_up.EPICS])
