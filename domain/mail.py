"""Mails as the pipelines mean them: who, which template, which facts; rendered by the connector."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.facets import Language


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with the name shown for it, and the language it is written to in."""

    address: str
    name: str
    language: Language


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail, one set of headers, one Message-ID fixed before the first sending (RFC 5322, 3.6.4).

    ``languages`` is what the recipients need, the To recipient's first; two of them make a bilingual mail.
    ``fields`` are the facts of the template; ``written_at`` (UTC) is its Date, the same on every repeat.
    """

    message_id: str
    template: str
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    languages: tuple[Language, ...]
    fields: Mapping[str, str]
    written_at: datetime
    reply_to: tuple[Mailbox, ...] = ()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A server's proof that it took a mail for one envelope recipient: its code and text, kept."""

    code: int
    text: str
    at: datetime
