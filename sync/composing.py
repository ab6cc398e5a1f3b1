"""A table as its page should show it: the figures of its cycle, in the form that its admin chose."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection as Transaction

from connector.settings import Settings
from connector.store import connections
from connector.store.connections import Health
from connector.store.tables import PageTable
from mapping.figures import CycleFigure, Thresholds
from mapping.table import build_table
from mapping.table_notices import NotCurrent, Notices, NotTaken, WhyNotTaken
from mapping.table_parts import Column, Container, Design, Shape, Table, TableSpec, Width
from sync.done_since import with_done_since
from sync.figures import CycleFacts, load_cycle_facts

# A page says nothing of a fault that is over sooner.
PASSING_FAULT = timedelta(minutes=30)
# What a reader is told of a site that cannot be read; the words of each language know these reasons.
REASONS = {
    Health.NEEDS_CREDENTIALS: "credentials refused",
    Health.NEEDS_PERMISSION: "no permission",
    Health.UNREACHABLE: "not reachable",
}


def compose_table(
    conn: Transaction,
    workspace_id: int,
    page_table: PageTable,
    settings: Settings,
    at: datetime,
) -> Table:
    """The table at ``at``, free of markup. Raises UnknownOkr where its cycle is gone."""
    facts = load_table_facts(conn, workspace_id, page_table)
    return table_of(conn, workspace_id, page_table, settings, facts, at)


def load_table_facts(conn: Transaction, workspace_id: int, page_table: PageTable) -> CycleFacts:
    """What is known of all that a table shows. Raises UnknownOkr where its cycle is gone."""
    return load_cycle_facts(
        conn,
        workspace_id,
        page_table.cycle_key,
        teams=page_table.teams,
        objective_keys=page_table.objective_keys,
    )


def table_of(
    conn: Transaction,
    workspace_id: int,
    page_table: PageTable,
    settings: Settings,
    facts: CycleFacts,
    at: datetime,
    known_at: datetime | None = None,
) -> Table:
    """The table that ``facts`` give at ``at``, with whatever is known at ``known_at`` (the same, unless said otherwise)
    of sites that cannot be read."""
    figure = facts.figure(at, table_spec(page_table, settings).thresholds)
    return table_of_figure(conn, workspace_id, page_table, settings, figure, at, known_at)


def table_of_figure(
    conn: Transaction,
    workspace_id: int,
    page_table: PageTable,
    settings: Settings,
    figure: CycleFigure,
    at: datetime,
    known_at: datetime | None = None,
    most: int | None = None,
) -> Table:
    """As ``table_of``, of a roll-up at ``at``; ``most`` as ``build_table`` says."""
    spec = table_spec(page_table, settings)
    if spec.shape is Shape.MEETING:
        figure = with_done_since(conn, workspace_id, figure)
    notices = Notices(_not_current(conn, workspace_id, known_at or at), _not_taken(page_table))
    return build_table(figure, spec, at, notices, most)


def table_spec(page_table: PageTable, settings: Settings) -> TableSpec:
    """What was chosen for a table."""
    return TableSpec(
        region_id=page_table.region_id,
        service_url=settings.public_url,
        language="de" if page_table.language == "de" else "en",
        design=Design(page_table.design),
        shape=Shape(page_table.shape),
        width=Width(page_table.width),
        container=Container(page_table.container),
        columns=tuple(map(Column, page_table.columns)),
        thresholds=Thresholds(),
        table_id=page_table.id,
        check_in_by=page_table.check_in_by,
    )


def _not_current(conn: Transaction, workspace_id: int, at: datetime) -> NotCurrent | None:
    """Said only where no Jira of the workspace can be read, and for longer than a passing fault lasts."""
    sites = connections.load_connections(conn, workspace_id, "jira")
    if not sites or any(site.health not in REASONS or at - site.health_since < PASSING_FAULT for site in sites):
        return None
    last = max(sites, key=lambda site: site.health_since)
    return NotCurrent(last.health_since, REASONS[last.health])


def _not_taken(page_table: PageTable) -> tuple[NotTaken, ...]:
    return tuple(
        NotTaken(
            finding["key"],
            Column(finding["column"]),
            finding["text"],
            WhyNotTaken(finding["what"]),
            finding.get("who", ""),
        )
        for finding in page_table.findings
        if finding.get("what") in set(WhyNotTaken)
    )
