"""``okr sign-in-code``: how a visitor proves to be the one who runs the service."""

from __future__ import annotations

import click

from web.cli.saying import say
from web.cli.service import Service, with_service


@click.command()
@with_service
def sign_in_code(service: Service) -> None:
    """Show a new one-time code, for the first visit to the web pages or for a new password.

    It works once, and earlier codes are worth nothing any more. With the e-mail address of somebody who is known it
    sets a new password, with another one it makes another admin.
    """
    from sync import commands

    code = commands.make_sign_in_code(service.on)
    say(f"Open {service.on.settings.public_url}/first-visit and enter this code once: {code}")
