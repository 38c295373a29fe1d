"""What travels over HTTP in a stand-in: the request, the answer, and `Wire`, a misbehaviour on the socket."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self, TypeAlias

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Request:
    """One request: decoded path without query, last value of each query name, header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return a header's value, or an empty string when it was not sent."""
        return self.headers.get(name.lower(), "")

    def json(self) -> Json:
        """Return the body as JSON; raises ValueError when it is not JSON in UTF-8."""
        value: Json = json.loads(self.body.decode("utf-8"))
        return value


@dataclass(frozen=True, slots=True)
class Response:
    """One well-behaved answer; `delay` seconds pass before its first byte."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0

    def head(self, *, content_length: int | None) -> bytes:
        """Return the status line and headers; without a length the client reads until the connection ends."""
        try:
            reason = HTTPStatus(self.status).phrase
        except ValueError:
            reason = "Unknown"
        lines = [f"HTTP/1.1 {self.status} {reason}", *(f"{name}: {value}" for name, value in self.headers.items())]
        if content_length is None:
            lines.append("Connection: close")
        else:
            lines.append(f"Content-Length: {content_length}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def as_bytes(self, *, head_only: bool = False) -> bytes:
        """Return the whole answer, ready for one write."""
        head = self.head(content_length=len(self.body))
        return head if head_only else head + self.body


@dataclass(frozen=True, slots=True)
class Wire:
    """A misbehaviour on the socket: each part is written after its pause, then the connection ends.

    `reset` ends it with a TCP reset instead of an orderly close. The connection is never used again.
    """

    parts: tuple[tuple[float, bytes], ...] = ()
    reset: bool = False

    @classmethod
    def reset_at_once(cls) -> Self:
        """Reset the connection without a byte of an answer."""
        return cls(reset=True)

    @classmethod
    def stall(cls, seconds: float) -> Self:
        """Keep the connection open and silent, then reset it."""
        return cls(parts=((seconds, b""),), reset=True)

    @classmethod
    def cut(cls, response: Response, keep: int, *, length: int | None) -> Self:
        """Send only the first `keep` bytes of the body, announcing `length` bytes (None: no Content-Length)."""
        return cls(parts=((response.delay, response.head(content_length=length) + response.body[:keep]),))

    @classmethod
    def drip(cls, response: Response, pause: float, size: int = 1) -> Self:
        """Send the whole answer in pieces of `size` bytes with a pause before each: no single read ever times out."""
        raw = response.as_bytes()
        return cls(parts=tuple((pause, raw[start : start + size]) for start in range(0, len(raw), size)))


Handler: TypeAlias = Callable[[Request], Response | Wire]


def json_response(value: Json, status: int = 200) -> Response:
    """Return a JSON answer in UTF-8."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8")
    return Response(status, {"Content-Type": "application/json; charset=utf-8"}, body)


def text_response(text: str, status: int, content_type: str = "text/plain") -> Response:
    """Return a text answer in UTF-8."""
    return Response(status, {"Content-Type": f"{content_type}; charset=utf-8"}, text.encode("utf-8"))
