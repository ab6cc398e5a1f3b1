"""``okr doctor``: everything that was looked at, and what to do."""

from __future__ import annotations

import json
from dataclasses import asdict
from time import monotonic
from typing import TYPE_CHECKING

import click

from web.cli.progress import counted, took
from web.cli.saying import say
from web.cli.service import Service, with_service

if TYPE_CHECKING:
    from sync.doctor import Finding

SIGNS = {"ok": ("✓", "green"), "notice": ("!", "yellow"), "trouble": ("✗", "red")}
NAME_WIDTH = 16


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON, for monitoring.")
@click.option("--dry-run", is_flag=True, help="Also ask what rules would link and which pages would be written.")
@click.option("--verify", "is_verified", is_flag=True, help="Also read Jira now and compare each page with it.")
@with_service
def doctor(service: Service, as_json: bool, dry_run: bool, is_verified: bool) -> None:
    """Look at everything: settings, database, workers, each site, webhook, page. Changes nothing.

    The exit code is 1 where a person has to do something.
    """
    from sync.doctor import examine, is_well
    from sync.dry_run import dry_findings
    from sync.verifying import verify

    started = monotonic()
    findings = examine(service.on, service.workspace_id)
    if dry_run:
        findings += dry_findings(service.on, service.workspace_id)
    if is_verified:
        findings += verify(service.on, service.workspace_id)
    if as_json:
        say(json.dumps([asdict(finding) for finding in findings], default=str, indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            _tell(finding)
        say(f"\n{_summary(findings)} ({took(started)})")
    if not is_well(findings):
        raise click.exceptions.Exit(1)


def _tell(finding: Finding) -> None:
    sign, colour = SIGNS[finding.state]
    indent = " " * (NAME_WIDTH + 4)
    name = finding.name
    if len(name) > NAME_WIDTH:
        say(f" {name}", before=click.style(sign, fg=colour))
        say(f"{indent}{finding.text}")
    else:
        say(f" {name:<{NAME_WIDTH}}  {finding.text}", before=click.style(sign, fg=colour))
    if finding.since and finding.state != "ok":
        say(f"{indent}since {finding.since:%d %b %Y, %H:%M} UTC")
    if finding.do:
        say(f"{indent}→ {finding.do}")


def _summary(findings: list[Finding]) -> str:
    trouble = sum(finding.state == "trouble" for finding in findings)
    texts = sum(finding.texts for finding in findings)
    notices = sum(finding.state == "notice" and not finding.texts for finding in findings)
    first = f"{counted(texts, 'text waits', 'texts wait')} for a decision. " if texts else ""
    if first and not trouble:
        return f"{first}{counted(notices, 'other thing')} worth knowing." if notices else first.rstrip()
    if not trouble:
        return f"Nothing needs you. {counted(notices, 'thing')} worth knowing." if notices else "Everything is right."
    return f"{first}{counted(trouble, 'thing needs', 'things need')} you, {counted(notices, 'thing')} worth knowing."
