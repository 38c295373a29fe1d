"""Our own TCP proxy that disturbs: latency, pieces, a cut, a reset, silence in either direction, or nobody there.

It stands between us and a stand-in and knows no protocol. A disturbance begins when the client has said certain bytes,
so that the answer to one command can be lost and all before it pass.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Any, Self

READ_BYTES = 64 * 1024
_LINGER_NOT = struct.pack("ii", 1, 0)


class Direction(Enum):
    """Which way the bytes go that are disturbed."""

    UP = "from the client to the server"
    DOWN = "from the server to the client"


class End(Enum):
    """What happens when the limit is reached."""

    CLOSE = "the connection is closed, as if all had been said"
    RESET = "the client's connection is reset"
    SILENCE = "the connection stays open, and nothing more comes"


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What is done to connections from now on; without any field, nothing."""

    direction: Direction = Direction.DOWN
    after: bytes = b""
    """Begins when the client has said these bytes on its connection."""
    times: int = 1_000_000
    """How many connections are disturbed."""
    latency: float = 0.0
    """Seconds before each piece."""
    piece: int = READ_BYTES
    """Bytes passed on at once."""
    limit: int | None = None
    """Bytes passed on in all, from the beginning of the disturbance."""
    end: End = End.CLOSE


CALM = Disturbance(times=0)


def latency(seconds: float, **more: Any) -> Disturbance:  # noqa: ANN401 - the other fields of a disturbance
    """Every piece comes later."""
    return Disturbance(latency=seconds, **more)


def slicer(size: int, gap: float, **more: Any) -> Disturbance:  # noqa: ANN401
    """Small pieces with a pause before each (M6)."""
    return Disturbance(piece=size, latency=gap, **more)


def limit_data(size: int, **more: Any) -> Disturbance:  # noqa: ANN401
    """Cut after so many bytes, with an orderly end (M7)."""
    return Disturbance(limit=size, **more)


def reset_peer(size: int = 0, **more: Any) -> Disturbance:  # noqa: ANN401
    """Reset after so many bytes (F41)."""
    return Disturbance(limit=size, end=End.RESET, **more)


def blackhole(size: int = 0, **more: Any) -> Disturbance:  # noqa: ANN401
    """Nothing after so many bytes, for ever (F32)."""
    return Disturbance(limit=size, end=End.SILENCE, **more)


@dataclass
class _Connection:
    """One connection on its way, and what was said on it."""

    client: asyncio.StreamWriter
    plan: Disturbance = CALM
    said: bytearray = field(default_factory=bytearray)
    passed: int = 0


class FaultProxy:
    """Listens on a free port of this machine and passes on to a server; a context manager, with a thread of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._plan = CALM
        self._left = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.disturbed = 0
        """Connections that were disturbed since the beginning."""

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        self._wait(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop every connection and stop listening."""
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def disturb(self, plan: Disturbance) -> None:
        """Disturb what is said from now on, on old connections and new ones."""
        self._plan, self._left = plan, plan.times

    def calm(self) -> None:
        """Disturb nobody any more; what is disturbed already stays so."""
        self.disturb(CALM)

    def down(self) -> None:
        """Nobody listens any more, and every connection is gone."""
        self._wait(self._close())

    def up(self) -> None:
        """Listen again, on the same port."""
        self._wait(self._listen())

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        done: Future[None] = asyncio.run_coroutine_threadsafe(work, self._loop)
        done.result()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        ends = [writer]
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._target)
            ends.append(server_writer)
            one = _Connection(writer)
            await asyncio.gather(
                self._carry(one, reader, server_writer, Direction.UP),
                self._carry(one, server_reader, writer, Direction.DOWN),
            )
        except (OSError, asyncio.CancelledError):
            return  # one side is gone, or the proxy is: so is the connection
        finally:
            for end in ends:
                end.close()

    async def _carry(
        self, one: _Connection, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: Direction
    ) -> None:
        """Pass on one direction until its end."""
        while data := await source.read(READ_BYTES):
            if way is Direction.UP:
                one.said += data
            self._wake(one)
            if one.plan is CALM or one.plan.direction is not way:
                sink.write(data)
                await sink.drain()
            elif not await _pass_on(one, data, sink):
                return
        if sink.can_write_eof():
            sink.write_eof()

    def _wake(self, one: _Connection) -> None:
        """Whether this connection is to be disturbed from here on."""
        if one.plan is CALM and self._left > 0 and self._plan.after in one.said:
            one.plan = self._plan
            self._left -= 1
            self.disturbed += 1


async def _pass_on(one: _Connection, data: bytes, sink: asyncio.StreamWriter) -> bool:
    """Pass on as the disturbance says; False when nothing more is to be passed on."""
    plan = one.plan
    for start in range(0, len(data), plan.piece):
        piece = data[start : start + plan.piece]
        if plan.limit is not None:
            piece = piece[: plan.limit - one.passed]
        await asyncio.sleep(plan.latency)
        sink.write(piece)
        await sink.drain()
        one.passed += len(piece)
        if plan.limit is not None and one.passed >= plan.limit:
            await _end(one)
            return False
    return True


async def _end(one: _Connection) -> None:
    """The end of a connection, in one of three ways; raises ``ConnectionError`` where it is over for both sides."""
    match one.plan.end:
        case End.SILENCE:
            await asyncio.Event().wait()
        case End.RESET:
            peer: socket.socket = one.client.get_extra_info("socket")
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            one.client.transport.abort()
            raise ConnectionResetError
        case End.CLOSE:
            raise ConnectionAbortedError
