"""One open connection, protected and signed in: takes mails one recipient at a time."""

import base64
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager

from connectors.mail.access import Security, SmtpAccess
from connectors.mail.deadline import Deadline
from connectors.mail.failures import Progress, Step, refusal, translated
from connectors.mail.wire import BoundedSmtp
from domain.errors import ContractBrokenError, RefusedError, SettingsError

QUIT_SECONDS = 2.0
OK = 250
READY = 220
SIGNED_IN = 235
GO_ON = 334
START_MAIL = 354
NUL = "\0"
DELIVERABLE = frozenset({OK, 251})


def tls_context(access: SmtpAccess) -> ssl.SSLContext | None:
    """A verifying client context, TLS 1.2 or newer; None only where plain is allowed. SettingsError for bad files."""
    if access.security is Security.NONE:
        return None
    try:
        context = ssl.create_default_context(cafile=access.ca_bundle)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if access.client_certificate is not None:
            context.load_cert_chain(access.client_certificate, access.client_key)
    except OSError as fault:  # ssl.SSLError is one
        where = f"mail.ca_bundle, mail.client_certificate or mail.client_key: cannot be read ({type(fault).__name__})"
        raise SettingsError((where,)) from None
    return context


class SmtpSession:
    """Speaks one conversation step by step; every answer but the right one is raised as one of our errors."""

    def __init__(self, smtp: BoundedSmtp, progress: Progress) -> None:
        self._smtp = smtp
        self._progress = progress

    def begin(self, access: SmtpAccess, tls: ssl.SSLContext | None) -> None:
        """Connect, protect, sign in. Without the protection that was asked for nothing further is said."""
        implicit = tls if access.security is Security.TLS else None
        self._progress.step = Step.CONNECT
        greeting = self._smtp.open(access.host, access.port, implicit)
        self._progress.step = Step.GREETING
        self._expect(greeting[0], READY)
        self._ehlo()
        if access.security is Security.STARTTLS and tls is not None:
            self._protect(tls, access.host)
        if access.username:
            self._sign_in(access.username, access.password)

    def deliver(self, sender: str, recipient: str, message: bytes) -> tuple[int, str]:
        """Hand one message over for one recipient; returns the server's acceptance, its code and its text."""
        self._check_size(len(message))
        self._command(Step.MAIL, f"MAIL FROM:<{sender}>", OK)
        self._command(Step.RCPT, f"RCPT TO:<{recipient}>", *DELIVERABLE)
        self._command(Step.DATA, "DATA", START_MAIL)
        self._progress.step = Step.CONTENT
        self._smtp.send_content(message)
        self._progress.perhaps_taken = True
        code, text = self._smtp.end_content()
        self._expect(code, OK)
        return code, _visible(text)

    def probe(self) -> None:
        """Ask for nothing, to see that the server would listen to us."""
        self._command(Step.NOOP, "NOOP", OK)

    def _ehlo(self) -> None:
        """Introduce ourselves; without ESMTP there is no STARTTLS, so HELO is no way out."""
        self._progress.step = Step.EHLO
        self._expect(self._smtp.ehlo()[0], OK)

    def _protect(self, tls: ssl.SSLContext, host: str) -> None:
        """STARTTLS (RFC 3207), or the end: there is no way on in clear."""
        self._progress.step = Step.STARTTLS
        if not self._smtp.has_extn("starttls"):
            raise self._progress.fault(ContractBrokenError, "the server does not offer STARTTLS")
        self._expect(self._smtp.docmd("STARTTLS")[0], READY)
        self._smtp.wrap(tls, host)
        self._ehlo()

    def _sign_in(self, username: str, password: str) -> None:
        """One try with one mechanism (RFC 4954): a second one with the same password could lock the account."""
        offered = self._smtp.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            self._command(Step.AUTH, f"AUTH PLAIN {_base64(f'{NUL}{username}{NUL}{password}')}", SIGNED_IN)
        elif "LOGIN" in offered:
            self._command(Step.AUTH, "AUTH LOGIN", GO_ON)
            self._command(Step.AUTH, _base64(username), GO_ON)
            self._command(Step.AUTH, _base64(password), SIGNED_IN)
        else:
            raise self._progress.fault(ContractBrokenError, "the server offers neither AUTH PLAIN nor AUTH LOGIN")

    def _check_size(self, size: int) -> None:
        """What the server says it will not take is not sent (RFC 1870); 0 or nothing means no limit known."""
        limit = self._smtp.esmtp_features.get("size", "")
        if limit.isascii() and limit.isdigit() and 0 < int(limit) < size:
            raise self._progress.fault(RefusedError, "the message is larger than the server takes")

    def _command(self, step: Step, line: str, *hoped: int) -> None:
        """One command with its right answers."""
        self._progress.step = step
        self._expect(self._smtp.docmd(line)[0], *hoped)

    def _expect(self, code: int, *hoped: int) -> None:
        """Pass on a right answer, raise any other."""
        if code not in hoped:
            raise refusal(self._progress, code)


@contextmanager
def open_session(access: SmtpAccess, tls: ssl.SSLContext | None, progress: Progress) -> Iterator[SmtpSession]:
    """A session within the deadline of ``access``; whatever goes wrong inside leaves as one of our errors."""
    deadline = Deadline(access.deadline)
    smtp = BoundedSmtp(deadline, access)
    with closing(smtp), translated(progress):
        session = SmtpSession(smtp, progress)
        session.begin(access, tls)
        yield session
        # The mail's fate is settled here: neither a slow nor a broken farewell may change it.
        smtp.farewell(QUIT_SECONDS)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _visible(text: bytes) -> str:
    """The server's words as one line of visible ASCII, kept as evidence."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else " " for byte in text)  # noqa: PLR2004 (visible ASCII)
