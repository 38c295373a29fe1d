"""The only place that catches transport errors and turns them into the families of :mod:`domain.errors`.

One rule decides: a read that failed changed nothing; a write whose first byte may have left is *unknown* unless the
answer proves that nothing was saved. Messages say what happened in our own words, never in the counterpart's.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import urllib3

from connectors.failures import (
    Call,
    DeadlineError,
    ForeignError,
    RefusalError,
    SoapFaultError,
    StatusError,
    UnreadableError,
    WireError,
)
from domain.errors import (
    ConflictError,
    ContractBrokenError,
    CredentialsError,
    InvalidRecordError,
    MappingError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    SyncError,
    ThrottledError,
    UnavailableError,
)

_OF_STATUS: dict[int, type[SyncError]] = {
    401: CredentialsError,
    403: CredentialsError,
    404: NotFoundError,
    409: ConflictError,
    412: ConflictError,
}
_REQUEST_TIMEOUT, _SEE_OTHER, _TOO_MANY, _UNAVAILABLE = 408, 303, 429, 503


@contextmanager
def translated(system: str, operation: str, *, write: bool, reference: str = "") -> Iterator[Call]:
    """Run one operation: whatever the wire does inside ends as one of our families, with place and reference.

    Also an unreadable word in the answer to a write is an unknown outcome, since the write itself may have happened.
    """
    call = Call(system, operation, write, reference)
    try:
        yield call
    except MappingError as error:
        if write and call.left:
            raise _unproven("the answer could not be read", "UNREADABLE", call) from None
        raise _placed(error, call) from None
    except SyncError as error:
        raise _placed(error, call) from None
    except (WireError, requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise family_of(error, call) from None


def _placed(error: SyncError, call: Call) -> SyncError:
    """The error with the place where it happened, if whoever raised it could not know."""
    error.system = error.system or call.system
    error.operation = error.operation or call.operation
    error.reference = error.reference or call.reference
    return error


def family_of(failure: Exception, call: Call) -> SyncError:
    """What to do next about a failure on the wire; pure."""
    match failure:
        case StatusError():
            return _of_status(failure, call)
        case RefusalError(family=None):
            return _make(RefusedError, "refused for a reason that is not in our table", failure.code, call)
        case RefusalError(family=family) | SoapFaultError(family=family) if family is not None:
            return _of_code(family, failure.code, call)
        case ForeignError() if call.write and call.left:
            return _unproven(str(failure), failure.code, call)
        case ForeignError():
            return _make(ContractBrokenError, str(failure), failure.code, call)
        case SoapFaultError() | UnreadableError() | DeadlineError():
            return _unproven(str(failure), failure.code, call)
        case _ if (broken := _tls_fault(failure, call)) is not None:
            return broken
        case _:
            return _unproven(*_described(failure), call)


def _of_status(failure: StatusError, call: Call) -> SyncError:
    status, text, code = failure.status, str(failure), failure.code
    if status == _TOO_MANY or (status == _UNAVAILABLE and failure.retry_after is not None and not call.write):
        return ThrottledError(text, retry_after=failure.retry_after, code=code, **_place(call))
    if status in _OF_STATUS:
        return _make(_OF_STATUS[status], text, code, call)
    if 400 <= status < 500 and status != _REQUEST_TIMEOUT:  # noqa: PLR2004 (RFC 9110, 15.5)
        return _make(RefusedError, text, code, call)
    if 300 <= status < 400 and not (status == _SEE_OTHER and call.write):  # noqa: PLR2004 (RFC 9110, 15.4)
        return _make(ContractBrokenError, f"{text}: redirects are not followed", code, call)
    return _unproven(text, code, call)


def _of_code(family: type[SyncError], code: str, call: Call) -> SyncError:
    """The family of a code of theirs. ``OutcomeUnknownError`` stands for "proves nothing": a read just failed then."""
    if issubclass(family, OutcomeUnknownError):
        return _unproven("technical failure at the target", code, call)
    if issubclass(family, MappingError):
        return InvalidRecordError("not accepted by the target", path=code.lower(), code=code, **_place(call))
    return _make(family, "refused by the target", code, call)


def _unproven(text: str, code: str, call: Call) -> SyncError:
    """Nothing proves what happened: for a read, and before the first byte left, that is no more than a failed try."""
    if call.write and call.left:
        return _make(OutcomeUnknownError, f"sent, and no proof of what happened: {text}", code, call)
    return _make(UnavailableError, text, code, call)


def _tls_fault(failure: Exception, call: Call) -> SyncError | None:
    """A certificate or protocol fault of TLS is never retried, least of all without it (F31).

    An alert proves that the server ended the handshake before it read a request (RFC 8446, 4.4.2.4 for ours).
    """
    fault = _ssl_error(failure)
    if fault is None or isinstance(fault, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return None
    reason = getattr(fault, "reason", None) or "TLS"
    if isinstance(fault, ssl.SSLCertVerificationError):
        return _make(ContractBrokenError, "its certificate is not to be trusted", "TLS_CERTIFICATE", call)
    if "ALERT" in reason:
        return _make(ContractBrokenError, "it refused the TLS handshake; is our certificate right?", "TLS_ALERT", call)
    if not call.left:
        return _make(ContractBrokenError, "no TLS handshake was possible", "TLS", call)
    return None


def _ssl_error(failure: BaseException) -> ssl.SSLError | None:
    """The TLS error somewhere inside what requests and urllib3 wrap around it."""
    seen: list[Any] = [failure]
    for current in seen:
        if isinstance(current, ssl.SSLError):
            return current
        inner = [*current.args, getattr(current, "reason", None), current.__cause__, current.__context__]
        seen += [one for one in inner if isinstance(one, BaseException) and one not in seen]
    return None


def _described(failure: Exception) -> tuple[str, str]:
    """Our words for a library's exception, whose own may hold an address or a body."""
    match failure:
        case requests.ConnectTimeout():
            return "no connection in time", "CONNECT_TIMEOUT"
        case requests.Timeout():
            return "no answer in time", "READ_TIMEOUT"
        case requests.exceptions.ChunkedEncodingError():
            return "the answer was cut short", "BODY_CUT"
        case requests.ConnectionError() | urllib3.exceptions.HTTPError() | OSError():
            return "the connection failed or was cut", "CONNECTION"
        case _:
            return "the call could not be made", "CALL"


def _make(family: type[SyncError], text: str, code: str, call: Call) -> SyncError:
    return family(text, code=code, **_place(call))


def _place(call: Call) -> dict[str, str]:
    return {"system": call.system, "operation": call.operation, "reference": call.reference}
