"""The SMTP port: an event loop in a thread of its own, one conversation per connection."""

import asyncio
import socket
import threading
from collections.abc import Callable

from sandbox.mailbox.conversation import Conversation, Doorman, Post

BACKLOG = 128


class SmtpListener:
    """Binds at once, so that the port is known before anything starts; ``stop`` ends stalled conversations too."""

    def __init__(self, host: str, port: int, post: Post, doorman: Doorman) -> None:
        self._socket = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG
        )
        # Inherited by each connection: aiosmtpd writes its greeting of several lines in as many pieces.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port: int = self._socket.getsockname()[1]
        self._post = post
        self._doorman = doorman
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Serve in a background thread; returns once it listens, so that a stop right after it finds a running loop."""
        self._thread = threading.Thread(target=self._serve, name=f"sandbox-smtp:{self.port}", daemon=True)
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Stop serving and free the port. Twice is once."""
        if self._loop.is_closed():
            return
        if self._thread is None:
            self._socket.close()
            self._loop.close()
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(self._listen())
            self._loop.call_soon(self._ready.set)
            self._loop.run_forever()
            server.close()
            self._loop.run_until_complete(_end_conversations())
        finally:
            self._ready.set()
            self._loop.close()

    async def _listen(self) -> asyncio.Server:
        tls = self._doorman.tls if self._doorman.implicit_tls else None
        return await self._loop.create_server(self._conversation(), sock=self._socket, ssl=tls, backlog=BACKLOG)

    def _conversation(self) -> Callable[[], Conversation]:
        return lambda: Conversation(self._post, self._doorman, self._loop)


async def _end_conversations() -> None:
    """Cancel whatever still talks, sleeps or stalls, and wait until it is gone."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
