"""A backup holds everything, is whole or refused, and goes into either kind of database, all of it or nothing."""

from __future__ import annotations

import json
import stat
import tracemalloc
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text, update

from connector.backup.archive import CONTENTS, Archive, new_archive, open_archive
from connector.backup.contents import Part
from connector.backup.loading import load
from connector.backup.refusal import BackupRefused
from connector.backup.saving import NOT_KEPT, save
from connector.backup.values import from_line
from connector.migrations.apply import check_version
from connector.store import workspaces
from connector.store.engine import Database
from connector.store.errors import StoreUnavailable
from connector.store.schema import activity, metadata, page_table, workspace
from connector.store.workers import record_alive
from tests.clock import START
from tests.databases import closing
from tests.unit.web import made_up

KEY_TEXTS = (b"first-key", b"second-key")
LATER = START + timedelta(days=1)


@pytest.fixture
def filled(database: Database) -> Database:
    """Something in nearly every table."""
    made_up.fill(database, START)
    return database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without anything on SQLite; one with the schema and no rows on PostgreSQL."""
    with ExitStack() as kept:
        url = f"sqlite:///{tmp_path / 'target.sqlite3'}"
        if request.param == "postgres":
            url = kept.enter_context(request.getfixturevalue("postgres_template").copy())
        yield kept.enter_context(closing(url))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "okr.backup"


def nothing(_conn: Connection) -> None:
    """Nothing more is done."""


def put_back(file: Path, into: Database, *, replace: bool = False) -> None:
    with open_archive(file) as archive:
        load(into, archive, now=LATER, replace=replace, then=nothing)


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a backup holds."""
    with database.read() as conn:
        return {
            table.name: [tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table.name not in NOT_KEPT
        }


def test_everything_comes_back_in_either_kind_of_database(filled: Database, target: Database, file: Path) -> None:
    made = save(filled, KEY_TEXTS, file, START)
    put_back(file, target)
    before = rows(filled)
    assert rows(target) == before
    assert made.rows == sum(map(len, before.values())) > 40
    assert made.came_from == filled.engine.dialect.name
    check_version(target)


def test_new_rows_get_new_numbers(filled: Database, target: Database, file: Path) -> None:
    save(filled, KEY_TEXTS, file, START)
    put_back(file, target)
    with target.write() as conn:
        ids = {row.id for row in conn.execute(select(activity))}
        values = {"workspace_id": workspaces.all_ids(conn)[0], "at": START, "who": "", "text": "new", "url": ""}
        made = conn.execute(insert(activity).values(values).returning(activity.c.id)).scalar_one()
    assert made == max(ids) + 1


def test_the_service_goes_on_meanwhile_and_the_backup_is_of_one_moment(filled: Database, file: Path) -> None:
    """Somebody writes after the first table was read: of that the backup has nothing, also in tables read later."""
    before = rows(filled)
    written: list[int] = []

    def write() -> None:
        with filled.write() as conn:
            ws = workspaces.all_ids(conn)[0]
            conn.execute(update(workspace).values(name="Renamed"))
            conn.execute(insert(activity).values(workspace_id=ws, at=START, who="", text="new", url=""))

    def once(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM workspace" in statement and not written:
            written.append(1)
            with ThreadPoolExecutor(1) as thread:
                thread.submit(write).result(30)

    event.listen(filled.engine, "after_cursor_execute", once)
    save(filled, KEY_TEXTS, file, START)
    assert written
    with open_archive(file) as archive:
        assert {part.table: part.rows for part in archive.contents.parts} == {
            name: len(found) for name, found in before.items()
        }
        assert "Renamed" not in (archive_text(archive, "workspace"))
    assert rows(filled) != before


def archive_text(archive: Archive, table: str) -> str:
    (part,) = (each for each in archive.contents.parts if each.table == table)
    return b"".join(archive.lines(part)).decode()


class TestRefused:
    """And then nothing was changed."""

    def test_over_what_is_there_already(self, filled: Database, file: Path) -> None:
        save(filled, KEY_TEXTS, file, START)
        with filled.write() as conn:
            conn.execute(text("UPDATE cycle SET name = 'Changed'"))
        before = rows(filled)
        with pytest.raises(BackupRefused, match=r"not empty.*--replace"):
            put_back(file, filled)
        assert rows(filled) == before
        put_back(file, filled, replace=True)
        assert rows(filled) != before
        assert {row[3] for row in rows(filled)["cycle"]} != {"Changed"}

    def test_while_workers_use_the_database(self, filled: Database, file: Path) -> None:
        save(filled, KEY_TEXTS, file, START)
        with filled.write() as conn:
            record_alive(conn, "w9", started_at=START, seen_at=LATER - timedelta(seconds=30))
        with pytest.raises(BackupRefused, match="1 of the service's workers"):
            put_back(file, filled, replace=True)

    @pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 0.999])
    def test_a_file_that_was_cut_off(self, filled: Database, tmp_path: Path, file: Path, share: float) -> None:
        save(filled, KEY_TEXTS, file, START)
        whole = file.read_bytes()
        file.write_bytes(whole[: int(len(whole) * share)])
        with closing(f"sqlite:///{tmp_path / 'new.sqlite3'}") as new, pytest.raises(BackupRefused):
            put_back(file, new)
        assert not (tmp_path / "new.sqlite3").exists()

    def test_a_file_in_which_one_byte_is_another(self, sqlite_database: Database, file: Path) -> None:
        made_up.fill(sqlite_database, START)
        save(sqlite_database, KEY_TEXTS, file, START)
        whole = file.read_bytes()
        with zipfile.ZipFile(file) as zipped:
            places = [
                info.header_offset + 60 + len(info.filename) for info in zipped.infolist() if info.compress_size > 40
            ]
        for place in places:
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
            with pytest.raises(BackupRefused), open_archive(file):
                pass

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"format": 2}, "of the form 2"),
            ({"schema": "r9999"}, "newer version.*r9999"),
            ({"keys_sha256": "0"}, "damaged: secret.keys"),
            ({"parts": [{"table": "x"}]}, "cannot be read"),
            ({"program": "another"}, "of the form"),
        ],
    )
    def test_contents_that_do_not_fit(
        self, sqlite_database: Database, file: Path, changed: dict[str, Any], words: str
    ) -> None:
        save(sqlite_database, KEY_TEXTS, file, START)
        rewritten(file, lambda told: told | changed)
        with pytest.raises(BackupRefused, match=words):
            put_back(file, sqlite_database)

    @pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", None])
    def test_what_is_no_backup(self, tmp_path: Path, content: bytes | None) -> None:
        path = tmp_path / "other"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(BackupRefused), open_archive(path):
            pass
        with zipfile.ZipFile(path, "w") as zipped:
            zipped.writestr("something", "else")
        with pytest.raises(BackupRefused, match="no whole backup"), open_archive(path):
            pass

    def test_a_value_that_does_not_fit_leaves_nothing_half_done(self, sqlite_database: Database, file: Path) -> None:
        """Two rows of one number; and nothing of what stood there is gone."""
        save(sqlite_database, KEY_TEXTS, file, START)
        made_up.fill(sqlite_database, START)
        before = rows(sqlite_database)
        with open_archive(file) as archive:
            wrong = next(each for each in archive.contents.parts if each.table == "workspace")
            twice = b'[1,"A","2026-11-22T09:00:00+00:00",null,"","",false,[]]\n' * 2
            archive.lines = lambda part: iter(twice.splitlines() if part == wrong else [])  # type: ignore[method-assign]
            with pytest.raises(BackupRefused, match="workspace of the backup does not fit"):
                load(sqlite_database, archive, now=LATER, replace=True, then=nothing)
        assert rows(sqlite_database) == before


