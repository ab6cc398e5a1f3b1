"""``okr import`` and ``okr export``: OKRs from and to YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from web.cli.progress import counted, following, took
from web.cli.saying import say
from web.cli.service import Service, with_service

if TYPE_CHECKING:
    from sync.commands import ImportReport


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--reason", default="", help="Why agreed OKRs change; it is recorded and shown.")
@with_service
def import_(service: Service, file: Path, reason: str) -> None:
    """Take over the OKRs in FILE, written in YAML; - reads standard input.

    The whole file is taken over or nothing of it. Keys such as PAY-KR1 identify everything: what has the same key is
    changed, what is missing in the file stays. The same file again changes nothing.
    """
    from sync import commands

    started = monotonic()
    text = _read(file)
    with following("Issues found in Jira") as tell:
        report = commands.import_okrs(service.on, service.workspace_id, text, service.who, reason, tell)
    say(_said(report))
    say(f"{took(started)}, {counted(report.calls, 'call')}.")
    if report.links_added:
        say("The issues below the linked ones are read now; `okr doctor` and the status page say how far that is.")


@click.command()
@click.option("--cycle", default="", help="Only this cycle, e.g. 2026-q4.")
@with_service
def export(service: Service, cycle: str) -> None:
    """Write the OKRs as YAML to standard output, with their links and check-ins; `okr import` reads it again."""
    from sync import commands

    click.echo(commands.export_okrs(service.on, service.workspace_id, cycle), nl=False)


def _read(file: Path) -> str:
    from sync.commands import NotPossible

    try:
        if str(file) == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotPossible(f"{file} is not text in UTF-8 (byte {error.start + 1}). Save it as UTF-8.") from None
    except OSError as error:
        raise NotPossible(f"{file} cannot be read: {error.strerror}.") from None


def _said(report: ImportReport) -> str:
    if report.is_nothing:
        return "Everything in the file was here already; nothing changed."
    parts = [
        (len(report.added), f"{len(report.added):,} new"),
        (len(report.changed), f"{len(report.changed):,} changed"),
        (report.links_added, f"{counted(report.links_added, 'link')} added"),
        (report.links_changed, f"{counted(report.links_changed, 'link')} changed"),
        (report.check_ins_added, f"{counted(report.check_ins_added, 'check-in')} added"),
    ]
    return "Taken over: " + ", ".join(said for number, said in parts if number) + "."
