"""``okr up``, ``okr web``, ``okr worker``, ``okr migrate``: what starts the service, and what it needs to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from web.cli.saying import say

if TYPE_CHECKING:
    from connector.settings import Settings


@click.command()
def up() -> None:
    """Run everything on this machine: Redis where there is one, the web service, and the workers.

    The database is brought to this version first. Ctrl-C ends every process that this started.
    """
    from web.cli.up import run_everything

    settings = _settings()
    run_everything(settings, lambda: _prepare(settings), say)


@click.command()
def web() -> None:
    """Run the web service alone: the pages for people, and the address to which Jira sends its events."""
    from web.cli.serve import serve

    settings = _settings()
    _check(settings)
    serve(settings)


@click.command()
def worker() -> None:
    """Run one worker. Start as many as wanted, on as many machines as wanted, with the same settings."""
    from sync.wiring import build
    from sync.worker import run_worker

    settings = _settings()
    _check(settings)
    run_worker(build(settings))


@click.command()
def migrate() -> None:
    """Bring the database to the version of this program; what is stored stays."""
    applied = _migrate(_settings())
    say(f"Brought the database up to date: {', '.join(applied)}." if applied else "The database is up to date.")


def _settings() -> Settings:
    from connector.logs import start_logging
    from connector.settings import load_settings

    settings = load_settings()
    start_logging(settings)
    return settings


def _migrate(settings: Settings) -> tuple[str, ...]:
    from connector.crypto import load_keys
    from connector.migrations.apply import migrate as apply_migrations
    from connector.store.engine import Database, make_engine

    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    load_keys(settings)
    database = Database(make_engine(settings.engine_url))
    try:
        return apply_migrations(database)
    finally:
        database.close()


def _check(settings: Settings) -> None:
    """Refuse a database of another version before anything serves or works. Raises StoreError."""
    from connector.migrations.apply import check_version
    from connector.store.engine import Database, make_engine

    database = Database(make_engine(settings.engine_url))
    try:
        check_version(database)
    finally:
        database.close()


def _prepare(settings: Settings) -> None:
    """What ``okr up`` does before it starts anything; says how to come in as long as nobody has."""
    from sync.commands.people import first_workspace, make_sign_in_code
    from sync.queries.people import is_owned
    from sync.wiring import build

    _migrate(settings)
    on = build(settings)
    try:
        if is_owned(on, first_workspace(on)):
            return
        code = make_sign_in_code(on)
    finally:
        on.database.close()
    say(f"First visit: open {settings.public_url} and enter the one-time code {code}")
