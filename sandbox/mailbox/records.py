"""The mails that were taken, one entry per envelope recipient, in the order of their arrival."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from sandbox.http_server import Json


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One accepted delivery: the envelope, the raw bytes (CRLF), and what can be read out of them."""

    number: int
    received_at: datetime
    sender: str
    recipient: str
    raw: bytes

    def message(self) -> Message:
        """The message with its headers as they came (RFC 2047 words not decoded)."""
        return message_from_bytes(self.raw, policy=policy.compat32)

    def header(self, name: str) -> str:
        """A header with its encoded words decoded and its folds undone; empty when it was not sent."""
        value = self.message()[name]
        return "" if value is None else decoded(str(value))

    @property
    def message_id(self) -> str:
        """The Message-ID as it was sent, angle brackets included."""
        return self.header("Message-ID").strip()

    @property
    def subject(self) -> str:
        """The subject as a person reads it."""
        return self.header("Subject")

    def body(self, subtype: str) -> str:
        """The first ``text/<subtype>`` part; empty when there is none. Undecodable bytes are shown as U+FFFD."""
        for part in self.message().walk():
            if part.get_content_type() == f"text/{subtype}":
                return _decoded_body(part)
        return ""

    @property
    def text(self) -> str:
        """The plain text."""
        return self.body("plain")

    @property
    def html(self) -> str:
        """The HTML alternative."""
        return self.body("html")

    def as_json(self) -> dict[str, Json]:
        """The mail as ``GET /_sandbox/mails`` lists it."""
        return {
            "number": self.number,
            "receivedAt": self.received_at.isoformat(),
            "sender": self.sender,
            "recipient": self.recipient,
            "messageId": self.message_id,
            "subject": self.subject,
            "to": self.header("To"),
            "cc": self.header("Cc"),
            "replyTo": self.header("Reply-To"),
            "text": self.text,
            "html": self.html,
        }


class MailStore:
    """Append-only and thread-safe; numbering starts at 1."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._mails: list[StoredMail] = []

    def add(self, sender: str, recipient: str, raw: bytes) -> StoredMail:
        """Keep one delivery and return it."""
        with self._lock:
            mail = StoredMail(len(self._mails) + 1, self._clock(), sender, recipient, raw)
            self._mails.append(mail)
            return mail

    def all(self) -> tuple[StoredMail, ...]:
        """Every delivery, oldest first."""
        with self._lock:
            return tuple(self._mails)

    def numbered(self, number: int) -> StoredMail | None:
        """One delivery, or None when there is none of that number."""
        mails = self.all()
        return mails[number - 1] if 0 < number <= len(mails) else None


def decoded(value: str) -> str:
    """A header value as a person reads it; one that cannot be decoded is shown as it came."""
    unfolded = value.replace("\r", "").replace("\n", "")
    try:
        return str(make_header(decode_header(unfolded)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return unfolded


def _decoded_body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = raw.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")
