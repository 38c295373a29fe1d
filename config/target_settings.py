"""How each target is reached: the CII software, PLASTA, the mail server. TLS by default, every wait bounded."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from config.setting_faults import fault
from config.setting_types import (
    CallSeconds,
    ExistingFile,
    HeaderText,
    HostName,
    Listed,
    MailAddress,
    Seconds,
    TargetUrl,
    is_loopback,
)

Secret = Annotated[SecretStr, Field(min_length=1)]

SUBMISSION_PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""RFC 6409 and RFC 8314; plain SMTP is for a loopback server only."""


class Section(BaseModel):
    """What every group of settings shares: frozen, no unknown names, no value in an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)


class TlsFiles(Section):
    """Which certificates count, and who we are. Verification itself cannot be switched off."""

    ca_bundle: ExistingFile | None = Field(
        default=None, description="PEM file of the authorities to trust (default: public)"
    )
    client_certificate: ExistingFile | None = Field(
        default=None, description="PEM file of our certificate (mutual TLS)"
    )
    client_key: ExistingFile | None = Field(default=None, description="PEM file of our certificate's key")

    @field_validator("client_key")
    @classmethod
    def _pair(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        """A certificate without its key (or the reverse) would silently connect without either."""
        certificate = info.data.get("client_certificate", key)  # a wrong certificate is a fault of its own
        if key is not None and certificate is None:
            raise fault("is set without its certificate", "set the client certificate too, or neither")
        if key is None and certificate is not None:
            raise fault("is not set although the client certificate is", "set the key's file, or neither")
        return key


class Waits(Section):
    """The limits of one call, in seconds: to connect, between two reads, and for the whole of it."""

    connect_seconds: CallSeconds = Field(default=5, description="seconds to wait for a connection")
    read_seconds: CallSeconds = Field(default=30, description="seconds between two pieces of an answer")
    deadline_seconds: CallSeconds = Field(
        default=60, description="seconds for one call in all; not below the other two"
    )
    at_once: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="effects under way at the same time, over all workers (default: no limit)"
    )
    per_second: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="effects begun in one second, over all workers (default: no limit)"
    )

    @field_validator("deadline_seconds")
    @classmethod
    def _longest(cls, deadline: float, info: ValidationInfo) -> float:
        """A total below one of its parts would make that part a lie."""
        if deadline < max(info.data.get("connect_seconds", 0), info.data.get("read_seconds", 0)):
            raise fault("is shorter than the connect or the read limit", "make it at least as long as both")
        return deadline


def _twice_the_deadline(given: dict[str, Any]) -> float:
    """A stalled call can take effect late: absence is proven only by a look after this long (``design.md``)."""
    return 2 * float(given["deadline_seconds"])


class CallLimits(Waits):
    """The limits of a call to a system that is looked at after a lost answer."""

    settle_seconds: Seconds = Field(
        default_factory=_twice_the_deadline,
        description="seconds after which a lost call can no longer take effect (default: twice the deadline)",
    )
    max_bytes: int = Field(default=16 * 2**20, ge=1024, le=2**30, description="largest answer that is read, in bytes")


class MailWaits(Waits):
    """SMTP is slower: RFC 5321 4.5.3.2.6 allows ten minutes after the final dot.

    We stop earlier, because a task may not run that long; an answer later than that is an unknown outcome.
    """

    connect_seconds: CallSeconds = Field(default=10, description="seconds to wait for a connection")
    read_seconds: CallSeconds = Field(default=120, description="seconds to wait for one answer of the server")
    deadline_seconds: CallSeconds = Field(
        default=180, description="seconds for one mail in all; not below the other two"
    )


class CiiSettings(Section):
    """The CII software (CII001): REST and JSON with a token."""

    base_url: TargetUrl = Field(description="https address of the CII software's interface")
    token: Secret = Field(description="bearer token of the CII software")
    limits: CallLimits = CallLimits()
    tls: TlsFiles = TlsFiles()
    page_size: int = Field(default=200, ge=1, le=500, description="changed cases asked for at once, 1 to 500")
    overlap_pages: int = Field(default=1, ge=0, le=20, description="pages before the cursor that are read again")
    web_url: TargetUrl | None = Field(
        default=None, description="https address of the CII software's pages, for links in mails"
    )


class PlastaSettings(Section):
    """PLASTA / AVAM (AC001): SOAP with mutual TLS and a technical user."""

    url: TargetUrl = Field(description="https address of PLASTA's service")
    auth: Literal["body", "wsse"] = Field(default="body", description="body or wsse: where the login goes")
    username: HeaderText = Field(description="technical user of PLASTA")
    password: Secret = Field(description="password of the technical user (a wrong one locks the account)")
    office: Annotated[str, Field(pattern=r"^VS[A-Z][0-9]{2}$")] = Field(description="our office code, such as VSO10")
    user: HeaderText = Field(
        default_factory=lambda given: str(given["username"]),
        description="user named in the call's context (default: the technical user)",
    )
    language: Literal["de", "fr", "it"] = Field(
        default="fr", description="de, fr or it: the language of PLASTA's messages"
    )
    limits: CallLimits = CallLimits()
    tls: TlsFiles = TlsFiles()
    list_size: int = Field(
        default=300, ge=1, le=300, description="persons asked for at once, 1 to 300 (PLASTA cuts at 300)"
    )
    keyword: HeaderText = Field(default="CII LIAS-LEMC", description="French name of the keyword in PLASTA's catalogue")
    registration_enabled: bool = Field(
        default=False, description="whether registrations may be asked for by machine (C3)"
    )


class MailSettings(Section):
    """The mail server that takes our mails, and who they come from."""

    host: HostName = Field(description="host name of the mail server")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls, or none (loopback only)"
    )
    port: int = Field(
        default_factory=lambda given: SUBMISSION_PORTS[given["security"]],
        ge=1,
        le=65535,
        description="port of the mail server (default: 587, 465 or 25 by security)",
    )
    username: HeaderText | None = Field(default=None, description="login at the mail server, if it asks for one")
    password: Secret | None = Field(default=None, description="password at the mail server, if it asks for one")
    from_address: MailAddress = Field(description="address that our mails come from")
    from_name: HeaderText = Field(default="CII Valais / IIZ Wallis", description="name shown beside that address")
    envelope_domain: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,253}$")] = Field(
        default_factory=lambda given: str(given["from_address"]).rpartition("@")[2],
        description="domain of Message-ID and return path (default: that of the from address)",
    )
    limits: MailWaits = MailWaits()
    tls: TlsFiles = TlsFiles()
    resend_kinds: Annotated[frozenset[str], Listed] = Field(
        default=frozenset(),
        description="kinds of mail sent again by themselves when the answer was lost (default: none)",
    )

    @field_validator("security")
    @classmethod
    def _encrypted(cls, security: str, info: ValidationInfo) -> str:
        """A mail with an address book in its headers never crosses a network in clear."""
        if security == "none" and "host" in info.data and not is_loopback(info.data["host"]):
            raise fault("would send mails without TLS", "use starttls or tls (none is for a loopback host only)")
        return security

    @field_validator("password")
    @classmethod
    def _login(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """Half a login is a typing error, never a wish."""
        if "username" in info.data and (password is None) is not (info.data["username"] is None):
            raise fault("does not go with the username", "set both the username and the password, or neither")
        return password

    @field_validator("resend_kinds")
    @classmethod
    def _known_kinds(cls, kinds: frozenset[str]) -> frozenset[str]:
        """Only mails whose second copy does no harm; the reinsertion mail goes out once (C10)."""
        if "reinsertion_confirmation" in kinds:
            raise fault("names reinsertion_confirmation", "leave it out: that mail goes out once, a person decides")
        if not kinds <= {"registration_wanted"}:
            raise fault("names an unknown kind of mail", "the kinds that can be sent again are: registration_wanted")
        return kinds

    def resends(self, kind: str) -> bool:
        """Whether a mail of this kind goes again by itself after a lost answer; else it is held for a person."""
        return kind in self.resend_kinds
