"""``okr rule``: rules that link epics by themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from web.cli.links import weight_above_zero
from web.cli.progress import counted
from web.cli.refusals import NotAsGiven, Refusal
from web.cli.saying import say
from web.cli.service import Service, with_service

if TYPE_CHECKING:
    from connector.store.link_rules import LinkRule
    from mapping.rules import Rule
    from sync.queries.rules import Forecast
    from sync.rule_plan import Line

_KINDS = ("jql", "label", "labels", "project", "property")


@click.group()
def rule() -> None:
    """Link epics by themselves: by a query, a label, a project or an issue property."""


@rule.command("list")
@with_service
def list_(service: Service) -> None:
    """List every rule, with what it matches and whether something is the matter."""
    from sync.queries.rules import load_rules_view

    view = load_rules_view(service.on, service.workspace_id)
    for row in view.rows:
        say(f"{row.kept.rule_id:>4}  {_stands(row.kept):<22}{row.kept.name} · {_what(row.kept.rule)}")
        say(f"      matches {row.kept.matched}, {counted(row.links, 'link')}")
        if row.kept.trouble:
            say(f"      {row.kept.trouble}")
    if not view.rows:
        say("There is no rule yet. Make one: okr rule add --labels kr-")


@rule.command()
@click.argument("key_result", required=False, default="")
@click.option("--jql", metavar="QUERY", help="Epics that match this query.")
@click.option("--label", metavar="LABEL", help="Epics with this label.")
@click.option("--labels", metavar="PREFIX", help="Epics whose label names the key result: with kr- it is kr-PAY-KR1.")
@click.option("--project", metavar="KEY", help="Every epic of this project.")
@click.option("--property", metavar="PATH=VALUE", help="Epics whose issue property has this value: okr.serves=PAY-KR2.")
@click.option(
    "--drives", metavar="WEIGHT", callback=weight_above_zero, help="Their completion counts, with this weight."
)
@click.option("--name", default="", help="What the rule is called; made of what it finds.")
@click.option("--site", default="", help="Which Jira is meant, where several are connected.")
@click.option("--dry-run", is_flag=True, help="Only show what it would link.")
@with_service
def add(
    service: Service,
    /,
    key_result: str,
    drives: Decimal | None,
    name: str,
    site: str,
    *,
    dry_run: bool,
    **by: str | None,
) -> None:
    """Make a rule for KEY_RESULT; without one, what matches goes on the pile “Just do it”.

    What matches now is linked at once, up to 20 epics; more wait until somebody says so on the screens.

    \b
      okr rule add --labels kr-                         an epic with the label kr-PAY-KR1 serves PAY-KR1
      okr rule add PAY-KR2 --jql "labels = retry" --dry-run
      okr rule add --project OPS                        upkeep: serves no key result
    """
    from mapping.rules import InvalidRule
    from sync.commands.issue_keys import jira_connections
    from sync.commands.rule_wish import MOST_NAME, RuleWish
    from sync.commands.rules import save_rule
    from sync.queries.rules import forecast

    try:
        wanted = _wanted(by, key_result.upper(), drives)
        sites = jira_connections(service.on, service.workspace_id, site)
        if len(sites) > 1:
            known = ", ".join(each.site_url for each in sites)
            raise NotAsGiven(f"Several Jiras are connected: {known}. Say which one is meant: --site ADDRESS")
        if dry_run:
            _tell_forecast(forecast(service.on, service.workspace_id, sites[0].id, wanted, None))
            return
        wish = RuleWish(name or wanted.wanted[:MOST_NAME].strip(), sites[0].id, wanted)
        saved = save_rule(service.on, service.workspace_id, wish, who=service.who)
    except InvalidRule as error:
        raise NotAsGiven(str(error)) from None
    say(f"Rule {saved.rule_id} “{wish.name}” is on. {counted(saved.linked, 'epic')} linked.")
    if saved.waiting:
        say(f"{counted(saved.waiting, 'epic')} match, too many to be linked unasked.")
        say(f"Decide: {_address(service, saved.rule_id)}")
    if saved.away:
        say(f"Jira does not answer just now ({saved.away}); it is asked again by itself.")


@rule.command()
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@with_service
def show(service: Service, number: int) -> None:
    """Show rule NUMBER: what it matches now, and what becomes of each epic."""
    from sync.queries.rules import find_rule, forecast

    kept = find_rule(service.on, service.workspace_id, number)
    if kept is None:
        raise NotAsGiven(f"There is no rule {number}. `okr rule list` shows them.")
    say(f"Rule {number} “{kept.name}”: {_stands(kept)}. {_what(kept.rule)}. Made by {kept.made_by}.")
    _tell_forecast(forecast(service.on, service.workspace_id, kept.connection_id, kept.rule, number))
    if kept.waiting:
        say(f"Decide about those that wait: {_address(service, number)}")


@rule.command()
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@with_service
def off(service: Service, number: int) -> None:
    """Turn rule NUMBER off: it links nothing more; the links that it made stay."""
    from sync.commands.rules import turn_rule

    was_on = turn_rule(service.on, service.workspace_id, number, is_on=False, who=service.who)
    say(f"Rule {number} is off. Its links stay." if was_on else f"Rule {number} was off already.")


def _wanted(by: dict[str, str | None], key: str, drives: Decimal | None) -> Rule:
    from mapping.okr import Role
    from mapping.rules import Rule, RuleKind

    given = [(kind, text) for kind in _KINDS if (text := by[kind]) is not None]
    if len(given) != 1:
        raise NotAsGiven("Say one thing to find epics by: --jql, --label, --labels, --project or --property.")
    kind, text = given[0]
    if drives is None:
        return Rule(RuleKind(kind), text.strip(), key)
    return Rule(RuleKind(kind), text.strip(), key, Role.DRIVES, drives)


def _what(rule: Rule) -> str:
    from sync.commands.rule_wish import told

    return told(rule)


def _stands(kept: LinkRule) -> str:
    if not kept.is_on:
        return "off"
    if kept.trouble:
        return "not checked"
    return f"{len(kept.waiting)} wait for you" if kept.waiting else "on"


def _address(service: Service, rule_id: int) -> str:
    return f"{service.on.settings.public_url.rstrip('/')}/mappings/rules/{rule_id}/waiting"


def _tell_forecast(ahead: Forecast) -> None:
    if ahead.wrong:
        raise NotAsGiven(f"Jira refuses it: {ahead.wrong}")
    if ahead.away:
        raise Refusal(f"{ahead.site_url} does not answer just now: {ahead.away}")
    say(f"Matches {counted(ahead.matched or 0, 'epic')} now, {len(ahead.new)} to be linked.")
    for line in ahead.lines:
        say(f"  {_name(line):<14}{line.key_result_key:<12}{line.outcome.value.replace('_', ' ')}")


def _name(line: Line) -> str:
    return line.snapshot.issue_key if line.snapshot else line.issue_id
