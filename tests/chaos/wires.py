"""Wires between a process and a server, on ports that stay: every call leads through the gate of its process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from tests.chaos.conversations import Opened
from tests.chaos.gate import Gate

CHUNK = 65536
T = TypeVar("T")


@dataclass
class Wire:
    """``target`` is the path of a socket, or a port of this machine; ``gate_of`` tells whose call it is by the port
    from which it comes. ``cut``: nobody gets through."""

    target: str | int
    opened: Opened
    gate_of: Callable[[int], Gate]
    port: int = 0
    cut: bool = False
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def end(self) -> None:
        """Nobody listens any more."""
        if self._server is not None:
            self._server.close()
        await self.drop()

    async def drop(self) -> None:
        """End every connection that is open."""
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _serve(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        far_out: asyncio.StreamWriter | None = None
        try:
            if self.cut:
                return
            far_in, far_out = await self._reach()
            self._open |= {near_out, far_out}
            gate, talk = self.gate_of(near_out.get_extra_info("peername")[1]), self.opened()
            there = asyncio.ensure_future(_pass(near_in, far_out, gate, "before", talk.sent))
            back = asyncio.ensure_future(_pass(far_in, near_out, gate, "after", talk.answered))
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            there.cancel()
            back.cancel()
        except OSError:
            pass
        finally:
            for writer in (near_out, far_out):
                if writer is not None:
                    self._open.discard(writer)
                    writer.transport.abort()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, int):
            return await asyncio.open_connection("127.0.0.1", self.target)
        return await asyncio.open_unix_connection(self.target)


async def _pass(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: Gate, when: str, named: Callable[[bytes], str]
) -> None:
    with suppress(OSError):
        while data := await source.read(CHUNK):
            call = named(data)
            if call and not await gate.passes(when, call):
                return
            sink.write(data)
            await sink.drain()


class Switchboard:
    """All wires, on a thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._wires: list[Wire] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def wire(self, target: str | int, opened: Opened, gate_of: Callable[[int], Gate]) -> Wire:
        """A new one that listens."""
        made = Wire(target, opened, gate_of)
        self._do(made.start())
        self._wires.append(made)
        return made

    def drop(self, wire: Wire) -> None:
        self._do(wire.drop())

    def let_go(self, gate: Gate) -> None:
        """A stopped process goes on: what was on its way arrives."""
        self._loop.call_soon_threadsafe(gate.let_go)

    def _do(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _end(self) -> None:
        for wire in self._wires:
            await wire.end()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
