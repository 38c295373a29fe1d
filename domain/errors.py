"""Every way in which work can fail, sorted by what to do next.

The families are closed: a connector translates whatever its library raises into one of these, and
:func:`next_move` tells the dispatcher what follows. A message names the system, the operation and a
reference (a case id, a registration id, a message id); it never carries a body, a name or an AVS number.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias, assert_never


class SyncError(Exception):
    """What all our failures share: where it happened, to what, and the counterpart's own code if it gave one."""

    family = "error"

    def __init__(
        self, message: str, *, system: str = "", operation: str = "", reference: str = "", code: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.system = system
        self.operation = operation
        self.reference = reference
        self.code = code

    def __str__(self) -> str:
        """The message behind the place it happened, for logs and operators."""
        place = ".".join(part for part in (self.system, self.operation) if part)
        about = f" [{self.reference}]" if self.reference else ""
        return f"{place}{about}: {self.message}" if place else f"{self.message}{about}"


class UnavailableError(SyncError):
    """Nothing can have happened: not connected, or a read that failed. Try again later."""

    family = "unavailable"


class ThrottledError(SyncError):
    """The target asks for less: try again, not before ``retry_after`` where it said so."""

    family = "throttled"

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        system: str = "",
        operation: str = "",
        reference: str = "",
        code: str = "",
    ) -> None:
        super().__init__(message, system=system, operation=operation, reference=reference, code=code)
        self.retry_after = retry_after


class OutcomeUnknownError(SyncError):
    """A write left us and no answer proves that nothing happened: look first, never repeat blindly."""

    family = "unknown"


class MappingError(SyncError):
    """A word of another system that we cannot translate: the path is told, the value never."""

    family = "mapping"

    def __init__(
        self, message: str, *, path: str, system: str = "", operation: str = "", reference: str = "", code: str = ""
    ) -> None:
        super().__init__(f"{path}: {message}", system=system, operation=operation, reference=reference, code=code)
        self.path = path
        self.reason = message


class InvalidRecordError(MappingError):
    """A record that breaks its contract (missing, malformed, wrong check digit): it goes to quarantine."""

    family = "invalid"


class ConsentMissingError(SyncError):
    """No basis allows this disclosure now: the intent waits for one, and the denial is shown."""

    family = "consent"


class MisconfiguredError(SyncError):
    """This kind of write cannot succeed for any case until somebody changes a setting or a catalogue."""

    family = "misconfigured"


class RefusedError(SyncError):
    """The target understood and said no: a person must look at this one case."""

    family = "refused"


class NotFoundError(RefusedError):
    """The target does not know what we asked for."""

    family = "not_found"


class AmbiguousError(RefusedError):
    """More than one fits, or the answer was cut: nothing may be concluded from it."""

    family = "ambiguous"


class ConflictError(RefusedError):
    """Somebody else changed it meanwhile: a stale version, an object that is gone."""

    family = "conflict"


class CredentialsError(SyncError):
    """The target refuses who we are. A wrong login locks the account: stop at once, do not hammer."""

    family = "credentials"


class ContractBrokenError(SyncError):
    """The other side no longer speaks the agreed contract, or its certificate cannot be trusted."""

    family = "contract"


class SettingsError(SyncError):
    """A setting is wrong: ``faults`` names each one, without the value of any secret."""

    family = "settings"

    def __init__(self, faults: tuple[str, ...]) -> None:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(f"{len(faults)} setting(s) need attention:\n{lines}", system="config")
        self.faults = faults


Failure: TypeAlias = (
    UnavailableError
    | ThrottledError
    | OutcomeUnknownError
    | MappingError
    | ConsentMissingError
    | MisconfiguredError
    | RefusedError
    | CredentialsError
    | ContractBrokenError
    | SettingsError
)

FAILURES = (
    UnavailableError,
    ThrottledError,
    OutcomeUnknownError,
    MappingError,
    ConsentMissingError,
    MisconfiguredError,
    RefusedError,
    CredentialsError,
    ContractBrokenError,
    SettingsError,
)
"""The same families, for ``except``."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Nothing happened: the same intent again after this wait."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class LookFirst:
    """Something may have happened: after this wait, look at the target before anything else."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Park:
    """A person must act on this one case."""


@dataclass(frozen=True, slots=True)
class HaltKind:
    """Stop this kind of intent for this target; the intent itself stays as it was."""


@dataclass(frozen=True, slots=True)
class HaltTarget:
    """Stop everything for this target; the intent itself stays as it was."""


Move: TypeAlias = RetryAt | LookFirst | Park | HaltKind | HaltTarget


HALTING = (CredentialsError, ContractBrokenError, SettingsError)
"""Families after which a target is asked nothing more until a person lifts the halt."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long and how often an intent is tried again; ``settle`` is how long a lost call can still take effect."""

    base: timedelta = timedelta(seconds=5)
    cap: timedelta = timedelta(minutes=15)
    attempts: int = 12
    settle: timedelta = timedelta(minutes=2)
    retry_after_cap: timedelta = timedelta(hours=1)


def backoff(policy: RetryPolicy, attempt: int, draw: float) -> timedelta:
    """Full jitter over a capped exponential: ``attempt`` counts from 1, ``draw`` is uniform in [0, 1)."""
    ceiling = min(policy.cap, policy.base * 2.0 ** min(attempt - 1, 30))
    return policy.base / 2 + ceiling * draw


def next_move(error: Failure, attempt: int, policy: RetryPolicy, draw: float) -> Move:
    """What follows a failed attempt; pure, so that every row of the table in ``docs`` is one test.

    ``attempt`` is the number of the attempt that just failed, from 1. An unknown outcome is never given up
    here: looking costs nothing at the target, and the dispatcher shows it for as long as it lasts.
    """
    match error:
        case OutcomeUnknownError():
            return LookFirst(policy.settle)
        case ThrottledError() if attempt < policy.attempts:
            asked = min(error.retry_after or timedelta(), policy.retry_after_cap)
            return RetryAt(max(asked, backoff(policy, attempt, draw)))
        case UnavailableError() if attempt < policy.attempts:
            return RetryAt(backoff(policy, attempt, draw))
        case UnavailableError() | ThrottledError():
            return Park()
        case RefusedError() | ConsentMissingError() | MappingError():
            return Park()
        case MisconfiguredError():
            return HaltKind()
        case CredentialsError() | ContractBrokenError() | SettingsError():
            return HaltTarget()
        case _:
            assert_never(error)
