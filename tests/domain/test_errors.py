"""One table of next moves: every family has exactly one, and none repeats a write that may have happened."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    FAILURES,
    AmbiguousError,
    ConflictError,
    ConsentMissingError,
    ContractBrokenError,
    CredentialsError,
    Failure,
    HaltKind,
    HaltTarget,
    InvalidRecordError,
    LookFirst,
    MappingError,
    MisconfiguredError,
    Move,
    NotFoundError,
    OutcomeUnknownError,
    Park,
    RefusedError,
    RetryAt,
    RetryPolicy,
    SettingsError,
    SyncError,
    ThrottledError,
    UnavailableError,
    backoff,
    next_move,
)

POLICY = RetryPolicy(base=timedelta(seconds=2), cap=timedelta(seconds=60), attempts=4, settle=timedelta(seconds=9))

TABLE: list[tuple[Failure, type[Move]]] = [
    (UnavailableError("away"), RetryAt),
    (ThrottledError("slower"), RetryAt),
    (OutcomeUnknownError("lost"), LookFirst),
    (MappingError("unknown code", path="state"), Park),
    (InvalidRecordError("missing", path="birthDate"), Park),
    (ConsentMissingError("expired"), Park),
    (MisconfiguredError("not in the catalogue"), HaltKind),
    (RefusedError("no"), Park),
    (NotFoundError("gone"), Park),
    (AmbiguousError("two"), Park),
    (ConflictError("stale"), Park),
    (CredentialsError("locked"), HaltTarget),
    (ContractBrokenError("other"), HaltTarget),
    (SettingsError(("X: is not set",)), HaltTarget),
]


@pytest.mark.parametrize(("error", "move"), TABLE, ids=lambda value: getattr(value, "family", None))
def test_each_family_has_its_next_move(error: Failure, move: type[Move]) -> None:
    assert isinstance(next_move(error, 1, POLICY, 0.5), move)


def test_the_table_holds_every_family() -> None:
    families = {type(error) for error, _ in TABLE}
    assert set(FAILURES) <= families
    assert families == {kind for base in (SyncError,) for kind in _all_below(base)}


def _all_below(base: type[SyncError]) -> set[type[SyncError]]:
    return {kind for child in base.__subclasses__() for kind in {child, *_all_below(child)}}


@given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
def test_an_unknown_outcome_is_looked_at_however_often(attempt: int, draw: float) -> None:
    assert next_move(OutcomeUnknownError("lost"), attempt, POLICY, draw) == LookFirst(POLICY.settle)


@pytest.mark.parametrize("error", [UnavailableError("away"), ThrottledError("slower")])
def test_what_did_not_happen_is_parked_after_the_last_attempt(error: Failure) -> None:
    assert isinstance(next_move(error, 3, POLICY, 0.0), RetryAt)
    assert next_move(error, 4, POLICY, 0.0) == Park()


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_zero_and_never_above_the_cap(attempt: int, draw: float) -> None:
    wait = backoff(POLICY, attempt, draw)
    assert POLICY.base / 2 <= wait <= POLICY.cap + POLICY.base / 2


def test_retry_after_is_kept_to_within_its_cap() -> None:
    asked = ThrottledError("slower", retry_after=timedelta(minutes=10))
    assert next_move(asked, 1, POLICY, 0.0) == RetryAt(timedelta(minutes=10))
    absurd = ThrottledError("slower", retry_after=timedelta(days=365))
    assert next_move(absurd, 1, POLICY, 0.0) == RetryAt(POLICY.retry_after_cap)


def test_an_error_says_where_it_happened_and_to_what() -> None:
    error = RefusedError("no", system="plasta", operation="getStes", reference="AD000001")
    assert str(error) == "plasta.getStes [AD000001]: no"
    assert str(RefusedError("no")) == "no"


def test_settings_errors_name_every_fault() -> None:
    error = SettingsError(("CII_CII__TOKEN: is not set", "CII_MAIL__HOST: is not set"))
    assert "2 setting(s)" in str(error)
    assert all(fault in str(error) for fault in error.faults)
