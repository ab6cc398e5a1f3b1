"""A large workspace, put straight into the database: what the screens are measured with. Nothing in it is real."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection as Transaction
from sqlalchemy import Table, insert

from connector.store import (
    connection_state,
    jql_values,
    leases,
    link_rules,
    okrs,
    people,
    projects,
    schema,
    workers,
    workspaces,
)
from connector.store.connections import NewConnection, add_connection
from connector.store.people import Person
from connector.store.progress import issue_subject
from mapping.issue import FieldChoice
from mapping.okr import KeyResult, Kind, Role, Source
from mapping.rules import Rule, RuleKind
from sync.ports import Resources
from sync.timer import LEASE_NAME
from tests.benchmarks.screens_okrs import (
    CYCLE,
    KEY_RESULTS,
    OBJECTIVES,
    PEOPLE,
    TEAMS,
    Row,
    check_ins,
    cycle,
    key_result,
    objective,
)

SITE = "https://acme.atlassian.net"
INITIATIVES, ISSUES_OF_EACH, UNDECIDED = 5_000, 10, 500
FIGURES_OF_EACH, COUNTS_OF_EACH = 56, 4
PROJECTS, RULES, TABLES, VERSIONS_OF_EACH, ACTS, EVENTS = 20, 10, 20, 10, 2_000, 2_000


@dataclass(frozen=True, slots=True)
class Large:
    """The workspace, its admin, and the numbers by which the addresses of some pages go."""

    person: Person
    jira_id: int
    table_id: int
    rule_id: int
    check_in_id: int


def fill(on: Resources, at: datetime, *, driven: bool) -> Large:
    """Into an empty database. ``driven``: every initiative drives its key result, else most only support theirs."""
    with on.database.write() as conn:
        ws = workspaces.first_workspace(conn, at).id
        staff = [_person(conn, ws, number, at) for number in range(PEOPLE)]
        jira, confluence = (_connect(on, conn, ws, product, at) for product in ("jira", "confluence"))
        key_results = [key_result(number, driven, at) for number in range(KEY_RESULTS)]
        _put_okrs(conn, ws, key_results, at)
        _put_projects(conn, ws, jira, at)
        _put(conn, ws, schema.issue, _issues(jira, at))
        _put(conn, ws, schema.completion, _completions(jira, at))
        _put(conn, ws, schema.initiative, _links(jira, key_results, at))
        _put(conn, ws, schema.progress, _figures(jira, key_results, at))
        _put(conn, ws, schema.page_table, _tables(confluence, at))
        _put(conn, ws, schema.page_version, _versions(confluence, at))
        _put(conn, ws, schema.activity, _acts(at))
        _put(conn, ws, schema.delivery, _events(jira, at))
        rules = [_rule(conn, ws, jira, number, at) for number in range(RULES)]
        workers.record_alive(conn, "w1", started_at=at, seen_at=at)
        leases.hold_lease(conn, LEASE_NAME, "w1", at, 3600)
    return Large(staff[0], jira, table_id=1, rule_id=rules[0], check_in_id=1)


def _put_okrs(conn: Transaction, ws: int, key_results: list[KeyResult], at: datetime) -> None:
    kept = okrs.OkrSet([cycle(at)], [objective(number) for number in range(OBJECTIVES)], key_results)
    okrs.record_okrs(conn, ws, kept, at=at, who="Rosa")
    _put(conn, ws, schema.check_in, check_ins(key_results, at))
    for kr in key_results:
        if kr.source is Source.JQL:
            jql_values.record_jql_value(conn, ws, kr.key, Decimal(42), at)


def _put_projects(conn: Transaction, ws: int, jira: int, at: datetime) -> None:
    """Every other one was confirmed by somebody, and shows titles."""
    _put(conn, ws, schema.project, _projects(jira))
    choice = FieldChoice(None, frozenset(), shows_titles=True)
    for number in range(0, PROJECTS, 2):
        projects.record_project_choice(conn, ws, jira, str(10_000 + number), choice, at=at, by="Rosa")


def _rule(conn: Transaction, ws: int, jira: int, number: int, at: datetime) -> int:
    rule = Rule(RuleKind.LABEL, f"goal-{number}", f"GEN-KR{number + 1}")
    return link_rules.add_rule(conn, ws, jira, f"Rule {number}", rule, at=at, by="Rosa")


def _put(conn: Transaction, ws: int, table: Table, rows: Iterable[Row]) -> None:
    conn.execute(insert(table), [{"workspace_id": ws, **row} for row in rows])


def _person(conn: Transaction, ws: int, number: int, at: datetime) -> Person:
    role = "admin" if number == 0 else "editor" if number % 2 else "reader"
    return people.add_person(
        conn, ws, email=f"person{number}@acme.example", name=f"Person {number}", role=role, password_hash="x", at=at
    )


def _connect(on: Resources, conn: Transaction, ws: int, product: str, at: datetime) -> int:
    secret = on.secrets.seal("a made-up secret")
    new = NewConnection(product, SITE, SITE, "classic", "okr-sync@acme.example", secret, secret)
    number = add_connection(conn, ws, new, at).id
    connection_state.record_poll(conn, ws, number, at - timedelta(seconds=20), at)
    connection_state.record_event(conn, ws, number, at - timedelta(seconds=12))
    connection_state.record_full_check(conn, ws, number, at - timedelta(hours=3))
    return number


def _projects(jira: int) -> Iterator[Row]:
    for number in range(PROJECTS):
        yield {"connection_id": jira, "project_id": str(10_000 + number), "project_key": f"GEN{number}",
               "name": f"Generated {number}", "choices": {}}  # fmt: skip


def _issues(jira: int, at: datetime) -> Iterator[Row]:
    """Epics with their issues; in one of ten epics an issue came since yesterday."""
    for epic in range(INITIATIVES + UNDECIDED):
        yield _issue(jira, epic, epic_id(epic), 1, None, "indeterminate", at, at)
        for child in range(ISSUES_OF_EACH if epic < INITIATIVES else 0):
            since = at - timedelta(days=1 if epic % 10 == 0 and child == 0 else 70)
            status = "done" if child < _done(epic) else "new"
            yield _issue(jira, epic, f"{10**6 + epic * ISSUES_OF_EACH + child}", 0, epic_id(epic), status, since, at)


def _issue(
    jira: int, epic: int, issue_id: str, level: int, parent: str | None, status: str, since: datetime, at: datetime
) -> Row:
    number = epic % PROJECTS
    return {
        "connection_id": jira, "issue_id": issue_id, "issue_key": f"GEN{number}-{issue_id}",
        "title": f"Generated epic {epic}" if level and number % 2 == 0 else "", "project_id": str(10_000 + number),
        "project_key": f"GEN{number}", "level": level, "parent_id": parent, "parent_since": since,
        "status_category": status, "resolution_id": None, "wont_do": False, "estimate": Decimal(3),
        "created": at - timedelta(days=90), "updated": at - timedelta(minutes=epic), "read_at": at,
    }  # fmt: skip


def _completions(jira: int, at: datetime) -> Iterator[Row]:
    for epic in range(INITIATIVES):
        done, points = _done(epic), Decimal(3)
        yield {"connection_id": jira, "issue_id": epic_id(epic), "done": done, "total": ISSUES_OF_EACH, "wont_do": 0,
               "points_done": points * done, "points_total": points * ISSUES_OF_EACH, "unestimated": 0,
               "own_status": "indeterminate", "own_wont_do": False, "scanned_at": at, "counted_at": at}  # fmt: skip


def _links(jira: int, key_results: list[KeyResult], at: datetime) -> Iterator[Row]:
    for epic in range(INITIATIVES):
        kr = key_results[epic * KEY_RESULTS // INITIATIVES]
        place = epic % (INITIATIVES // KEY_RESULTS)
        is_step = kr.kind is Kind.MILESTONE and place < 2
        role = Role.DRIVES if kr.source is Source.INITIATIVES else Role.STEP if is_step else Role.SUPPORTS
        yield {"key_result_key": kr.key, "connection_id": jira, "issue_id": epic_id(epic), "role": str(role),
               "weight": Decimal(1), "step_key": f"s{place + 1}" if is_step else "", "origin": "person",
               "linked_at": at - timedelta(minutes=epic), "linked_by": "Person 1"}  # fmt: skip


def _figures(jira: int, key_results: list[KeyResult], at: datetime) -> Iterator[Row]:
    """How each key result and each epic moved."""
    for day in range(FIGURES_OF_EACH):
        for kr in key_results:
            figure = {"progress": f"{day}/100", "now": f"{day}", "held": None}
            yield {"subject": kr.key, "at": at - timedelta(days=FIGURES_OF_EACH - day), "figure": figure, "why": ""}
    for count in range(COUNTS_OF_EACH):
        for epic in range(INITIATIVES):
            figure = {"done": f"{count}", "total": f"{ISSUES_OF_EACH}", "status": "indeterminate"}
            seen = at - timedelta(days=7 * (COUNTS_OF_EACH - count))
            yield {"subject": issue_subject(jira, epic_id(epic)), "at": seen, "figure": figure, "why": ""}


def _tables(confluence: int, at: datetime) -> Iterator[Row]:
    for number in range(TABLES):
        teams = [] if number == 0 else [f"Team {number % TEAMS}"]
        yield {"connection_id": confluence, "page_id": str(4_000 + number), "region_id": CYCLE, "cycle_key": CYCLE,
               "teams": teams, "created_at": at, "created_by": "Person 0", "state": "current", "state_since": at,
               "page_title": f"OKRs {number}", "page_url": f"{SITE}/wiki/spaces/OKR/pages/{4_000 + number}",
               "seen_version": VERSIONS_OF_EACH, "written_version": VERSIONS_OF_EACH, "written_at": at}  # fmt: skip


def _versions(confluence: int, at: datetime) -> Iterator[Row]:
    for number in range(TABLES):
        for version in range(1, VERSIONS_OF_EACH + 1):
            yield {"connection_id": confluence, "table_id": number + 1, "page_id": str(4_000 + number),
                   "version": version, "at": at - timedelta(hours=VERSIONS_OF_EACH - version), "message": "OKRs",
                   "fingerprint": f"{version}", "cause": "jira"}  # fmt: skip


def _acts(at: datetime) -> Iterator[Row]:
    for act in range(ACTS):
        yield {"at": at - timedelta(minutes=ACTS - act), "who": f"Person {act % PEOPLE}", "url": f"{SITE}/browse/GEN-1",
               "text": f"GEN0-{100_000 + act} read again: 7 of 12 done, before 6 of 12"}  # fmt: skip


def _events(jira: int, at: datetime) -> Iterator[Row]:
    for event in range(EVENTS):
        came = at - timedelta(minutes=event)
        yield {"connection_id": jira, "identifier": f"d{event}", "body_hash": "0" * 64, "event": "jira:issue_updated",
               "issue_ids": [epic_id(event)], "received_at": came, "handled_at": came}  # fmt: skip


def epic_id(epic: int) -> str:
    """The id of an issue that is linked."""
    return str(100_000 + epic)


def _done(epic: int) -> int:
    return epic % (ISSUES_OF_EACH + 1)
