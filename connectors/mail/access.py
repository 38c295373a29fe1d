"""How to reach the mail server and as whom; what is unsafe is refused before the first connection."""

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from connectors.mail.headers import HOST_NAME, checked_address, checked_text
from domain.errors import InvalidRecordError, SettingsError


class Security(StrEnum):
    """How the connection is protected; ``NONE`` is for a server on this machine only."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpAccess:
    """One mail server as we use it. Times are seconds; ``deadline`` bounds everything that one mail may take.

    Raises :class:`SettingsError` with every fault at once; no fault quotes the password.
    """

    host: str
    port: int
    from_address: str
    from_name: str = ""
    envelope_sender: str = ""
    security: Security = Security.STARTTLS
    username: str = ""
    password: str = field(default="", repr=False)
    ca_bundle: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None
    greeting_name: str = "[127.0.0.1]"
    connect_timeout: float = 10.0
    reply_timeout: float = 120.0
    deadline: float = 180.0

    def __post_init__(self) -> None:
        faults = tuple(_faults(self))
        if faults:
            raise SettingsError(faults)

    @property
    def return_path(self) -> str:
        """The envelope sender, where bounces go (RFC 5321, 4.4); the From address unless set."""
        return self.envelope_sender or self.from_address


def is_loopback(host: str) -> bool:
    """Whether ``host`` can only be this machine."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _faults(access: SmtpAccess) -> list[str]:
    """Every fault of the settings, each with what to do."""
    found = (_host_fault(access), _address_fault(access), _name_fault(access), _greeting_fault(access))
    faults = [fault for fault in found if fault]
    if access.security is Security.NONE and not is_loopback(access.host):
        faults.append("mail.security: none is allowed to a loopback host only; use starttls or tls")
    if bool(access.username) != bool(access.password):
        faults.append("mail.username, mail.password: give both or neither")
    if access.client_key and not access.client_certificate:
        faults.append("mail.client_key: needs mail.client_certificate")
    if min(access.connect_timeout, access.reply_timeout, access.deadline) <= 0:
        faults.append("mail timeouts and deadline: must be above 0 seconds")
    return faults


def _host_fault(access: SmtpAccess) -> str | None:
    """A name of the Domain Name System or an address; others make the resolver fail in ways of its own."""
    if HOST_NAME.fullmatch(access.host) or _is_address(access.host):
        return None
    return "mail.host: not a host name"


def _address_fault(access: SmtpAccess) -> str | None:
    try:
        checked_address(access.from_address, path="mail.from_address")
        checked_address(access.return_path, path="mail.envelope_sender")
    except InvalidRecordError as fault:
        return fault.message
    return None


def _name_fault(access: SmtpAccess) -> str | None:
    try:
        checked_text(access.from_name, path="mail.from_name")
    except InvalidRecordError as fault:
        return fault.message
    return None


def _greeting_fault(access: SmtpAccess) -> str | None:
    """The EHLO argument is one word of visible ASCII (RFC 5321, 4.1.1.1)."""
    name = access.greeting_name
    if name and name.isascii() and name.isprintable() and " " not in name:
        return None
    return "mail.greeting_name: one word of ASCII letters, or an address literal such as [127.0.0.1]"
