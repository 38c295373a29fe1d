"""Every HTTP status of the CII software ends as the family that decides the next move; writes differ from reads."""

from datetime import timedelta

import pytest
import responses

from connectors.cii.cases import CiiCases
from connectors.http import HttpChannel, HttpTarget, Retries
from domain.errors import (
    ConflictError,
    ContractBrokenError,
    CredentialsError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    SyncError,
    ThrottledError,
    UnavailableError,
)
from domain.facets import Facet
from domain.people import CaseId
from tests.builders import NOW

URL = "https://cii.example"
CASE = CaseId("CII-2026-000001")


def cases() -> CiiCases:
    """The adapter over a target that answers what the test says; a read is tried once."""
    return CiiCases(HttpChannel(HttpTarget("cii", URL, token="secret", retries=Retries(attempts=1))))


READS: list[tuple[int, type[SyncError]]] = [
    (301, ContractBrokenError),
    (400, RefusedError),
    (401, CredentialsError),
    (403, CredentialsError),
    (404, NotFoundError),
    (409, ConflictError),
    (422, RefusedError),
    (429, ThrottledError),
    (500, UnavailableError),
    (502, UnavailableError),
    (503, UnavailableError),
]
WRITES: list[tuple[int, type[SyncError]]] = [
    (400, RefusedError),
    (401, CredentialsError),
    (403, CredentialsError),
    (404, NotFoundError),
    (409, ConflictError),
    (412, ConflictError),
    (429, ThrottledError),
    (500, OutcomeUnknownError),
    (502, OutcomeUnknownError),
    (504, OutcomeUnknownError),
]


@responses.activate
@pytest.mark.parametrize(("status", "family"), READS)
def test_a_read_ends_in_its_family(status: int, family: type[SyncError]) -> None:
    responses.get(f"{URL}/v1/cases/{CASE}", status=status, json={}, content_type="application/problem+json")
    with pytest.raises(SyncError) as raised:
        cases().case(CASE)
    assert type(raised.value) is family


@responses.activate
@pytest.mark.parametrize(("status", "family"), WRITES)
def test_a_write_that_proves_nothing_is_unknown(status: int, family: type[SyncError]) -> None:
    responses.put(
        f"{URL}/v1/cases/{CASE}/mirror/keyword", status=status, json={}, content_type="application/problem+json"
    )
    with pytest.raises(SyncError) as raised:
        cases().write_mirror(CASE, Facet.KEYWORD_STATE, {"present": "yes"}, 1, NOW)
    assert type(raised.value) is family
    assert len(responses.calls) == 1, "a write is sent once"


@responses.activate
def test_f34_retry_after_is_told() -> None:
    responses.get(f"{URL}/v1/cases/{CASE}", status=429, headers={"Retry-After": "120"}, json={})
    with pytest.raises(ThrottledError) as raised:
        cases().case(CASE)
    assert raised.value.retry_after == timedelta(seconds=120)


@responses.activate
def test_the_token_goes_in_its_header_and_into_no_error() -> None:
    responses.get(f"{URL}/v1/cases/{CASE}", status=401, json={"detail": "secret"})
    with pytest.raises(CredentialsError) as raised:
        cases().case(CASE)
    assert responses.calls[0].request.headers["Authorization"] == "Bearer secret"
    assert "secret" not in str(raised.value)
