"""A mailbox to send to, and mails as a pipeline would mean them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.mail.access import Security, SmtpAccess
from connectors.mail.mailer import SmtpMailer
from domain.facets import Language
from domain.mail import Mailbox, OutgoingMail
from sandbox.mailbox import MailboxService

NOW = datetime(2026, 11, 22, 6, 10, tzinfo=UTC)

OFFICE = Mailbox("bureau@cii.example", "Bureau CII", Language.FR)
COORDINATOR = Mailbox("koordination@oberwallis.example", "Koordination Oberwallis", Language.DE)
TANDEM = Mailbox("ines.perren@orp.example", "Inès Perren", Language.FR)

REINSERTION = OutgoingMail(
    message_id="<reinsertion.CII-2026-000123.1@sync.cii.example>",
    template="reinsertion_confirmation",
    to=(OFFICE,),
    cc=(COORDINATOR,),
    languages=(Language.FR, Language.DE),
    fields={
        "case_reference": "CII-2026-000123",
        "region": "oberwallis",
        "confirmed_on": "2026-11-20",
        "confirmed_by": "orp_respondent",
    },
    written_at=NOW,
    reply_to=(TANDEM,),
)


def access_to(port: int, **changes: object) -> SmtpAccess:
    """A server on this machine in clear, with waits short enough for a test."""
    plain = SmtpAccess(
        host="127.0.0.1",
        port=port,
        from_address="sync@cii.example",
        from_name="CII Valais / IIZ Wallis",
        security=Security.NONE,
        connect_timeout=5,
        reply_timeout=5,
        deadline=10,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # (each test names real fields)


def mailer_to(port: int, **changes: object) -> SmtpMailer:
    """The connector as bootstrap would build it."""
    return SmtpMailer(access_to(port, **changes), clock=lambda: NOW)


@pytest.fixture
def mailbox() -> Iterator[MailboxService]:
    """A running mailbox that takes mails in clear."""
    with MailboxService() as service:
        yield service
