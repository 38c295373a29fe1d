"""What this mail server can do wrong: the shared transport kinds as SMTP has them, and some of its own.

Operations are ``connect``, ``auth``, ``mail``, ``rcpt`` and ``deliver`` (the message after DATA); the key is the
address concerned. A fault without an operation pattern acts where its kind belongs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from sandbox.faults import TRANSPORT_KINDS, Fault, FaultPlan

ANYWHERE = "*"

_HTTP_ONLY = frozenset({"http_status", "retry_after", "empty_body"})

_MAIL_KINDS: Mapping[str, tuple[str, str]] = {
    "starttls_stripped": ("connect", "STARTTLS is not offered, as if somebody had removed it on the way"),
    "starttls_refused": ("connect", "STARTTLS is offered and answered 454"),
    "service_refused": ("connect", "the greeting is `code` (554) instead of 220"),
    "auth_refused": ("auth", "any login is answered 535"),
    "sender_refused": ("mail", "the sender is answered `code` (553)"),
    "greylist": ("rcpt", "the recipient is answered `code` (450): come back later"),
    "recipient_refused": ("rcpt", "the recipient is answered `code` (550)"),
    "content_deferred": ("deliver", "the message is answered `code` (451), nothing is kept"),
    "content_refused": ("deliver", "the message is answered `code` (554), nothing is kept"),
    "closing_in_data": ("deliver", "the message is answered 421 and the connection closed, nothing is kept"),
}

OWN_KINDS: Mapping[str, str] = {kind: meaning for kind, (_, meaning) in _MAIL_KINDS.items()}

ANSWERS: Mapping[str, tuple[str, str]] = {
    "service_refused": ("554", "5.3.2 no service for you here"),
    "sender_refused": ("553", "5.1.8 sender refused"),
    "greylist": ("450", "4.2.0 greylisted, come back later"),
    "recipient_refused": ("550", "5.1.1 no such mailbox"),
    "content_deferred": ("451", "4.3.0 local error"),
    "content_refused": ("554", "5.6.0 message refused"),
    "closing_in_data": ("421", "4.3.2 closing"),
}
"""The answer of each kind that answers instead of misbehaving."""


class MailFaults(FaultPlan):
    """The switched-on faults of the mailbox."""

    def __init__(self) -> None:
        super().__init__(OWN_KINDS)
        self.kinds = MappingProxyType({kind: text for kind, text in self.kinds.items() if kind not in _HTTP_ONLY})

    def switch_on(self, fault: Fault) -> None:
        """Add a fault, where its kind belongs unless it says where."""
        super().switch_on(_placed(fault))

    def replace(self, faults: Iterable[Fault]) -> None:
        """Switch everything off and these on."""
        super().replace([_placed(fault) for fault in faults])


def answer_of(fault: Fault) -> str | None:
    """The reply line of a fault that answers; None for one that misbehaves on the connection."""
    if fault.kind not in ANSWERS:
        return None
    code, text = ANSWERS[fault.kind]
    return f"{fault.code or code} {text}"


def _placed(fault: Fault) -> Fault:
    if fault.operations != ANYWHERE:
        return fault
    if fault.kind in _MAIL_KINDS:
        return replace(fault, operations=_MAIL_KINDS[fault.kind][0])
    return replace(fault, operations="deliver") if fault.kind in TRANSPORT_KINDS else fault
