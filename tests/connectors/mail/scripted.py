"""A server that says exactly what a test wrote down, byte by byte; aiosmtpd is too well-behaved for some of it."""

import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

Say = bytes | None
"""Bytes to send, or None to wait for the client's next line or, after DATA, for its final dot."""


class ScriptedServer:
    """Follows its script for one connection, then drips its last words until it is stopped."""

    def __init__(self, script: Sequence[Say], *, drip: bytes = b"", pause: float = 0.05) -> None:
        self._script = script
        self._drip = drip
        self._stopping = threading.Event()
        self._pause = pause
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port: int = self._listener.getsockname()[1]
        self.heard = b""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        connection.settimeout(5)
        with connection, connection.makefile("rb") as incoming:
            try:
                for part in self._script:
                    if part is None:
                        self.heard += incoming.readline()
                    else:
                        connection.sendall(part)
                while self._drip and not self._stopping.wait(self._pause):
                    connection.sendall(self._drip)
            except OSError:
                return  # the client has had enough, which is what most of these tests are about


def until_dot(*answers: bytes) -> list[Say]:
    """The script of a whole polite mail whose message (of any length) is answered with ``answers``."""
    opening: list[Say] = [b"220 ready\r\n", None, b"250 hello\r\n", None, b"250 ok\r\n", None, b"250 ok\r\n", None]
    return [*opening, b"354 go\r\n", *answers]
