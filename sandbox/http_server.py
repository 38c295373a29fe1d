"""A small HTTP/1.1 server for the stand-ins: it answers in one write, and can misbehave on the socket when told to.

Built on `http.server.ThreadingHTTPServer` (one thread per connection, keep-alive). A handler is a plain function from
`Request` to `Response`, or to `Wire`, the exact bytes and pauses of a fault. Loopback by default; port 0 takes a free
port. Times are seconds.
"""

import logging
import socket
import ssl
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.http_messages import Handler, Json, Request, Response, Wire, json_response, text_response

__all__ = [
    "Handler",
    "HttpService",
    "Json",
    "Request",
    "Response",
    "Wire",
    "json_response",
    "server_tls",
    "text_response",
]

MAX_REQUEST_BYTES = 8 * 1024 * 1024
IDLE_SECONDS = 60.0
_CHUNK_LINE_BYTES = 1024
_log = logging.getLogger(__name__)


def server_tls(certificate: str, key: str, client_ca: str | None = None) -> ssl.SSLContext:
    """Return a TLS context from PEM files; with `client_ca` a client certificate signed by it is required."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if client_ca is not None:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


class HttpService:
    """A running stand-in: `start()`, `url`, `stop()`, or a context manager that does both."""

    def __init__(
        self, handler: Handler, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """Bind at once, so that the port is known (and a taken one is an OSError) before anything starts."""
        self._server = _Server((host, port), handler, tls)
        self._host = host
        self._scheme = "http" if tls is None else "https"
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port really bound."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The base address, without a trailing slash."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{self._scheme}://{host}:{self.port}"

    def start(self) -> Self:
        """Serve in a background thread."""
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name=f"sandbox:{self.port}", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, end every open connection (stalled ones too) and free the port. Twice is once."""
        self._server.stopping.set()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.end_connections()
        self._server.server_close()

    def __enter__(self) -> Self:
        """Start serving."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving, whatever happened inside."""
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: Handler, tls: ssl.SSLContext | None) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Conversation)
        self.handler = handler
        self.stopping = threading.Event()
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()

    def finish_request(  # type: ignore[override]
        self, request: socket.socket, client_address: tuple[str, int]
    ) -> None:
        """Shake hands in the connection's own thread, so that a slow client never blocks the accept loop."""
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            request.settimeout(IDLE_SECONDS)
            connection = request if self._tls is None else self._tls.wrap_socket(request, server_side=True)
        except OSError:
            return  # a refused handshake is the client's finding, not an error of the stand-in
        with self._open_lock:
            self._open.add(connection)
        try:
            _Conversation(connection, client_address, self)
        finally:
            with self._open_lock:
                self._open.discard(connection)
            if connection is not request:
                connection.close()

    def end_connections(self) -> None:
        """Shut down what keep-alive or a stall holds open."""
        with self._open_lock:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # its own thread was quicker

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 (signature of the library)
        """Log a failing handler; the client sees its connection end. Nothing of the request is written down."""
        _log.exception("A sandbox handler failed")


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's parameter name)
        """Write no access log: addresses may hold identifiers."""

    def handle(self) -> None:
        """Serve requests until either side ends the connection; a vanished client is not an error."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError, ssl.SSLError):
            self.close_connection = True

    def serve(self) -> None:
        """Read one request, ask the handler, write its answer."""
        body = self._read_body()
        if isinstance(body, Response):
            self.close_connection = True
            self.connection.sendall(body.as_bytes())
            return
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        answer = self.server.handler(request)
        if isinstance(answer, Wire):
            self._misbehave(answer)
        elif not self._stopped_within(answer.delay):
            self.connection.sendall(answer.as_bytes(head_only=self.command == "HEAD"))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815 (the library's names)
    do_OPTIONS = do_TRACE = do_QUERY = serve  # noqa: N815 (answered by the handler, not by the library's 501 page)

    def _read_body(self) -> bytes | Response:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._read_chunks()
        stated = self.headers.get("Content-Length", "0")
        if not (stated.isascii() and stated.isdigit()):
            return text_response("Content-Length is not a number", 400)
        length = int(stated)
        if length > MAX_REQUEST_BYTES:
            return text_response("Request too large", 413)
        body = self.rfile.read(length)
        return body if len(body) == length else text_response("Body shorter than announced", 400)

    def _read_chunks(self) -> bytes | Response:
        body = bytearray()
        while True:
            line = self.rfile.readline(_CHUNK_LINE_BYTES)
            try:
                size = int(line.split(b";")[0], 16)
            except ValueError:
                return text_response("Bad chunk", 400)
            if size < 0 or len(body) + size > MAX_REQUEST_BYTES:
                return text_response("Request too large", 413)
            body += self.rfile.read(size)
            if size == 0:
                while self.rfile.readline(_CHUNK_LINE_BYTES).strip():
                    pass  # trailers are allowed and mean nothing here
                return bytes(body)
            self.rfile.readline(_CHUNK_LINE_BYTES)

    def _stopped_within(self, seconds: float) -> bool:
        return seconds > 0 and self.server.stopping.wait(seconds)

    def _misbehave(self, wire: Wire) -> None:
        self.close_connection = True
        for pause, part in wire.parts:
            if self._stopped_within(pause):
                return
            if part:
                self.connection.sendall(part)
        if wire.reset:
            # Linger of zero seconds: closing sends RST and drops what is unsent.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.rfile.close()
            self.connection.close()
