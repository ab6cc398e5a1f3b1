"""``okr webhook``: let Jira tell of changes within seconds."""

from __future__ import annotations

import click

from web.cli.service import Service, with_service


@click.group()
def webhook() -> None:
    """Let Jira tell of changes within seconds. Without it Jira is asked every minute, and nothing is lost."""


@webhook.command()
@click.option("--site", default="", help="Only for this Jira.")
@with_service
def show(service: Service, site: str) -> None:
    """Show what a Jira administrator does to set it up: address, secret, events, step by step."""
    from sync import commands

    click.echo(commands.webhook_instructions(service.on, service.workspace_id, site), nl=False)


@webhook.command()
@click.option("--site", default="", help="Which Jira is meant, where several are connected.")
@with_service
def register(service: Service, site: str) -> None:
    """Set it up, where our account is a Jira administrator; otherwise show how an administrator does it."""
    from sync import commands

    report = commands.register_webhook(service.on, service.workspace_id, service.who, site)
    replaced = " It takes the place of the one that was there." if report.replaced else ""
    click.echo(f"{report.site_url} now sends its events to {report.address}, signed.{replaced}")
    click.echo("Change any linked issue; `okr doctor` says when the first event has arrived.")
