"""Implements the port ``Mailer`` over SMTP, one connection and one envelope recipient per call, without any retry."""

from connectors.mail.access import SmtpAccess
from connectors.mail.failures import SYSTEM, Progress
from connectors.mail.message import build, sender_mailbox
from connectors.mail.session import open_session, tls_context
from domain.errors import InvalidRecordError, SyncError
from domain.mail import Acceptance, Mailbox, OutgoingMail
from domain.ports import CheckResult, Clock


class SmtpMailer:
    """Hands mails to one server. Safe to share between threads: each call has a connection of its own."""

    def __init__(self, access: SmtpAccess, clock: Clock) -> None:
        """Read certificates now, so that a wrong file is a :class:`SettingsError` at the start."""
        self._access = access
        self._clock = clock
        self._tls = tls_context(access)
        self._sender = sender_mailbox(access.from_address, access.from_name)

    def send(self, mail: OutgoingMail, recipient: Mailbox) -> Acceptance:
        """The server's acceptance for one of the mail's To or Cc recipients.

        Besides the errors of rendering: see ``failures`` for what proves that nothing was taken and what does not.
        """
        if recipient.address not in {box.address for box in (*mail.to, *mail.cc)}:
            raise InvalidRecordError("is not among To and Cc", path="recipient", system=SYSTEM, operation="send")
        message = build(mail, self._sender)
        with open_session(self._access, self._tls, Progress("send", reference=mail.message_id)) as session:
            code, text = session.deliver(self._access.return_path, recipient.address, message)
            return Acceptance(code, text, self._clock())

    def check(self) -> CheckResult:
        """Whether the server lets us in, under TLS and signed in, up to the point before a mail; sends none."""
        try:
            with open_session(self._access, self._tls, Progress("check")) as session:
                session.probe()
        except SyncError as fault:
            return CheckResult(SYSTEM, ok=False, message=f"{fault.message}: {NEXT_STEP[fault.family]}")
        return CheckResult(SYSTEM, ok=True, message=f"the server answers ({self._access.security.value})")


NEXT_STEP = {
    "unavailable": "look whether the mail server runs, and at mail.host and mail.port",
    "credentials": "correct mail.username and mail.password before the next try, which could lock the account",
    "contract": "look at mail.security, mail.port and mail.tls; nothing is ever sent without the protection asked for",
}
"""What an operator does about each family that a check can end in."""
