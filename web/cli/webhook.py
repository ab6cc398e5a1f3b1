"""``okr webhook``: let a site tell of changes within seconds."""

from __future__ import annotations

import click

from web.cli.saying import say
from web.cli.service import Service, with_service


@click.group()
def webhook() -> None:
    """Let Jira, or Confluence Data Center, tell of changes within seconds. Without it each is asked every minute, and
    nothing is lost. Confluence Cloud cannot tell; it is asked.
    """


@webhook.command()
@click.option("--site", default="", help="Only for this site.")
@with_service
def show(service: Service, site: str) -> None:
    """Show what an administrator of the site does to set it up: address, secret, events, step by step."""
    from sync import commands

    say(commands.webhook_instructions(service.on, service.workspace_id, site).removesuffix("\n"))


@webhook.command()
@click.option("--site", default="", help="Which site is meant, where several are connected.")
@with_service
def register(service: Service, site: str) -> None:
    """Set it up, where our account is an administrator of the site; otherwise show how an administrator does it."""
    from sync import commands

    report = commands.register_webhook(service.on, service.workspace_id, service.who, site)
    replaced = " It takes the place of the one that was there." if report.replaced else ""
    say(f"{report.site_url} now sends its events to {report.address}, signed.{replaced}")
    say("Change a linked issue, or a page that holds a table; `okr doctor` says when the first event has arrived.")
