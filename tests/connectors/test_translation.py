"""The table from what the wire did to what we do next; pure, so each row is one case."""

import ssl
from datetime import timedelta

import pytest
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
)
from connectors.translation import family_of, translated
from domain.errors import (
    ConflictError,
    ContractBrokenError,
    CredentialsError,
    InvalidRecordError,
    MappingError,
    MisconfiguredError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    SyncError,
    ThrottledError,
    UnavailableError,
)

READ = Call("peer", "ask", write=False, reference="CII-2026-000001", left=True)
UNSENT = Call("peer", "put", write=True, reference="CII-2026-000001", left=False)
SENT = Call("peer", "put", write=True, reference="CII-2026-000001", left=True)

HANDSHAKE = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
UNTRUSTED = ssl.SSLCertVerificationError(1, "certificate verify failed")


def wrapped(inner: Exception) -> requests.exceptions.SSLError:
    """As requests hands a TLS error on: inside urllib3's own, inside its retry error."""
    pool = urllib3.HTTPSConnectionPool("peer.example")
    reason = urllib3.exceptions.SSLError(inner)
    return requests.exceptions.SSLError(urllib3.exceptions.MaxRetryError(pool, "/", reason))


@pytest.mark.parametrize(
    ("failure", "read", "sent"),
    [
        (StatusError(400), RefusedError, RefusedError),
        (StatusError(401), CredentialsError, CredentialsError),
        (StatusError(403), CredentialsError, CredentialsError),
        (StatusError(404), NotFoundError, NotFoundError),
        (StatusError(408), UnavailableError, OutcomeUnknownError),
        (StatusError(409), ConflictError, ConflictError),
        (StatusError(410), RefusedError, RefusedError),
        (StatusError(412), ConflictError, ConflictError),
        (StatusError(422), RefusedError, RefusedError),
        (StatusError(428), RefusedError, RefusedError),
        (StatusError(429), ThrottledError, ThrottledError),
        (StatusError(500), UnavailableError, OutcomeUnknownError),
        (StatusError(503), UnavailableError, OutcomeUnknownError),
        (StatusError(201), UnavailableError, OutcomeUnknownError),
        (StatusError(302), ContractBrokenError, ContractBrokenError),
        (StatusError(303), ContractBrokenError, OutcomeUnknownError),
        (UnreadableError("cut", code="BODY_CUT"), UnavailableError, OutcomeUnknownError),
        (ForeignError("else", code="SCHEMA"), ContractBrokenError, OutcomeUnknownError),
        (DeadlineError(1.0), UnavailableError, OutcomeUnknownError),
        (requests.ReadTimeout(), UnavailableError, OutcomeUnknownError),
        (requests.ConnectionError(), UnavailableError, OutcomeUnknownError),
        (requests.exceptions.ChunkedEncodingError(), UnavailableError, OutcomeUnknownError),
        (requests.exceptions.InvalidHeader(), UnavailableError, OutcomeUnknownError),
        (ConnectionResetError(), UnavailableError, OutcomeUnknownError),
        (urllib3.exceptions.ProtocolError(), UnavailableError, OutcomeUnknownError),
        (SoapFaultError("", None), UnavailableError, OutcomeUnknownError),
        (SoapFaultError("TECHNISCH", OutcomeUnknownError), UnavailableError, OutcomeUnknownError),
        (SoapFaultError("AUTH_FEHLER", CredentialsError), CredentialsError, CredentialsError),
        (SoapFaultError("SCHEMA_FEHLER", ContractBrokenError), ContractBrokenError, ContractBrokenError),
        (RefusalError("NEUES", None), RefusedError, RefusedError),
        (RefusalError("TECHNISCH", OutcomeUnknownError), UnavailableError, OutcomeUnknownError),
        (RefusalError("VERSION_KONFLIKT", ConflictError), ConflictError, ConflictError),
        (RefusalError("SCHLAGWORT_NICHT_GEFUNDEN", MisconfiguredError), MisconfiguredError, MisconfiguredError),
        (RefusalError("SVNR_UNGUELTIG", InvalidRecordError), InvalidRecordError, InvalidRecordError),
        (RefusalError("DMS_NICHT_VERFUEGBAR", UnavailableError), UnavailableError, UnavailableError),
        (wrapped(UNTRUSTED), ContractBrokenError, ContractBrokenError),
        (wrapped(ssl.SSLEOFError(8, "EOF")), UnavailableError, OutcomeUnknownError),
    ],
    ids=lambda value: getattr(value, "code", None) or getattr(value, "__name__", None) or type(value).__name__,
)
def test_every_failure_has_its_family(failure: Exception, read: type[SyncError], sent: type[SyncError]) -> None:
    asked, written = family_of(failure, READ), family_of(failure, SENT)
    assert type(asked) is read
    assert type(written) is sent
    assert (asked.system, asked.operation, asked.reference) == ("peer", "ask", "CII-2026-000001")


@pytest.mark.parametrize(
    "failure",
    [
        DeadlineError(1.0),
        requests.ConnectTimeout(),
        requests.ConnectionError(),
        ConnectionResetError(),
        wrapped(ssl.SSLEOFError(8, "EOF")),
        wrapped(ssl.SSLZeroReturnError()),
    ],
)
def test_before_the_first_byte_nothing_can_have_happened(failure: Exception) -> None:
    assert type(family_of(failure, UNSENT)) is UnavailableError


def test_f31_a_failed_handshake_is_never_tried_again() -> None:
    assert family_of(wrapped(HANDSHAKE), UNSENT).code == "TLS"
    assert type(family_of(wrapped(HANDSHAKE), SENT)) is OutcomeUnknownError
    alert = ssl.SSLError(1, "alert")
    alert.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    assert family_of(requests.ConnectionError(urllib3.exceptions.ProtocolError(alert)), SENT).code == "TLS_ALERT"


def test_a_retry_after_is_handed_on() -> None:
    failure = StatusError(503, retry_after=timedelta(minutes=3))
    throttled = family_of(failure, READ)
    assert isinstance(throttled, ThrottledError)
    assert throttled.retry_after == timedelta(minutes=3)
    assert type(family_of(failure, SENT)) is OutcomeUnknownError


def test_our_own_errors_pass_with_their_place_filled_in() -> None:
    with pytest.raises(MappingError) as caught, translated("peer", "ask", write=False, reference="R-1"):
        raise InvalidRecordError("is missing", path="a.b")
    assert (caught.value.system, caught.value.operation, caught.value.reference) == ("peer", "ask", "R-1")
    assert str(caught.value) == "peer.ask [R-1]: a.b: is missing"


def test_a_word_that_cannot_be_read_in_the_answer_to_a_write_is_unknown() -> None:
    def answered(call: Call) -> None:
        call.left = True
        raise MappingError("is a code that no table knows", path="state")

    with pytest.raises(OutcomeUnknownError), translated("peer", "put", write=True) as call:
        answered(call)


def test_a_request_that_was_not_even_built_is_no_unknown_outcome() -> None:
    with pytest.raises(InvalidRecordError), translated("peer", "put", write=True):
        raise InvalidRecordError("holds a control character", path="name")


def test_nothing_of_a_library_error_is_repeated() -> None:
    with pytest.raises(UnavailableError) as caught, translated("peer", "ask", write=False):
        raise requests.ConnectionError("https://peer.example/v1/cases/756.1234.5678.97?name=Zoé")
    assert "756" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_fault_of_our_own_making_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError), translated("peer", "ask", write=True):
        raise ZeroDivisionError
