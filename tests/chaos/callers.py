"""Who calls: the process group that holds the other end of a connection, as the kernel tells (proc(5))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from tests.chaos.gate import Gate


def gate_among(gates: Iterable[Gate], port: int, nobody: Gate) -> Gate:
    """The gate of the process that calls from this port of 127.0.0.1; ``nobody`` where it is none of theirs."""
    socket = f"socket:[{_inode(port)}]"
    for gate in gates:
        if any(_holds(pid, socket) for pid in _members(gate.group)):
            return gate
    return nobody


def _inode(port: int) -> str:
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1] == f"0100007F:{port:04X}" and fields[9] != "0":
            return fields[9]
    return ""


def _members(group: int) -> Iterator[int]:
    """The leader of a group and its children."""
    yield group
    with suppress(OSError):
        yield from map(int, Path(f"/proc/{group}/task/{group}/children").read_text().split())


def _holds(pid: int, socket: str) -> bool:
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if str(entry.readlink()) == socket:
                    return True
    return False
