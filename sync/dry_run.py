"""A dry run of everything: every site asked, every rule and table as it would come out. Reads, and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from connector.http import at_most
from connector.store import tables
from connector.store.link_rules import LinkRule
from connector.store.tables import PageTable
from sync.commands import NotPossible
from sync.commands.table_plan import TableWish
from sync.doctor import Finding, State, examine
from sync.ports import Resources
from sync.preview import Preview, preview_table
from sync.queries.rules import forecast, load_rules_view

PATIENCE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class TableRun:
    """One table as it would come out; ``why_not`` says why nothing can, empty where it can."""

    table_id: int
    page_name: str
    preview: Preview | None
    why_not: str = ""

    @property
    def would_write(self) -> bool:
        """Whether the page says something else by now."""
        return self.preview is not None and not self.preview.hindrance and bool(self.preview.changes)


@dataclass(frozen=True, slots=True)
class RuleRun:
    """One rule that is on: how many epics match, and how many of them it would link. ``matched`` is None where Jira did
    not tell, for the reason in ``why_not``."""

    rule_id: int
    name: str
    matched: int | None
    new: int
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class DryRun:
    findings: tuple[Finding, ...]
    rules: tuple[RuleRun, ...]
    tables: tuple[TableRun, ...]

    @property
    def in_the_way(self) -> int:
        """How many things a person has to do something about."""
        hindered = sum(bool(each.why_not or (each.preview and each.preview.hindrance)) for each in self.tables)
        troubles = sum(each.state is State.TROUBLE for each in self.findings)
        return troubles + hindered + sum(bool(each.why_not) for each in self.rules)

    @property
    def would_write(self) -> int:
        """How many pages say something else by now."""
        return sum(each.would_write for each in self.tables)


def run_dry(on: Resources, workspace_id: int) -> DryRun:
    """One report. A site that does not answer is said and does not stop the rest."""
    with at_most(PATIENCE_SECONDS):
        findings = tuple(examine(on, workspace_id))
        return DryRun(findings, run_rules(on, workspace_id), run_tables(on, workspace_id))


def run_rules(on: Resources, workspace_id: int) -> tuple[RuleRun, ...]:
    """What each rule that is on would link now."""
    kept = [row.kept for row in load_rules_view(on, workspace_id).rows if row.kept.is_on]
    return tuple(_run_rule(on, each) for each in kept)


def _run_rule(on: Resources, kept: LinkRule) -> RuleRun:
    told = forecast(on, kept.workspace_id, kept.connection_id, kept.rule, kept.rule_id)
    return RuleRun(kept.rule_id, kept.name, told.matched, len(told.new), told.wrong or told.away)


def run_tables(on: Resources, workspace_id: int) -> tuple[TableRun, ...]:
    """Every table, made and compared with its page."""
    with on.database.read() as conn:
        kept = tables.load_tables(conn, workspace_id)
    return tuple(_run(on, workspace_id, each) for each in kept)


def dry_findings(on: Resources, workspace_id: int) -> list[Finding]:
    """Rules and tables as findings, for a terminal."""
    rules = [_rule_finding(each) for each in run_rules(on, workspace_id)]
    return [*rules, *(_table_finding(each) for each in run_tables(on, workspace_id))]


def _rule_finding(run: RuleRun) -> Finding:
    name = f"Dry run, rule {run.rule_id}"
    if run.why_not:
        return Finding(name, State.TROUBLE, f"{run.name}: {run.why_not}")
    return Finding(name, State.OK, f"{run.name}: {run.matched} match, {run.new} would be linked.")


def _table_finding(run: TableRun) -> Finding:
    name, hindrance = f"Dry run, table {run.table_id}", run.preview.hindrance if run.preview else ""
    if run.why_not or hindrance:
        return Finding(name, State.TROUBLE, f"{run.page_name}: {run.why_not or hindrance}")
    would = "would be written" if run.would_write else "says all of it already"
    return Finding(name, State.OK, f"{run.page_name}: {would}.")


def _run(on: Resources, workspace_id: int, table: PageTable) -> TableRun:
    name = table.page_title or table.page_id
    try:
        return TableRun(table.id, name, preview_table(on, workspace_id, wish_of(table)))
    except NotPossible as why:
        return TableRun(table.id, name, None, str(why))


def wish_of(table: PageTable) -> TableWish:
    """What was chosen for a table that is there."""
    return TableWish(
        page=table.page_url if "/pages/" in table.page_url else table.page_id,
        cycle_key=table.cycle_key,
        teams=table.teams,
        objective_keys=table.objective_keys,
        region_id=table.region_id,
        language=table.language,
        design=table.design,
        shape=table.shape,
        columns=table.columns,
        width=table.width,
        container=table.container,
        check_in_by=table.check_in_by,
        write_bucket=table.write_bucket,
        write_refill_minutes=table.write_refill_minutes,
    )
