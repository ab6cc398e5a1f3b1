"""``okr sign-in-code``: how the first visitor proves to be the one who runs the service."""

from __future__ import annotations

import click

from web.cli.service import Service, with_service


@click.command()
@with_service
def sign_in_code(service: Service) -> None:
    """Show a new one-time code for the first visit to the web pages. Earlier codes are worth nothing any more."""
    from sync import commands

    code = commands.make_sign_in_code(service.on)
    click.echo(f"Open {service.on.settings.public_url} and enter this code once: {code}")
