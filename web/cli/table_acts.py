"""``okr table pause``, ``resume``, ``put-back`` and ``owner``."""

from __future__ import annotations

import click

from web.cli.refusals import NotAsGiven
from web.cli.saying import say
from web.cli.service import Service, with_service
from web.cli.table_number import TableNumber

_NUMBER = click.argument("number", type=TableNumber())


@click.command()
@_NUMBER
@with_service
def pause(service: Service, number: int) -> None:
    """Write nothing into table NUMBER until it is resumed. What people type there is taken, and nothing is lost."""
    from sync import commands

    paused = commands.pause_table(service.on, service.workspace_id, number, who=service.who)
    say(f"Table {number} is paused." if paused else f"Table {number} was paused already.")
    say(f"Resume it with: okr table resume {number}")


@click.command()
@_NUMBER
@with_service
def resume(service: Service, number: int) -> None:
    """Write into table NUMBER again; it is brought up to date at once."""
    from sync import commands

    resumed = commands.resume_table(service.on, service.workspace_id, number, who=service.who)
    say(f"Table {number} is written again within seconds." if resumed else f"Table {number} was not paused.")


@click.command("put-back")
@_NUMBER
@with_service
def put_back(service: Service, number: int) -> None:
    """Write table NUMBER into its page again, after a person took it out."""
    from sync import commands

    title = commands.put_back_table(service.on, service.workspace_id, number, who=service.who)
    say(f"The table is put back into {title!r} within seconds of reading Jira.")


@click.command()
@click.argument("name", required=False)
@click.option("--account", metavar="ID", help="The account in Confluence for which the name stands from now on.")
@click.option("--first", is_flag=True, help="The first account of exactly that name that checks in, again.")
@click.option("--site", type=int, metavar="NUMBER", help="Which Confluence, where several are connected.")
@with_service
def owner(service: Service, name: str | None, account: str | None, first: bool, site: int | None) -> None:
    """Show which account each owner's NAME stands for, or say so.

    It decides only in tables that let the owner or the team check in by typing (--check-in-by).
    """
    from sync.commands.owner_accounts import set_owner_account

    if account is None and not first:
        _tell_owners(service, name)
        return
    if name is None or (account is not None and first):
        raise NotAsGiven("Name one owner and one account, e.g. okr table owner 'Ana Duarte' --account 557058:ana")
    stands = set_owner_account(
        service.on, service.workspace_id, _site(service, site), name, account or "", who=service.who
    )
    say(f"{name} stands for {stands or 'the first account of that name that checks in'}.")


def _tell_owners(service: Service, name: str | None) -> None:
    from sync.queries.owner_accounts import load_owner_accounts

    for each in load_owner_accounts(service.on, service.workspace_id):
        say(f"{each.site_url} (--site {each.connection_id}), {each.asking} of its tables ask who types:")
        for line in each.owners:
            if name is None or name == line.name:
                stands = f"{line.account_name} ({line.account_id})" if line.account_id else "nobody yet"
                say(f"  {line.name:<30}  {stands}")


def _site(service: Service, number: int | None) -> int:
    from sync.queries.owner_accounts import load_owner_accounts

    sites = [each.connection_id for each in load_owner_accounts(service.on, service.workspace_id)]
    if number is not None:
        return number
    if len(sites) != 1:
        raise NotAsGiven("Say which Confluence: --site NUMBER, as `okr table owner` shows it.")
    return sites[0]
