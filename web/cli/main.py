"""``okr``: the command line. This module knows what commands there are; each is imported only when it is used."""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass

import click

from web.cli.one_place import shadowed
from web.cli.refusals import refusal_for
from web.cli.saying import say

OUTSIDE_TROUBLE = 1
# Database, logs and Redis's files are for the service's own account, also in a data folder that others may enter.
OWNER_ONLY = 0o077


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command stands, and the line about it in ``okr --help``."""

    module: str
    name: str
    help: str


SECTIONS: dict[str, dict[str, Entry]] = {
    "Set up": {
        "connect": Entry("web.cli.connect", "connect", "Connect a Jira and Confluence site, or renew its credentials."),
        "webhook": Entry("web.cli.webhook", "webhook", "Let Jira or Confluence Data Center tell at once."),
        "sign-in-code": Entry(
            "web.cli.sign_in_code", "sign_in_code", "Show a one-time code for the first visit, or for a new password."
        ),
        "migrate": Entry("web.cli.starting", "migrate", "Bring the database to this version."),
    },
    "OKRs": {
        "import": Entry("web.cli.okrs", "import_", "Take over OKRs from a YAML file."),
        "export": Entry("web.cli.okrs", "export", "Write the OKRs as YAML."),
        "link": Entry("web.cli.links", "link", "Link a Jira issue, normally an epic, to a key result."),
        "unlink": Entry("web.cli.links", "unlink", "Take such a link away."),
        "rule": Entry("web.cli.rule", "rule", "Let epics be linked by themselves, by label, query or project."),
        "table": Entry("web.cli.table", "table", "Put OKR tables into Confluence pages."),
    },
    "Run": {
        "up": Entry("web.cli.starting", "up", "Run everything on this machine, until Ctrl-C."),
        "web": Entry("web.cli.starting", "web", "Run the web service alone."),
        "worker": Entry("web.cli.starting", "worker", "Run one worker; as many as wanted."),
        "sync": Entry("web.cli.sync", "sync", "Ask Jira and Confluence now what changed."),
        "pause": Entry("web.cli.pause", "pause", "Pause all writing to Confluence, or resume it."),
        "events": Entry("web.cli.events", "events", "Show what the sites told us, and read it again."),
        "backup": Entry("web.cli.backup", "backup", "Write everything into one file."),
        "restore": Entry("web.cli.backup", "restore", "Put everything back from such a file."),
        "doctor": Entry("web.cli.doctor", "doctor", "Say how everything is, how current it can be, and what to do."),
    },
}
ENTRIES = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


class Commands(click.Group):
    """A group whose commands are named here and imported at use, and which turns refusals into an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of the help page."""
        return list(ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of this name, imported now; None where there is none."""
        entry = ENTRIES.get(cmd_name)
        if entry is None:
            return None
        command = getattr(importlib.import_module(entry.module), entry.name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """By section, without importing any of them."""
        widest = max(map(len, ENTRIES))
        for title, entries in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), entry.help) for name, entry in entries.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what it refuses becomes a message on stderr and an exit code, never a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise  # click's own; telling a refusal takes imports that these do not need
        except Exception as error:
            refusal = refusal_for(error)
            if refusal is None:
                raise
            raise refusal from None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="okr-connector", prog_name="okr")
def okr() -> None:
    """OKRs inside Jira and Confluence: epics count towards key results, and the OKR table in a page stays right.

    \b
    The shortest way:
      okr up                                          run it, in a terminal of its own
      okr connect https://acme.atlassian.net --email okr-sync@acme.example
      okr import okrs.yaml                            objectives, key results, linked epics
      okr table add 4711 --cycle 2026-q4              4711: the number in the page's address
      okr doctor                                      is everything right?

    Settings are read from the environment and from the file .env, e.g. OKR_DATA_DIR, OKR_BASE_URL, OKR_DATABASE_URL.

    \b
    Exit codes: 0 done · 1 something outside is in the way · 2 not possible as it was given
    """


def main() -> None:
    """The console script."""
    os.umask(OWNER_ONLY)
    trouble = shadowed()
    if trouble:
        say(trouble, err=True)
        sys.exit(OUTSIDE_TROUBLE)
    okr(prog_name="okr")


if __name__ == "__main__":
    main()
