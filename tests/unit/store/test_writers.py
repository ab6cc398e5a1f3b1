"""Many writers at once, and writers that are killed: nothing is refused, nothing is half there, nothing is lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from connector.store.engine import Database
from tests.databases import closing

ADD = "INSERT INTO workspace (name, created_at) VALUES (:name, '2026-11-22 09:00:00.000000')"

WRITE_MANY = f"""
import sys
from sqlalchemy import text
from connector.store.engine import Database, make_engine
db = Database(make_engine(sys.argv[1]))
for number in range(25):
    with db.write() as conn:
        conn.execute(text("SELECT count(*) FROM workspace")).scalar_one()
        conn.execute(text("{ADD}"), {{"name": "x"}})
"""


def _count(db: Database) -> int:
    with db.read() as conn:
        count: int = conn.execute(text("SELECT count(*) FROM workspace")).scalar_one()
        return count


def test_fifty_threads_and_four_processes_write_to_sqlite_and_none_finds_it_locked(sqlite_url: str) -> None:
    def write(db: Database, number: int) -> None:
        for _ in range(4):
            with db.write() as conn:
                # Reading first is what makes a deferred transaction fail when it turns into a writing one.
                conn.execute(text("SELECT count(*) FROM workspace")).scalar_one()
                conn.execute(text(ADD), {"name": str(number)})

    command = [sys.executable, "-c", WRITE_MANY, sqlite_url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    with closing(sqlite_url) as db, ThreadPoolExecutor(50) as threads:
        writing = [threads.submit(write, db, number) for number in range(50)]
        for each in writing:
            each.result(60)
        assert [process.communicate(timeout=60)[1] for process in processes] == [""] * 4
        assert _count(db) == 50 * 4 + 4 * 25


WRITE_PAIRS = f"""
import sys
from sqlalchemy import text
from connector.store.engine import Database, make_engine
db = Database(make_engine(sys.argv[1]))
number = 0
while True:
    number += 1
    with db.write() as conn:
        for half in "ab":
            conn.execute(text("{ADD}"), {{"name": f"{{sys.argv[2]}} {{number}} {{half}}"}})
    print(number, flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_writer_that_is_killed_leaves_all_that_it_had_told_and_nothing_half(
    database: Database, database_url: str, seed: int
) -> None:
    told = 0
    for life in range(2):
        command = [sys.executable, "-c", WRITE_PAIRS, database_url, str(life)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.Random(seed * 10 + life).uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        told += 1 + len(process.stdout.read().split())
        process.wait(10)
        process.stdout.close()
    with database.read() as conn:
        names = [name.split() for name in conn.execute(text("SELECT name FROM workspace ORDER BY id")).scalars()]
    assert [half for *_, half in names] == ["a", "b"] * (len(names) // 2)
    # At most the pair of each life that was committed and not told yet is there besides.
    assert told <= len(names) // 2 <= told + 2


HALF = f"""
import sys, time
from sqlalchemy import text
from connector.store.engine import Database, make_engine
with Database(make_engine(sys.argv[1])).write() as conn:
    conn.execute(text("{ADD}"), {{"name": "half"}})
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_writer_that_is_killed_in_the_middle_leaves_nothing_and_holds_nobody_up(
    database: Database, database_url: str
) -> None:
    process = subprocess.Popen([sys.executable, "-c", HALF, database_url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.wait(10)
    process.stdout.close()
    with database.write() as conn:
        conn.execute(text(ADD), {"name": "afterwards"})
    assert _count(database) == 1
