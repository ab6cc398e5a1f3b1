"""``okr events``: what the sites told us, and reading it again."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from web.cli.progress import counted
from web.cli.refusals import NotAsGiven
from web.cli.saying import say
from web.cli.service import Service, with_service

if TYPE_CHECKING:
    from connector.store.delivery_list import DeliveryWish
    from sync.queries.events import EventLine

OUTCOMES = ("waiting", "read", "left_alone", "unknown")
SAID = {"waiting": "waits", "read": "read again", "left_alone": "left alone", "unknown": "not known here"}
MOST_AT_ONCE = 10_000
MOST_NAMES = 3
_SPAN = re.compile(r"([1-9][0-9]{0,3})(min|h|d)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}


def moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | timedelta | None:
    """A time, in UTC unless it says otherwise; or how long ago, until the service's own clock is at hand."""
    if value is None:
        return None
    span = _SPAN.fullmatch(value)
    if span:
        return timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        given = datetime.fromisoformat(value)
    except ValueError:
        text = f"{value!r} is no time. Write it like 30min, 2h, 3d, 2026-11-22 or 2026-11-22T09:40."
        raise click.BadParameter(text, ctx, param) from None
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given


def choosing(command: Any) -> Any:
    """The options by which events are chosen."""
    for option in (
        click.option("--outcome", type=click.Choice(OUTCOMES), help="Only what ended so."),
        click.option("--until", metavar="WHEN", callback=moment, help="Only what came before then."),
        click.option(
            "--since", metavar="WHEN", callback=moment, help="Only what came since: 2h, 3d, 2026-11-22T09:40."
        ),
        click.option("--kind", default="", help="Only events of this name, or with this beginning: jira:issue_."),
        click.option("--connection", type=click.IntRange(1, 2**63 - 1), help="Only from this connection, by number."),
    ):
        command = option(command)
    return command


@click.group()
def events() -> None:
    """What Jira and Confluence told us in the last 30 days, and reading it again.

    An event is kept as ids and a hash. Of an event of a kind that this version does not know, its contents are kept for
    7 days, encrypted.
    """


@events.command("list")
@choosing
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, MOST_AT_ONCE), help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Write them as JSON.")
@with_service
def list_(service: Service, /, limit: int, as_json: bool, **chosen: Any) -> None:
    """Show the accepted events, the newest first."""
    from sync.queries.events import load_events

    view = load_events(service.on, service.workspace_id, _wish(service, **chosen), limit)
    if as_json:
        say(json.dumps([asdict(line) for line in view.lines], default=str, indent=2, ensure_ascii=False))
        return
    for line in view.lines:
        say(_told(line))
    if not view.lines:
        say("No such event. Without events Jira is asked every minute, and nothing is lost.")
    elif view.older is not None:
        say(f"There are more; these are the newest {len(view.lines):,}. See `okr events list --limit`.")


@events.command()
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
@with_service
def show(service: Service, number: int) -> None:
    """Show one event, by its NUMBER in the list, with what is kept of its contents."""
    from connector.store.delivery_list import DeliveryWish, find_deliveries
    from sync.queries.events import load_events
    from webhooks.replay import body_of

    with service.on.database.read() as conn:
        found = find_deliveries(conn, service.workspace_id, [number])
    if not found:
        raise NotAsGiven(f"There is no event {number}. They are kept for 30 days; see `okr events list`.")
    view = load_events(service.on, service.workspace_id, DeliveryWish(below=number + 1), 1)
    say(_told(view.lines[0]))
    say(f"identifier {found[0].identifier}\nSHA-256 of its body {found[0].body_hash}\nsent {found[0].times} times")
    say(body_of(service.on.secrets, found[0]) or "Of its contents nothing is kept.")


@events.command()
@click.argument("numbers", nargs=-1, type=click.IntRange(1, 2**63 - 1))
@choosing
@with_service
def replay(service: Service, /, numbers: tuple[int, ...], **chosen: Any) -> None:
    """Read again what events name: those of these NUMBERS, or all that the options choose.

    This is safe at any time and as often as wanted: what is read is how things are now, not what the event said.

    \b
      okr events replay 812 813
      okr events replay --since 2h
    """
    from webhooks.replay import replay as replay_events

    if bool(numbers) == any(value for value in chosen.values()):
        raise NotAsGiven("Say which: numbers from `okr events list`, or options such as --since 2h. Not both.")
    done = replay_events(service.on, service.workspace_id, numbers or _numbers(service, **chosen), service.who)
    if not done.events:
        raise NotAsGiven("No such event is kept. See `okr events list`.")
    due = [counted(done.issues, "issue"), counted(done.pages, "page"), counted(done.sites, "whole site")]
    said = ", ".join(each for each in due if not each.startswith("0 ")) or "nothing"
    say(f"{counted(done.events, 'event')} replayed: {said} will be read again.")
    if done.empty:
        say(f"{counted(done.empty, 'event')} of a kind that names nothing we read.")


def _numbers(service: Service, **chosen: Any) -> list[int]:
    from connector.store.delivery_list import list_deliveries

    with service.on.database.read() as conn:
        wish = _wish(service, **chosen)
        found = list_deliveries(conn, service.workspace_id, wish, MOST_AT_ONCE + 1)
    if len(found) > MOST_AT_ONCE:
        raise NotAsGiven(f"These are more than {MOST_AT_ONCE:,} events. Choose fewer, or read everything: Full check.")
    return [each.id for each in found]


def _wish(
    service: Service,
    connection: int | None,
    kind: str,
    since: datetime | timedelta | None,
    until: datetime | timedelta | None,
    outcome: str | None,
) -> DeliveryWish:
    from connector.store.delivery_list import DeliveryWish, Outcome

    now = service.on.clock.now()
    moments = [now - each if isinstance(each, timedelta) else each for each in (since, until)]
    return DeliveryWish(connection, kind, moments[0], moments[1], Outcome(outcome) if outcome else None)


def _told(line: EventLine) -> str:
    names = [*line.names[:MOST_NAMES], *([f"page {line.page_id}"] if line.page_id else [])]
    more = len(line.names) - MOST_NAMES
    named = ", ".join(names) + (f" and {more:,} more" if more > 0 else "")
    outcome = "set aside" if line.is_set_aside else SAID[line.outcome]
    again = f" ({line.times} times)" if line.times > 1 else ""
    where = f"{line.product} {line.host}"
    return f"{line.number:>7}  {line.at:%d %b %H:%M:%S}  {where}  {line.event}{again}  {named or '–'}  {outcome}"
