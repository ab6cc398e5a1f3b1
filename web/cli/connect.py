"""``okr connect``: a site's address, an account and its token."""

from __future__ import annotations

import os
import sys
from time import monotonic
from typing import TYPE_CHECKING

import click

from web.cli.progress import counted, took
from web.cli.saying import say
from web.cli.service import Service, with_service

if TYPE_CHECKING:
    from sync.commands.connections import ConnectReport
    from sync.commands.keeping import Connected

LONGEST_TOKEN = 4096


@click.command()
@click.argument("site")
@click.option("--email", default="", help="Cloud: the e-mail address of the account; best a service account.")
@click.option("--token-stdin", is_flag=True, help="Read the token from standard input instead of asking for it.")
@click.option(
    "--data-center", is_flag=True, help="SITE is a Confluence Data Center; a personal access token is enough."
)
@click.option("--scoped", is_flag=True, help="It is a scoped token. Without this, both kinds are tried.")
@click.option("--jira", "only_jira", is_flag=True, help="Connect only Jira.")
@click.option("--confluence", "only_confluence", is_flag=True, help="Connect only Confluence.")
@with_service
def connect(
    service: Service,
    site: str,
    email: str,
    token_stdin: bool,
    data_center: bool,
    scoped: bool,
    only_jira: bool,
    only_confluence: bool,
) -> None:
    """Connect the Jira and the Confluence at SITE, or renew the credentials of a site that is connected.

    The API token is asked for, read from standard input, or taken from the environment variable OKR_TOKEN; it is never
    an argument, where others on the machine could see it. It is kept encrypted.

    \b
      okr connect https://acme.atlassian.net --email okr-sync@acme.example
      okr connect acme.atlassian.net --email okr-sync@acme.example --token-stdin < token.txt
      okr connect https://wiki.acme.example --data-center
    """
    from sync import commands

    started = monotonic()
    if data_center or commands.is_data_center(service.on, service.workspace_id, site):
        _refuse_cloud_choices(scoped, only_jira)
        report = _connect_data_center(service, site, token_stdin)
    elif not email:
        raise click.UsageError("Give the account's e-mail address with --email, or --data-center for a Data Center.")
    else:
        products = [name for name, only in (("jira", only_jira), ("confluence", only_confluence)) if only]
        report = _connect_cloud(service, site, email, token_stdin, products, "scoped" if scoped else "")
    _tell(report)
    say(f"\n{took(started)}, {counted(report.calls, 'call')}.")


def _connect_cloud(
    service: Service, site: str, email: str, token_stdin: bool, products: list[str], auth_kind: str
) -> ConnectReport:
    from sync import commands

    token = _token(token_stdin)
    say(f"Asking {site} what this account may see …", err=True)
    return commands.connect(
        service.on,
        service.workspace_id,
        site_url=site,
        email=email,
        token=token,
        who=service.who,
        products=products or ("jira", "confluence"),
        auth_kind=auth_kind,
    )


def _refuse_cloud_choices(scoped: bool, only_jira: bool) -> None:
    if only_jira:
        raise click.UsageError("Jira Data Center cannot be connected yet; of a Data Center only Confluence can.")
    if scoped:
        raise click.UsageError("A Data Center has no scoped tokens; give a personal access token.")


def _connect_data_center(service: Service, site: str, token_stdin: bool) -> ConnectReport:
    from sync import commands

    token = _token(token_stdin)
    say(f"Asking {site} what this account may see …", err=True)
    return commands.connect_data_center(service.on, service.workspace_id, site_url=site, token=token, who=service.who)


def _token(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline(LONGEST_TOKEN).strip()
    given = os.environ.get("OKR_TOKEN", "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(
            "There is no terminal to ask for the token. Give it with --token-stdin, or in the environment as OKR_TOKEN."
        )
    token: str = click.prompt("Token (not shown)", hide_input=True, err=True)
    return token


def _tell(report: ConnectReport) -> None:
    verb = "Renewed" if all(each.is_renewal for each in report.connected) else "Connected"
    say(f"{verb} {report.site_url} as {report.account}, with a {report.auth_kind} token.\n")
    for each in report.connected:
        _tell_product(each)
    if any(not each.is_renewal for each in report.connected):
        _tell_next(report)


def _tell_next(report: ConnectReport) -> None:
    if report.auth_kind == "personal":
        say("\nNext:  okr webhook show     let Confluence tell at once when somebody typed into a table")
        say("       Jira Data Center cannot be connected yet; linked issues come from Jira Cloud.")
        return
    say("\nNext:  okr import FILE      take over objectives and key results")
    say("       okr webhook show     let Jira tell of changes within seconds, instead of being asked each minute")


def _tell_product(connected: Connected) -> None:
    found = connected.inspected
    say(f"{found.product.capitalize():<12}sees {found.sees}")
    if found.choices and not connected.is_renewal:
        wont_do = ", ".join(each.name for each in found.choices.wont_do) or "none found"
        estimate = found.choices.estimate
        field = f"{estimate.name} ({estimate.field_id})" if estimate else "no such field"
        say(f"{'':12}counts as not to be done: {wont_do}")
        say(f"{'':12}estimates: {field}; completion counts issues")
    if found.may_administer:
        say(f"{'':12}may set up webhooks: okr webhook register")
    for notice in found.notices:
        say(f"{'':12}{notice}")
