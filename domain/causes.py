"""Failed work as people handle it: by cause, never by the text of a message, and what a person may do about it.

A list that is acted on is pinned: its mark changes when an intent joins it, leaves it, or was tried again meanwhile.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.facets import Target
from domain.intents import Intent, IntentKind
from domain.work_items import Ask

UNDO_WITHIN = timedelta(days=30)
"""How long a withdrawal can be taken back (F75)."""

RESTORED = "restored"
"""Family and code of an intent whose withdrawal was taken back: no decision brings it back by itself."""


class Standing(StrEnum):
    """How an intent that failed stands now."""

    PARKED = "parked"
    """A person must act."""
    HELD = "held"
    """In doubt, and no look can end it: a person must answer."""
    UNKNOWN = "unknown"
    """In doubt: the target is looked at when it falls due."""
    WAITING = "waiting"
    """Tried again when it falls due."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why intents failed. ``family`` is one of :mod:`domain.errors`; empty where none was recorded."""

    target: Target
    kind: IntentKind
    family: str
    code: str


@dataclass(frozen=True, slots=True)
class CauseCount:
    """How many intents a cause stops: ``oldest`` was wanted first, ``next_due`` is when one of them moves by itself."""

    cause: Cause
    standings: Mapping[Standing, int]
    oldest: datetime
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Since when (included) and until when (excluded) an intent has been parked; None: without an end."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A pinned list that was offered again; ``before`` when it had been so already and nothing was done now."""

    pin: str
    at: datetime
    by: str
    reason: str
    offered: tuple[str, ...]
    before: bool = False


def pin_of(intents: Sequence[Intent]) -> str:
    """The mark of a list: the same intents, each as it stands since the same instant, in any order."""
    rows = sorted(f"{one.intent_id}@{one.due_at.astimezone(UTC).isoformat()}" for one in intents)
    return hashlib.blake2b("\n".join(rows).encode(), digest_size=6).hexdigest()


class FailedWork(Protocol):
    """What people see and do of intents that failed. Every word of theirs is in the log of changes."""

    def causes(self) -> Sequence[CauseCount]:
        """Parked intents, doubts, and waiting intents that failed, by cause; the largest number first."""
        ...

    def parked_for(self, target: Target, kind: IntentKind, code: str, stretch: Stretch) -> Sequence[Intent]:
        """The parked intents of a cause, oldest first: what a retry of this cause would be about."""
        ...

    def retry_pinned(self, pinned: Sequence[Intent], now: datetime, by: str, reason: str) -> Batch:
        """Offer these again, all in one transaction, and end the work items about them.

        One that was moved or tried since it was pinned is left out. The same list is offered once: whoever comes
        second gets the first one's batch, told ``before``.
        """
        ...

    def batch(self, pin: str) -> Batch | None:
        """What became of a pinned list; None when nobody has offered it."""
        ...

    def withdraw(self, intent_id: str, now: datetime, by: str, reason: str) -> bool:
        """End a parked, ready or held intent for good; False in any other state, above all in a worker's hands."""
        ...

    def restore(self, ask: Ask, intent_id: str, now: datetime, by: str, reason: str) -> bool:
        """Park a withdrawn intent and open ``ask``; False when it is not withdrawn, or for longer than the undo."""
        ...
