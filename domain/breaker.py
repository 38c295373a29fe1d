"""The breaker of a target: when it stops answering, nobody knocks but a probe; when it answers, all go on at once.

Shared by all workers through the store, so that ten processes together knock once. Pure.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Passage(StrEnum):
    """Whether a target may be called now: by all, by one probe, or by nobody."""

    FREE = "free"
    PROBE = "probe"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a target bears, and when it is taken to be away. None means no limit.

    ``threshold`` failures in a row shut it for ``first_wait``, doubled at each failed probe up to ``longest_wait``.
    """

    threshold: int = 5
    first_wait: timedelta = timedelta(seconds=2)
    longest_wait: timedelta = timedelta(seconds=15)
    at_once: int | None = None
    per_second: int | None = None


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is known of a target: failures in a row, since when and until when it is left alone (UTC).

    Both instants are None while it answers.
    """

    failures: int = 0
    probes: int = 0
    shut_at: datetime | None = None
    shut_until: datetime | None = None

    @property
    def is_shut(self) -> bool:
        """Whether the target is taken to be away, even if a probe may knock now."""
        return self.shut_until is not None


def passage(breaker: Breaker, now: datetime) -> Passage:
    """Who may call now."""
    if breaker.shut_until is None:
        return Passage.FREE
    return Passage.PROBE if now >= breaker.shut_until else Passage.SHUT


def probing(breaker: Breaker, until: datetime) -> Breaker:
    """A probe is on its way: nobody else knocks before ``until`` (the end of its lease)."""
    return replace(breaker, shut_until=until)


def answered() -> Breaker:
    """The target gave an answer, whatever it said."""
    return Breaker()


def failed(breaker: Breaker, limits: Limits, began: datetime, now: datetime) -> Breaker:
    """No answer: after enough of them in a row, or after a failed probe, the target is left alone for a while.

    A call that began before the target was shut is no probe: a whole batch that fails counts as one absence.
    """
    failures = breaker.failures + 1
    early = breaker.shut_at is not None and began < breaker.shut_at
    if early or (not breaker.is_shut and failures < limits.threshold):
        return replace(breaker, failures=failures)
    wait = min(limits.longest_wait, limits.first_wait * 2.0 ** min(breaker.probes, 20))
    return Breaker(failures, breaker.probes + 1, now, now + wait)


def told_to_wait(breaker: Breaker, now: datetime, until: datetime) -> Breaker:
    """The target answered, and asked to be left alone until an instant (``Retry-After``, within its cap)."""
    return Breaker(0, breaker.probes, now, max(until, breaker.shut_until or until))
