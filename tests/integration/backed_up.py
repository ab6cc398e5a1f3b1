"""A backup of the product, put back while the site has gone on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from connector.backup.archive import open_archive
from connector.backup.loading import load
from connector.backup.saving import save
from connector.crypto import load_keys
from connector.store.engine import Database
from sync.commands.putting_back import mark_put_back
from tests.integration.okr_page import OkrPage


def back_up(page: OkrPage, file: Path) -> None:
    """While the service goes on."""
    on = page.line.on
    save(on.database, load_keys(on.settings), file, on.clock.now())


def put_back(page: OkrPage, file: Path, database: Database) -> OkrPage:
    """The page as the product knows it that was put back, in a database of its own; nothing is done yet."""
    now = page.line.clock.now()
    with open_archive(file) as archive:
        load(
            database, archive, now=now, replace=False,
            then=lambda conn: mark_put_back(conn, made_at=archive.contents.made_at, now=now, who="test"),
        )  # fmt: skip
    page.site.forget_requests()
    return replace(page, line=replace(page.line, on=replace(page.line.on, database=database)))
