"""All state of the stand-in site: JSON documents in memory, each change written to one SQLite file."""

import json
import sqlite3
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.site.page_events import PageEvent

Document = dict[str, Any]
CLOCK = ("meta", "clock")
"""Where a moment is kept at which the site's clock stands still; nothing there while it runs."""

_SCHEMA = """
create table if not exists documents (
    table_name text not null, key text not null, value text not null, primary key (table_name, key)
) without rowid
"""


class Store:
    """Tables of JSON documents, kept over restarts.

    The dictionaries in memory are the working state. Whoever reads or changes anything holds `lock` (re-entrant), and
    calls `put` after changing a document, which writes it to the file.
    """

    def __init__(
        self,
        path: Path | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        """Open or make the file at `path`; None keeps everything in memory only. `clock` and `new_id` (a fresh UUID as
        text) are what a test hands in that wants the same story twice."""
        self.lock = threading.RLock()
        self.new_id = new_id
        self.page_listeners: list[Callable[[PageEvent], None]] = []
        self._clock = clock
        self._tables: dict[str, dict[str, Document]] = {}
        self._versions: dict[str, int] = {}
        self._first_version = int(clock().timestamp() * 1000)
        self._file = None if path is None else _opened(path)
        kept = self._file.execute("select table_name, key, value from documents") if self._file else ()
        for table, key, value in kept:
            self._tables.setdefault(table, {})[key] = json.loads(value)

    def put(self, table: str, key: str, value: Document) -> None:
        """Keep `value` (JSON types only) under `key`, replacing what was there."""
        with self.lock:
            self._tables.setdefault(table, {})[key] = value
            if self._file:
                row = (table, key, json.dumps(value))
                self._file.execute("insert or replace into documents values (?, ?, ?)", row)

    def put_many(self, table: str, values: Mapping[str, Document]) -> None:
        """Like `put` for many documents at once, in one transaction."""
        with self.lock:
            self._tables.setdefault(table, {}).update(values)
            if self._file:
                rows = ((table, key, json.dumps(value)) for key, value in values.items())
                self._file.execute("begin")
                self._file.executemany("insert or replace into documents values (?, ?, ?)", rows)
                self._file.execute("commit")

    def delete(self, table: str, key: str) -> None:
        """Forget the document; nothing happens if there is none."""
        with self.lock:
            self._tables.get(table, {}).pop(key, None)
            if self._file:
                self._file.execute("delete from documents where table_name = ? and key = ?", (table, key))

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self._tables.clear()
            if self._file:
                self._file.execute("delete from documents")

    def get(self, table: str, key: str) -> Document | None:
        """The document itself, not a copy; None if there is none."""
        return self._tables.get(table, {}).get(key)

    def all(self, table: str) -> dict[str, Document]:
        """The live dictionary of a table, to read; change it by `put` and `delete` only."""
        return self._tables.setdefault(table, {})

    def next_id(self, name: str, first: int) -> int:
        """The next number of a sequence that starts at `first` and survives restarts."""
        with self.lock:
            value = self.all("sequences").get(name, {"next": first})["next"]
            self.put("sequences", name, {"next": value + 1})
            return int(value)

    def bump(self, *subjects: str) -> None:
        """Say that something a person may be looking at changed: `issue/PAY-412`, `page/65540`."""
        with self.lock:
            for subject in subjects:
                self._versions[subject] = self.version(subject) + 1

    def version(self, subject: str) -> int:
        """A number that is another one after each `bump` of the subject, and after a restart."""
        return self._versions.get(subject, self._first_version)

    def now(self) -> datetime:
        """The site's clock: aware, UTC, whole milliseconds."""
        still = self.get(*CLOCK)
        now = (datetime.fromisoformat(still["at"]) if still else self._clock()).astimezone(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file:
            self._file.close()


def _opened(path: Path) -> sqlite3.Connection:
    # isolation_level=None: every statement commits by itself. A killed process loses nothing that was answered;
    # only a failing machine could, which no test stages. So synchronous=off, which makes a change cheap.
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    file.execute("pragma journal_mode = wal")
    file.execute("pragma synchronous = off")
    file.execute(_SCHEMA)
    return file
