"""A dry run tells what rules and tables would come to, and writes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.errors import Unavailable
from connector.store.link_rules import add_rule
from mapping.rules import Rule, RuleKind
from sync import commands
from sync.commands import TableWish, import_okrs
from sync.dry_run import dry_findings, run_dry
from tests.unit.commands.stand_in import OKRS, Stand

TABLES = "SELECT count(*) FROM work", "SELECT count(*) FROM initiative", "SELECT count(*) FROM activity"


@pytest.fixture
def filled(connected: Stand) -> Stand:
    """OKRs, a rule for everything of PAY, and a table that was not written yet."""
    import_okrs(connected.on, connected.workspace_id, OKRS, "Rosa")
    commands.add_table(connected.on, connected.workspace_id, TableWish("4711", "2026-q4"), who="Rosa")
    with connected.on.database.write() as conn:
        rule = Rule(RuleKind.PROJECT, "PAY", "PAY-KR1")
        add_rule(conn, connected.workspace_id, 1, "All of PAY", rule, at=connected.clock.now(), by="Rosa")
    return connected


def counts(service: Stand) -> list[object]:
    return [service.rows(each) for each in TABLES]


def test_rules_and_tables_are_told(filled: Stand) -> None:
    before = counts(filled)
    report = run_dry(filled.on, filled.workspace_id)
    ((rule,), (table,)) = report.rules, report.tables
    assert (rule.name, rule.matched, rule.new, rule.why_not) == ("All of PAY", 2, 1, "")
    assert (table.would_write, table.why_not, report.would_write) == (True, "", 1)
    assert table.preview is not None
    assert table.preview.is_new
    assert any(each.name.startswith("Jira ") for each in report.findings)
    assert counts(filled) == before, "nothing is written"


def test_a_page_is_not_written_for_another_moment_alone(filled: Stand) -> None:
    written = run_dry(filled.on, filled.workspace_id).tables[0].preview
    assert written is not None
    page = filled.confluence.pages["4711"]
    filled.confluence.pages["4711"] = replace(page, body=page.body + written.markup)
    filled.clock.advance(minutes=7)
    (table,) = run_dry(filled.on, filled.workspace_id).tables
    assert table.preview is not None
    assert not table.preview.is_new
    assert (table.preview.changes, table.would_write) == ((), False)


def test_a_site_that_is_away_does_not_stop_the_rest(filled: Stand) -> None:
    filled.jira.trouble = {"search": Unavailable("no answer"), "count": Unavailable("no answer")}
    del filled.confluence.pages["4711"]
    report = run_dry(filled.on, filled.workspace_id)
    assert report.rules[0].matched is None
    assert report.rules[0].why_not
    assert "no page 4711" in report.tables[0].why_not
    assert report.in_the_way >= 2


def test_a_terminal_gets_it_as_findings(filled: Stand) -> None:
    rule, table = dry_findings(filled.on, filled.workspace_id)
    assert (rule.name, rule.text) == ("Dry run, rule 1", "All of PAY: 2 match, 1 would be linked.")
    assert (table.name, table.text) == ("Dry run, table 1", "OKRs Q4 2026: would be written.")
