"""What the wire can do to a call, before :mod:`connectors.translation` sorts it into our error families.

These never leave the connectors. Their texts hold codes and sizes only: no body, no name, no number of a person.
"""

from dataclasses import dataclass
from datetime import timedelta

from domain.errors import SyncError


@dataclass(slots=True)
class Call:
    """One operation under way at a system. ``left`` turns true just before its first byte may leave this machine.

    ``write`` decides everything about a lost answer: a read may be repeated, a write may have taken effect.
    """

    system: str
    operation: str
    write: bool
    reference: str = ""
    left: bool = False


class WireError(Exception):
    """Something about one answer, or its absence, that no library exception says."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class DeadlineError(WireError):
    """The whole call took longer than its total limit, however busily the other side dripped (M6)."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no whole answer within {seconds:g} s", code="DEADLINE")


class UnreadableError(WireError):
    """An answer that proves nothing: cut, empty, a proxy's page. Asking again may well help."""


class ForeignError(WireError):
    """A whole answer that is not of the agreed contract, or tries to harm (DTD, too large, a redirect)."""


class StatusError(WireError):
    """An HTTP status other than success. ``retry_after`` is what the server asked for, if it did."""

    def __init__(self, status: int, *, code: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(f"HTTP {status}", code=code or f"HTTP_{status}")
        self.status = status
        self.retry_after = retry_after


class SoapFaultError(WireError):
    """A SOAP Fault. ``family`` is what its ``serviceFault`` code means, None where we do not know the code."""

    def __init__(self, code: str, family: type[SyncError] | None) -> None:
        super().__init__("SOAP fault", code=code or "FAULT")
        self.family = family


class RefusalError(WireError):
    """A normal answer that says no: nothing was saved. ``family`` is None where the code is not in our table."""

    def __init__(self, code: str, family: type[SyncError] | None) -> None:
        super().__init__("refused", code=code)
        self.family = family
