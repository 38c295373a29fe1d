"""The one place where SMTP's answers and broken connections become our errors.

What decides is whether the server can have taken the message. Before the final dot, and after it on a clear answer
4xx or 5xx, it has not; after the dot without a clear answer nobody knows (M8): that is OutcomeUnknownError.
Neither the server's words nor an address get into an error: only the step and the reply code.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import (
    ContractBrokenError,
    CredentialsError,
    MisconfiguredError,
    OutcomeUnknownError,
    RefusedError,
    SyncError,
    ThrottledError,
    UnavailableError,
)

SYSTEM = "mail"
CLOSING = 421
NO_ROOM = 552
AUTHENTICATION = frozenset({432, 530, 534, 535, 538})
"""Replies about who we are, at whatever step (RFC 4954, 6; 432: a password change is asked for)."""

_HANDSHAKE_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""TLS errors that only mean that the connection ended, not that a certificate or a protocol is wrong."""


class Step(StrEnum):
    """The steps of one mail, in their order."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    DATA = "DATA"
    CONTENT = "content"
    NOOP = "NOOP"


@dataclass(slots=True)
class Progress:
    """How far one mail has come; ``perhaps_taken`` from the final dot on."""

    operation: str
    reference: str = ""
    step: Step = Step.CONNECT
    perhaps_taken: bool = False

    def fault(self, family: type[SyncError], message: str, code: str = "") -> SyncError:
        """An error of that family about this mail."""
        return family(message, system=SYSTEM, operation=self.operation, reference=self.reference, code=code)


def refusal(progress: Progress, code: int) -> SyncError:
    """The error for an answer other than the one hoped for; pure, by step and reply code."""
    said = f"answer {code} to {progress.step}"
    final_code = 200 <= code <= 599  # noqa: PLR2004 (RFC 5321, 4.2.1)
    if progress.step is Step.CONTENT and (not final_code or code < 400):  # noqa: PLR2004
        return progress.fault(OutcomeUnknownError, "no clear answer to the message", str(code))
    if not final_code or code < 400:  # noqa: PLR2004
        return progress.fault(ContractBrokenError, f"unexpected {said}", str(code))
    return progress.fault(_family(progress.step, code), said, str(code))


def _family(step: Step, code: int) -> type[SyncError]:
    """Which family a 4xx or 5xx answer is of. Nothing was taken in any of these cases."""
    if code in AUTHENTICATION:
        return CredentialsError
    if code < 500:  # noqa: PLR2004 (RFC 5321, 4.2.1: 4yz is transient)
        sending = step in {Step.MAIL, Step.RCPT, Step.DATA, Step.CONTENT}
        return ThrottledError if sending and code != CLOSING else UnavailableError
    match step:
        case Step.RCPT | Step.DATA | Step.CONTENT:
            return RefusedError
        case Step.MAIL:
            # Our own sender address is refused: so it will be for every mail, but for one that is too large.
            return RefusedError if code == NO_ROOM else MisconfiguredError
        case _:
            return ContractBrokenError


@contextmanager
def translated(progress: Progress) -> Iterator[None]:
    """Turn what the library and the network raise into our errors; our own errors pass."""
    try:
        yield
    except (OSError, smtplib.SMTPException) as raised:
        raise _broken(progress, raised) from None  # the library's text can quote an address


def _broken(progress: Progress, raised: Exception) -> SyncError:
    """The error for a conversation that ended without an answer."""
    cause = type(raised).__name__
    if progress.perhaps_taken:
        return progress.fault(OutcomeUnknownError, "no answer to the message", cause)
    if isinstance(raised, ssl.SSLCertVerificationError):
        return progress.fault(ContractBrokenError, "the server's certificate cannot be trusted", cause)
    if isinstance(raised, ssl.SSLError) and not isinstance(raised, _HANDSHAKE_CUT):
        return progress.fault(ContractBrokenError, f"TLS fault at {progress.step}", cause)
    return progress.fault(UnavailableError, f"no answer at {progress.step}", cause)
