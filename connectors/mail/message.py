"""From a meant mail to the bytes that go over the wire: the same mail gives the same bytes, each time.

Headers are our own (see ``headers``); the two bodies are the standard library's, quoted-printable, so that the whole
message is ASCII and needs nothing of the server (no 8BITMIME, no SMTPUTF8).
"""

import email.policy
import hashlib
from datetime import UTC
from email.message import EmailMessage
from email.utils import format_datetime

from connectors.mail import headers
from connectors.mail.wording import Wording, render
from domain.errors import InvalidRecordError
from domain.facets import Language
from domain.mail import Mailbox, OutgoingMail


def build(mail: OutgoingMail, sender: Mailbox) -> bytes:
    """The whole message with CRLF line ends; raises what rendering raises, and InvalidRecordError for its headers."""
    if not mail.to:
        raise InvalidRecordError("missing", path="to", system="mail", operation="build")
    wording = render(mail)
    return headers.lines(_headers(mail, sender, wording)) + _content(mail.message_id, wording)


def _headers(mail: OutgoingMail, sender: Mailbox, wording: Wording) -> list[tuple[str, str]]:
    """RFC 5322 headers; automatic mail says so (RFC 3834), and asks Exchange for no absence notes but keeps bounces."""
    found = [
        ("Date", _date(mail)),
        ("From", headers.mailbox(sender, path="from")),
        ("To", headers.mailboxes(mail.to, path="to")),
        ("Cc", headers.mailboxes(mail.cc, path="cc")),
        ("Reply-To", headers.mailboxes(mail.reply_to, path="reply_to")),
        ("Message-ID", headers.checked_message_id(mail.message_id)),
        ("Subject", headers.unstructured(wording.subject, path="subject")),
        ("Content-Language", ", ".join(language.value for language in wording.languages)),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    ]
    return [(name, value) for name, value in found if value]


def _date(mail: OutgoingMail) -> str:
    """The time of writing, fixed with the mail; a repeat carries the same Date."""
    if mail.written_at.utcoffset() is None:
        raise InvalidRecordError("has no time zone", path="written_at", system="mail", operation="build")
    return format_datetime(mail.written_at.astimezone(UTC))


def _content(message_id: str, wording: Wording) -> bytes:
    """MIME headers and both bodies. The boundary comes from the Message-ID; quoted-printable can never contain "=_"."""
    content = EmailMessage(policy=email.policy.SMTP)
    content.set_content(wording.text, subtype="plain", charset="utf-8", cte="quoted-printable")
    content.add_alternative(wording.html, subtype="html", charset="utf-8", cte="quoted-printable")
    content.set_boundary("=_" + hashlib.sha256(message_id.encode("ascii")).hexdigest()[:32])
    return content.as_bytes()


def sender_mailbox(address: str, name: str) -> Mailbox:
    """The service as sender; its language is never used, since nobody writes to it in one."""
    return Mailbox(address, name, Language.FR)
