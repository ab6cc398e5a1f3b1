"""``okr link`` and ``okr unlink``: one issue, one key result."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from web.cli.saying import say
from web.cli.service import Service, with_service


def weight_above_zero(ctx: click.Context, param: click.Parameter, value: str | None) -> Decimal | None:
    """A number above 0, exact."""
    if value is None:
        return None
    try:
        weight = Decimal(value)
    except InvalidOperation:
        raise click.BadParameter(f"{value!r} is no number. Write it like 2 or 0.5.", ctx, param) from None
    if not weight.is_finite() or weight <= 0:
        raise click.BadParameter(f"{value} is not above 0.", ctx, param)
    return weight


@click.command()
@click.argument("key_result")
@click.argument("issue")
@click.option(
    "--drives",
    metavar="WEIGHT",
    callback=weight_above_zero,
    help="Count its completion in the progress, with this weight.",
)
@click.option("--step", default="", help="It is this step of a milestone.")
@click.option("--site", default="", help="Which Jira is meant, where several are connected.")
@with_service
def link(service: Service, key_result: str, issue: str, drives: Decimal | None, step: str, site: str) -> None:
    """Link a Jira ISSUE, normally an epic, to a KEY_RESULT.

    It is shown beside the key result; only with --drives does its completion count in the progress.

    \b
      okr link PAY-KR1 PAY-412
      okr link PLA-KR3 PLA-70 --drives 2
    """
    from connector.store.links import Linked
    from sync import commands

    report = commands.link(
        service.on,
        service.workspace_id,
        key_result.upper(),
        issue,
        who=service.who,
        drives=drives,
        step=step,
        site=site,
    )
    done = {Linked.ADDED: "Linked", Linked.CHANGED: "Changed the link of", Linked.SAME: "Linked already, exactly so:"}
    effect = f" It drives the key result with weight {report.weight}." if drives is not None else ""
    say(f"{done[report.outcome]} {report.issue_key} to {report.key_result_key}.{effect}")


@click.command()
@click.argument("key_result")
@click.argument("issue")
@click.option("--site", default="", help="Which Jira is meant, where several are connected.")
@with_service
def unlink(service: Service, key_result: str, issue: str, site: str) -> None:
    """Take the link between a Jira ISSUE and a KEY_RESULT away. In Jira nothing changes."""
    from sync import commands

    key = commands.unlink(service.on, service.workspace_id, key_result.upper(), issue, who=service.who, site=site)
    say(f"Unlinked {key} from {key_result.upper()}.")
