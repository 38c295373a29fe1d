"""The standard library's SMTP client, bounded: a timeout for each wait, one deadline for all, a size for each reply.

smtplib alone waits per read: a server that drips one byte at a time would hold us for as long as it likes.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress

from connectors.mail.access import SmtpAccess
from connectors.mail.deadline import Deadline
from domain.failpoints import failpoint

MAX_REPLY_BYTES = 64 * 1024
READ_BYTES = 4096
SEND_BYTES = 16 * 1024
END_OF_DATA = b".\r\n"
REPLY_LINE = re.compile(rb"(?P<code>[2-5][0-9]{2})(?:(?P<more>[ -])(?P<text>.*?))?\r?\n")
"""RFC 5321, 4.2: three digits, a hyphen where more lines follow, text."""


class ReplyReader:
    """Reads reply lines; what came in beyond a line stays visible as ``pending``."""

    def __init__(self, sock: socket.socket, deadline: Deadline, timeout: float) -> None:
        self._sock = sock
        self._deadline = deadline
        self._timeout = timeout
        self._buffer = bytearray()
        self._budget = MAX_REPLY_BYTES

    @property
    def pending(self) -> int:
        """Bytes received that belong to no reply yet."""
        return len(self._buffer)

    def begin_reply(self) -> None:
        """Give the next reply its full size again."""
        self._budget = MAX_REPLY_BYTES

    def readline(self) -> bytes:
        """One line with its end, or what is there at the end of the stream; OSError when a reply never ends."""
        while (end := self._buffer.find(b"\n")) < 0:
            self._sock.settimeout(self._deadline.at_most(self._timeout))
            received = self._sock.recv(READ_BYTES)
            if not received:
                return bytes(self._buffer)
            self._buffer += received
            self._spend(len(received))
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        return line

    def _spend(self, size: int) -> None:
        self._budget -= size
        if self._budget < 0:
            raise OSError("reply too long")


class BoundedSmtp(smtplib.SMTP):
    """An SMTP client that cannot be held longer than its deadline."""

    def __init__(self, deadline: Deadline, access: SmtpAccess) -> None:
        super().__init__(local_hostname=access.greeting_name, timeout=access.connect_timeout)
        self._deadline = deadline
        self._connect_timeout = access.connect_timeout
        self._reply_timeout = access.reply_timeout
        self._reader: ReplyReader | None = None

    def open(self, host: str, port: int, tls: ssl.SSLContext | None) -> tuple[int, bytes]:
        """Connect (inside TLS from the first byte if ``tls`` is given) and return the server's greeting."""
        self.sock = self._connected(host, port)
        if tls is not None:
            self.wrap(tls, host)
        return self.getreply()

    def wrap(self, tls: ssl.SSLContext, host: str) -> None:
        """Start TLS on the connection and forget all that was said before it (RFC 3207, 4.2).

        Bytes that arrived in clear beyond the last reply were slipped in by somebody: SSLError.
        """
        if self._reader is not None and self._reader.pending:
            raise ssl.SSLError("bytes in clear after the answer to STARTTLS")
        plain = self._socket()
        plain.settimeout(self._deadline.at_most(self._reply_timeout))
        self.sock = tls.wrap_socket(plain, server_hostname=host)
        self._reader = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def getreply(self) -> tuple[int, bytes]:
        """One reply, one line or more. Anything but a whole, well-formed one ends the connection.

        smtplib's own would take a line without its end for an answer, and report a line too long as code 500.
        """
        if self._reader is None:
            self._reader = ReplyReader(self._socket(), self._deadline, self._reply_timeout)
        self._reader.begin_reply()
        code = b""
        texts: list[bytes] = []
        while True:
            line = REPLY_LINE.fullmatch(self._reader.readline())
            if line is None or line["code"] != (code or line["code"]):
                self.close()
                raise smtplib.SMTPServerDisconnected("no whole reply")
            code = line["code"]
            texts.append(line["text"] or b"")
            if line["more"] != b"-":
                return int(code), b"\n".join(texts)

    def send(self, s: str | bytes) -> None:  # type: ignore[override]  # (typeshed names a wider buffer type)
        """Send all of it in pieces, each within what is left of the time."""
        data = s.encode(self.command_encoding) if isinstance(s, str) else s
        sock = self._socket()
        for start in range(0, len(data), SEND_BYTES):
            sock.settimeout(self._deadline.at_most(self._reply_timeout))
            sock.sendall(data[start : start + SEND_BYTES])

    def send_content(self, message: bytes) -> None:
        """Send the message after 354, without the line that ends it.

        Up to here the server cannot have taken it: RFC 5321 (3.3, 4.1.1.4) makes it the server's only after the dot.
        """
        self.send(b"".join(_dot_stuffed(message)))

    def end_content(self) -> tuple[int, bytes]:
        """Send the line with the single dot and return the answer that decides."""
        self.send(END_OF_DATA)
        failpoint("mail.after_dot")
        return self.getreply()

    def farewell(self, seconds: float) -> None:
        """Say QUIT and wait a moment for the answer; any failure of it is of no consequence."""
        self._deadline.shorten(seconds)
        with suppress(OSError, smtplib.SMTPException):
            self.docmd("QUIT")

    def _socket(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.sock

    def _connected(self, host: str, port: int) -> socket.socket:
        """The first address that answers, all of them together within the deadline. (Name resolution has its own.)"""
        failure: OSError = OSError("no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self._deadline.at_most(self._connect_timeout))
                sock.connect(address)
                # The dot goes alone, after the message: without this it would wait for a delayed acknowledgement.
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as refused:
                sock.close()
                failure = refused
            else:
                return sock
        raise failure


def _dot_stuffed(message: bytes) -> Iterator[bytes]:
    """The lines of a CRLF message, a leading dot doubled (RFC 5321, 4.5.2), the last line ended."""
    for line in message.removesuffix(b"\r\n").split(b"\r\n"):
        yield b"." + line + b"\r\n" if line.startswith(b".") else line + b"\r\n"
