"""Putting a case's OKRs, check-ins and counted epics into the house, as reading Jira and people's forms would."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from random import Random

from sqlalchemy import Connection

from connector.store import check_ins, completions, issues, links, okrs, tables
from connector.store.tables import NewTable
from connector.store.work import mark_due
from mapping.field_choices import FieldChoices
from mapping.figures import IssueCounts
from mapping.issue import IssueSnapshot, StatusCategory
from mapping.okr import CheckIn, CheckInOrigin, KeyResult
from sync.commands import record_check_in
from sync.commands.key_results import change_key_result
from sync.seen import fingerprint
from tests.campaign.okr_sets import CYCLE, REGION_ID, SECOND_ID, Epic, OkrSet, TableChoice
from tests.campaign.tenant import Tenant

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
AFTER_JIRA = 5


def put_in(tenant: Tenant, found: OkrSet) -> None:
    """Everything of a case's OKRs."""
    workspace_id, now = tenant.home.workspace_id, tenant.clock.now()
    kept = okrs.OkrSet([found.cycle], found.objectives, found.key_results)
    with tenant.home.database.write() as conn:
        okrs.record_okrs(conn, workspace_id, kept, at=LONG_AGO, who="Petra Admin")
        for epic in found.epics.values():
            _keep_epic(conn, tenant, epic)
        for link in found.links:
            links.record_link(conn, workspace_id, link, at=LONG_AGO, by="Petra Admin")
        for number, said in enumerate(found.check_ins):
            check_ins.record_check_in(conn, workspace_id, said, idempotency_key=f"before:{number}", recorded_at=now)


def add_table(tenant: Tenant, choice: TableChoice, page_id: str) -> None:
    tenant.add_table(_new_table(tenant, choice, page_id, REGION_ID))


def add_table_beside(tenant: Tenant, choice: TableChoice, page_id: str) -> None:
    """A second table in the same page."""
    tenant.add_table_beside(_new_table(tenant, choice, page_id, SECOND_ID))


def _new_table(tenant: Tenant, choice: TableChoice, page_id: str, region_id: str) -> NewTable:
    return NewTable(
        connection_id=tenant.home.confluence_id,
        page_id=page_id,
        region_id=region_id,
        cycle_key=CYCLE,
        objective_keys=choice.objective_keys,
        columns=choice.columns,
        language=choice.language,
        design=choice.design,
        shape=choice.shape,
        width=choice.width,
        container=choice.container,
        check_in_by=choice.check_in_by,
    )


def count_again(tenant: Tenant, epic: Epic, key_result_keys: list[str]) -> None:
    """Jira was read and this epic's counts are others now."""
    workspace_id = tenant.home.workspace_id
    with tenant.home.database.write() as conn:
        _count(conn, tenant, epic)
        showing = tables.tables_showing(conn, workspace_id, key_result_keys)
        mark_due(conn, workspace_id, "table", map(str, showing), tenant.clock.now(), urgency=AFTER_JIRA)


def say_by_form(tenant: Tenant, key: str, chance: Random, author: str, name: str) -> CheckIn:
    """A check-in by the form on our own screen."""
    said = CheckIn(
        key,
        tenant.clock.now(),
        value=Decimal(chance.randrange(-20, 80)),
        confidence=chance.randrange(11),
        next_step=f"form {name}",
        author=author,
        origin=CheckInOrigin.WEB,
    )
    _say(tenant, said, name)
    return said


def say_next_step(tenant: Tenant, key: str, text: str, author: str, name: str) -> None:
    """A check-in by the form that says nothing but the next step."""
    _say(tenant, CheckIn(key, tenant.clock.now(), next_step=text, author=author, origin=CheckInOrigin.WEB), name)


def change(tenant: Tenant, old: KeyResult, new: KeyResult) -> None:
    """An editor changes what a key result is."""
    change_key_result(
        tenant.on, tenant.home.workspace_id, new, seen=fingerprint(old), reason="As agreed.", who="Petra Admin"
    )


def _say(tenant: Tenant, said: CheckIn, name: str) -> None:
    record_check_in(
        tenant.on,
        tenant.home.workspace_id,
        key=said.key_result_key,
        value=said.value,
        confidence=said.confidence,
        done_since="",
        note="",
        blockers="",
        next_step=said.next_step,
        author=said.author,
        origin=said.origin,
        idempotency_key=name,
    )


def _keep_epic(conn: Connection, tenant: Tenant, epic: Epic) -> None:
    snapshot = IssueSnapshot(
        issue_id=epic.issue_id,
        issue_key=epic.key,
        project_id="1",
        project_key="PAY",
        level=1,
        parent_id=None,
        status_category=StatusCategory.INDETERMINATE,
        resolution_id=None,
        estimate=None,
        created=LONG_AGO,
        updated=LONG_AGO,
    )
    place = (tenant.home.workspace_id, tenant.home.jira_id)
    issues.upsert_issues(conn, *place, [snapshot], FieldChoices(), LONG_AGO)
    completions.record_scanned(conn, *place, [epic.issue_id], tenant.clock.now())
    _count(conn, tenant, epic)


def _count(conn: Connection, tenant: Tenant, epic: Epic) -> None:
    done, total, wont_do = epic.counts
    completions.record_completion(
        conn,
        tenant.home.workspace_id,
        tenant.home.jira_id,
        epic.issue_id,
        IssueCounts(done, total, wont_do),
        own_status=StatusCategory.INDETERMINATE,
        own_wont_do=False,
        at=tenant.clock.now(),
    )
