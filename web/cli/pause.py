"""``okr pause``: hold all writing to Confluence, and let it go on."""

from __future__ import annotations

import click

from web.cli.saying import say
from web.cli.service import Service, with_service


@click.command()
@click.option("--resume", is_flag=True, help="Write again.")
@with_service
def pause(service: Service, resume: bool) -> None:
    """Pause all writing to Confluence, at once, until it is resumed. Reading Jira goes on, and nothing is lost."""
    from sync import commands

    if resume:
        changed = commands.resume_writing(service.on, service.workspace_id, service.who)
        say("Writing goes on; every page is brought up to date." if changed else "Writing was not paused.")
        return
    changed = commands.pause_writing(service.on, service.workspace_id, service.who)
    say("All writing to Confluence is paused." if changed else "Writing was paused already.")
    say("Resume it with: okr pause --resume")
