"""``okr backup`` and ``okr restore``: the whole service in one file, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from web.cli.progress import counted, took
from web.cli.saying import say
from web.cli.service import Service, who, with_service

if TYPE_CHECKING:
    from connector.backup.archive import Archive
    from connector.settings import Settings

FILE = click.Path(dir_okay=False, path_type=Path)
AS_THE_FOLDER = "It holds the secret keys and every credential: keep it as you keep the data folder."


@click.command()
@click.argument("file", type=FILE)
@with_service
def backup(service: Service, file: Path) -> None:
    """Write everything into one new FILE, while the service goes on.

    Database and secret keys, as they are at one moment. `okr restore` puts it back, also into the other kind of
    database (SQLite, PostgreSQL). The file is readable for you alone (mode 0600) and worth as much as the data folder.
    """
    from connector.backup.saving import save
    from connector.crypto import load_keys

    started, on = monotonic(), service.on
    made = save(on.database, load_keys(on.settings), file, on.clock.now())
    size = _size(file.stat().st_size)
    say(f"{file} written: {counted(made.rows, 'row')} of {made.came_from}, {size} ({took(started)}). {AS_THE_FOLDER}")


def _size(octets: int) -> str:
    """44 kB, 1.2 MB"""
    return f"{octets / 1_000_000:,.1f} MB" if octets >= 1_000_000 else f"{octets / 1000:,.0f} kB"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--replace", is_flag=True, help="Take away what the database holds now.")
def restore(file: Path, replace: bool) -> None:
    """Put everything back from a FILE that `okr backup` wrote, all of it or nothing.

    The service must not run meanwhile. The database is the one of the settings, of either kind. Afterwards Jira is read
    again in full before any page is written, and what we wrote into pages after the backup is not taken for people's
    words. To look at it without any page being written, run `okr pause` before `okr up`.
    """
    from connector.backup.archive import open_archive
    from connector.logs import start_logging
    from connector.settings import load_settings
    from web.cli.folder_lock import hold_folder

    started, settings = monotonic(), load_settings()
    start_logging(settings)
    with open_archive(file) as archive, hold_folder(settings.data_dir):
        _put_back(settings, archive, replace=replace)
        contents = archive.contents
    say(
        f"Put back: {counted(contents.rows, 'row')} as of {contents.made_at:%d %b %Y, %H:%M} UTC ({took(started)}).\n"
        "What people decided since then is not in it: look at People (who was removed since is back) and at Tables.\n"
        "Start the service: okr up. It reads Jira first, then looks at every page."
    )


def _put_back(settings: Settings, archive: Archive, *, replace: bool) -> None:
    from sqlalchemy import Connection

    from connector.backup.loading import load
    from connector.crypto import take_over_keys
    from connector.store.engine import Database, make_engine
    from sync.commands.putting_back import mark_put_back

    now = datetime.now(UTC)

    def then(conn: Connection) -> None:
        mark_put_back(conn, made_at=archive.contents.made_at, now=now, who=who())
        take_over_keys(settings, archive.keys())

    database = Database(make_engine(settings.engine_url))
    try:
        load(database, archive, now=now, replace=replace, then=then)
    finally:
        database.close()
