"""A total limit for one HTTP call, kept even against a server that drips bytes, and the moment its first byte leaves.

The timeouts of requests are per read (M6). Here a timer ends the TCP connection itself when the time is up, so that
every phase ends: handshake, headers and body. Name resolution and connecting have limits of their own.
"""

import os
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from connectors.failures import Call, DeadlineError

_current = threading.local()


class Deadline:
    """The time that a call has in all, over its retries, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._end - time.monotonic())


class Watch:
    """Guards one attempt in its own thread; at the deadline the connection is shut down under the reader."""

    def __init__(self, deadline: Deadline, call: Call) -> None:
        self._deadline = deadline
        self._call = call
        self._lock = threading.Lock()
        self._double: socket.socket | None = None
        self._expired = False
        self._timer = threading.Timer(deadline.remaining(), self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Start the clock; the connections of this thread find this watch by themselves."""
        _current.watch = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the clock and let go of the connection. An end by the clock is told as such, whatever it looked like."""
        self._timer.cancel()
        _current.watch = None
        with self._lock:
            if self._double is not None:
                self._double.close()
                self._double = None
        if self._expired and (error is None or isinstance(error, Exception)):
            raise DeadlineError(self._deadline.seconds) from None

    def connected(self, connection: socket.socket) -> None:
        """Hold a second descriptor of this connection: it stays valid while TLS wraps the first one."""
        with self._lock:
            if self._double is not None:
                self._double.close()
            self._double = socket.socket(fileno=os.dup(connection.fileno()))
        if self._expired:
            self._shut_down()

    def leaving(self, connection: socket.socket) -> None:
        """Called just before bytes leave; after the deadline none may."""
        with self._lock:
            held = self._double is not None
        if not held:
            self.connected(connection)
        if self._expired:
            raise DeadlineError(self._deadline.seconds)
        self._call.left = True

    def _expire(self) -> None:
        self._expired = True
        self._shut_down()

    def _shut_down(self) -> None:
        with self._lock:
            if self._double is None:
                return
            try:
                self._double.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was quicker: the reader sees its end either way


def _watch() -> Watch | None:
    watch: Watch | None = getattr(_current, "watch", None)
    return watch


class _WatchedHttp(HTTPConnection):
    """A connection that tells the thread's watch when it is made and when it sends."""

    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        if (watch := _watch()) is not None:
            watch.connected(connection)
        return connection

    def send(self, data: Any) -> None:  # noqa: ANN401 (the signature of http.client)
        """Connect first, so that whatever fails until then provably sent nothing."""
        if self.sock is None:
            self.connect()
        if (watch := _watch()) is not None:
            watch.leaving(self.sock)
        super().send(data)


class _WatchedHttps(_WatchedHttp, HTTPSConnection):
    """The same over TLS: urllib3's connection calls ours for the TCP part."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


class WatchedAdapter(HTTPAdapter):
    """The requests adapter over watched connections; it never retries by itself."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:  # noqa: ANN401, FBT001, FBT002 (the signature of requests)
        """Build the pools from our own connections."""
        super().init_poolmanager(connections, maxsize, block=block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
