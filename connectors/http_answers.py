"""One HTTP answer, read whole and judged before anybody parses it: size, length, type, encoding (F37, F38, S5)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from connectors.failures import ForeignError, StatusError, UnreadableError, WireError
from connectors.strict_json import read_object

_PIECE = 64 * 1024
_PROBLEM_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_LONGEST_WAIT = timedelta(days=1)
_SUCCESS = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status, headers by lower-case name, body as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def media_type(self) -> tuple[str, str]:
        """The content type in lower case, and its charset, ``utf-8`` where none is told."""
        message = Message()
        message["Content-Type"] = self.headers.get("content-type", "")
        if "content-type" not in self.headers:
            return "", "utf-8"
        charset = message.get_param("charset")
        return message.get_content_type(), charset.lower() if isinstance(charset, str) else "utf-8"

    def demand(self, *media_types: str) -> None:
        """Raise unless the body is of one of these types, in UTF-8: a proxy's page under 200 is no answer (F37)."""
        if not self.body:
            raise UnreadableError("the answer is empty", code="EMPTY")
        kind, charset = self.media_type()
        if kind not in media_types:
            code = "HTML_PAGE" if kind == "text/html" else "CONTENT_TYPE"
            raise UnreadableError("the answer is of another type than agreed, perhaps a proxy's page", code=code)
        if charset not in {"utf-8", "utf8", "us-ascii"}:
            raise ForeignError("the answer is in another encoding than agreed", code="ENCODING")

    def json(self) -> dict[str, Any]:
        """The JSON object of a 200; raises :class:`~connectors.failures.StatusError` for any other status."""
        if self.status != _SUCCESS:
            raise StatusError(self.status, code=self._problem_code())
        self.demand("application/json")
        return read_object(self.body)

    def _problem_code(self) -> str:
        """The code of an RFC 9457 problem, if there is a plain one; nothing else of a refusal is ever kept."""
        if self.media_type()[0] not in {"application/problem+json", "application/json"}:
            return ""
        try:
            code = read_object(self.body).get("code")
        except WireError:
            return ""
        return code if isinstance(code, str) and _PROBLEM_CODE.fullmatch(code) else ""


def read_answer(response: requests.Response, max_bytes: int, now: Callable[[], datetime]) -> Answer:
    """Read a streamed response up to ``max_bytes``; raises for 429, 502, 503 and 504, whose bodies mean nothing."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code in {429, 502, 503, 504}:
        raise StatusError(response.status_code, retry_after=retry_after(headers.get("retry-after", ""), now()))
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise ForeignError("the answer is compressed although we asked for none", code="COMPRESSED")
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and len(announced) < 19 and int(announced) > max_bytes:  # noqa: PLR2004 (digits of 64 bits)
        raise ForeignError(f"the answer is larger than {max_bytes} bytes", code="TOO_LARGE")
    body = _read(response, max_bytes)
    if announced and "transfer-encoding" not in headers and announced != str(len(body)):
        raise UnreadableError("the answer is shorter than announced", code="BODY_CUT")
    return Answer(response.status_code, headers, body)


def _read(response: requests.Response, max_bytes: int) -> bytes:
    pieces = bytearray()
    for piece in response.iter_content(_PIECE):
        pieces += piece
        if len(pieces) > max_bytes:
            raise ForeignError(f"the answer is larger than {max_bytes} bytes", code="TOO_LARGE")
    return bytes(pieces)


def retry_after(text: str, now: datetime) -> timedelta | None:
    """``Retry-After`` in seconds or as a date (RFC 9110, 10.2.3): within 0 and a day, None where it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return _LONGEST_WAIT if len(text) > 6 else min(timedelta(seconds=int(text)), _LONGEST_WAIT)  # noqa: PLR2004
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), _LONGEST_WAIT)