def rewritten(file: Path, change: Any) -> None:
    """The same file with other contents told."""
    with zipfile.ZipFile(file) as zipped:
        entries = {name: zipped.read(name) for name in zipped.namelist()}
    entries[CONTENTS] = json.dumps(change(json.loads(entries[CONTENTS]))).encode()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, content in entries.items():
            zipped.writestr(name, content)


def test_a_backup_of_an_older_version_is_brought_to_this_one(
    sqlite_database: Database, target: Database, file: Path, tmp_path: Path
) -> None:
    made_up.fill(sqlite_database, START)
    save(sqlite_database, KEY_TEXTS, file, START)
    older = tmp_path / "older.backup"
    new = {"delivery": {"page_id", "handling", "body"}, "page_table": {"put_back_at"}}
    with open_archive(file) as archive, new_archive(older) as writer:
        for part in archive.contents.parts:
            _add_without(writer, archive, part, new.get(part.table, set()))
        writer.finish(b"\n".join(KEY_TEXTS), made_at=START, schema="r0013", came_from="sqlite")
    put_back(older, target)
    check_version(target)
    assert rows(target) == rows(sqlite_database)


def _add_without(writer: Any, archive: Archive, part: Part, left_out: set[str]) -> None:
    kept = [name for name in part.columns if name not in left_out]
    places = [list(part.columns).index(name) for name in kept]
    lines = (json.dumps([json.loads(line)[place] for place in places]).encode() + b"\n" for line in archive.lines(part))
    writer.add_table(part.table, {name: part.columns[name] for name in kept}, lines)


