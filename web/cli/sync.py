"""``okr sync --now``: ask the sites at once, and follow until everything that came of it is done."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

import click

from web.cli.progress import Tell, counted, following, took
from web.cli.refusals import Refusal
from web.cli.saying import say
from web.cli.service import Service, with_service

if TYPE_CHECKING:
    from sync.queries.status import SiteView, StatusView

LOOK_SECONDS = 0.5
GIVE_UP_ON_SITE_SECONDS = 5.0


@click.command()
@click.option("--now", is_flag=True, required=True, help="At once, instead of when the next round comes.")
@click.option("--wait", default=600, show_default=True, type=click.IntRange(0, 86_400), help="At most so many seconds.")
@with_service
def sync(service: Service, now: bool, wait: int) -> None:  # noqa: ARG001 - click insists on the flag
    """Ask every site now what changed, and follow the work until it is done. Ctrl-C stops only the following."""
    from sync import commands

    started = monotonic()
    before = _look(service)
    if not before.machines.workers:
        raise Refusal("No worker is running, so nobody would do it. Start the service first: okr up")
    asked_at = commands.sync_now(service.on, service.workspace_id)
    with following("Work done") as tell:
        after = follow(service, asked_at, started + wait, tell)
    if after is None:
        raise Refusal(f"Not done within {wait} s. It goes on by itself; `okr doctor` says how it stands.")
    made = _Made.between(before, after)
    say(f"{counted(len(after.sites), 'site')} asked, {_waits(after)}: {made.said()} ({took(started)}).")


@dataclass(frozen=True, slots=True)
class _Made:
    """What was done while we looked on."""

    calls: int
    figures: int
    pages: int

    @classmethod
    def between(cls, before: StatusView, after: StatusView) -> _Made:
        return cls(
            calls=max(0, _calls(after) - _calls(before)),
            figures=max(0, after.lately.figures_changed - before.lately.figures_changed),
            pages=max(0, after.lately.pages_written - before.lately.pages_written),
        )

    def said(self) -> str:
        """3 figures changed, 1 page written, 12 calls"""
        figures = counted(self.figures, "figure")
        return f"{figures} changed, {counted(self.pages, 'page')} written, {counted(self.calls, 'call')}"


def _waits(status: StatusView) -> str:
    """Nothing waits; or what cannot be written just now, and until when."""
    from sync.queries.waiting import waiting_words

    if status.standing.workspace.writing_paused_at is not None:
        return "everything is read; all writing is paused"
    waits = waiting_words(status.standing.waiting_tables, status.at)
    return f"everything is read; {waits}" if waits else "nothing waits"


def follow(
    service: Service, asked_at: datetime, until: float, tell: Tell, patience: float = GIVE_UP_ON_SITE_SECONDS
) -> StatusView | None:
    """Look until every site was asked and nothing waits any more; None where that did not happen ``until`` then.

    Refusal where after ``patience`` seconds nothing is left but sites that do not answer.
    """
    most, began = 0, monotonic()
    while monotonic() < until:
        status = _look(service)
        open_work = _open(status, asked_at)
        most = max(most, open_work)
        tell(most - open_work, most)
        if not open_work:
            return status
        if monotonic() - began > patience:
            _refuse_hopeless(status, asked_at, open_work)
        time.sleep(LOOK_SECONDS)
    return None


def _open(status: StatusView, asked_at: datetime) -> int:
    waiting = status.events_waiting + status.figures_waiting + status.pages_waiting
    return len(_unasked(status, asked_at)) + waiting


def _unasked(status: StatusView, asked_at: datetime) -> list[SiteView]:
    return [site for site in status.sites if site.last_poll_at is None or site.last_poll_at < asked_at]


def _refuse_hopeless(status: StatusView, asked_at: datetime, open_work: int) -> None:
    """Where only sites are left that do not answer, waiting longer would show nothing new."""
    unasked = _unasked(status, asked_at)
    ailing = [site for site in unasked if site.health != "current"]
    if ailing and len(ailing) == open_work:
        lines = "\n".join(f"  {site.product.capitalize()} {site.url}: {site.detail}" for site in ailing)
        raise Refusal(f"These could not be asked; everything else is done:\n{lines}\n`okr doctor` says what to do.")


def _look(service: Service) -> StatusView:
    from sync.queries.status import load_status

    return load_status(service.on, service.workspace_id, service.on.clock.now())


def _calls(status: StatusView) -> int:
    return sum(site.calls_today for site in status.sites)