class TestFile:
    """For its owner alone, under its name only when it is whole, and never in the place of another."""

    def test_its_mode(self, sqlite_database: Database, file: Path) -> None:
        save(sqlite_database, KEY_TEXTS, file, START)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        with open_archive(file) as archive:
            assert archive.keys() == KEY_TEXTS

    def test_what_is_there_stays(self, sqlite_database: Database, file: Path) -> None:
        file.write_text("precious")
        with pytest.raises(BackupRefused, match="never replaces"):
            save(sqlite_database, KEY_TEXTS, file, START)
        assert file.read_text() == "precious"

    def test_nothing_is_left_of_one_that_broke_off(self, sqlite_database: Database, tmp_path: Path) -> None:
        folder = tmp_path / "backups"
        folder.mkdir()

        def lines() -> Iterator[bytes]:
            yield b"[1]\n"
            raise StoreUnavailable("gone")

        with pytest.raises(StoreUnavailable), new_archive(folder / "x") as writer:
            writer.add_table("work", {"id": "integer"}, lines())
        assert list(folder.iterdir()) == []

    def test_a_folder_that_is_not_there(self, sqlite_database: Database, tmp_path: Path) -> None:
        with pytest.raises(BackupRefused, match="No such file"):
            save(sqlite_database, KEY_TEXTS, tmp_path / "none" / "x", START)


def test_a_line_that_is_none_is_refused() -> None:
    for line in (b"", b"[1,2]", b"{}", b'["x"]', b"null"):
        with pytest.raises(BackupRefused):
            from_line(line, ["time"])


def test_much_takes_little_memory(sqlite_database: Database, file: Path, tmp_path: Path) -> None:
    """Of 40 MB of rows a small part is in memory at a time, in both directions."""
    made_up.fill(sqlite_database, START)
    with sqlite_database.write() as conn:
        one = dict(conn.execute(select(page_table)).mappings().first() or {})
        for number in range(200):
            large = {"id": 1000 + number, "region_id": f"r{number}", "read_back": {"x": f"{number}" * 60_000}}
            conn.execute(insert(page_table).values(one | large))
    with closing(f"sqlite:///{tmp_path / 'large.sqlite3'}") as other:
        tracemalloc.start()
        save(sqlite_database, KEY_TEXTS, file, START)
        put_back(file, other)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        with other.read() as conn:
            assert conn.execute(text("SELECT count(*) FROM page_table")).scalar_one() > 200
    assert peak < 40_000_000
