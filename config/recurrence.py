"""When recurring work is due: rules in local time of Europe/Zurich, as instants, each local slot exactly once.

A clock change neither skips nor doubles a slot: a time that does not exist that day is as much later as the clock
jumped, a time that comes twice is its first (:func:`config.calendar.instant_of`). Own rules, because beat's crontab
leaves a hole around clock changes (celery 6438).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from config.calendar import WorkingDays, instant_of, local_date, local_time

_ONE_DAY = timedelta(days=1)
LONGEST_PAUSE = timedelta(days=40)
"""No rule of ours is silent for longer; looking back further would find nothing."""


class Rule(Protocol):
    """Says on which local days and times something is due."""

    def slots_of(self, day: date, days: WorkingDays) -> Iterator[time]:
        """The local times of one calendar day, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at one local time; with ``working_days_only`` not on weekends and holidays of the canton."""

    at: time
    working_days_only: bool = False

    def slots_of(self, day: date, days: WorkingDays) -> Iterator[time]:
        """The one time, or none."""
        if not self.working_days_only or days.is_working_day(day):
            yield self.at


@dataclass(frozen=True, slots=True)
class Weekly:
    """One weekday (Monday is 0) at one local time."""

    weekday: int
    at: time

    def slots_of(self, day: date, days: WorkingDays) -> Iterator[time]:
        """The one time on that weekday."""
        del days
        if day.weekday() == self.weekday:
            yield self.at


@dataclass(frozen=True, slots=True)
class Monthly:
    """One day of each month at one local time; a month that is shorter has it on its last day."""

    day: int
    at: time

    def slots_of(self, day: date, days: WorkingDays) -> Iterator[time]:
        """The one time on that day of the month."""
        del days
        is_last = (day + _ONE_DAY).month != day.month
        if day.day == self.day or (is_last and day.day < self.day):
            yield self.at


def slots(rule: Rule, after: datetime, until: datetime, days: WorkingDays) -> Iterator[datetime]:
    """Every instant (UTC) at which a rule is due in (``after``, ``until``], oldest first."""
    day = local_date(after)
    while day <= local_date(until):
        for at in rule.slots_of(day, days):
            instant = instant_of(day, at)
            if after < instant <= until:
                yield instant
        day += _ONE_DAY


def latest_slot(rule: Rule, now: datetime, days: WorkingDays) -> datetime | None:
    """The newest instant at which a rule was due, not after ``now``: the one run that is owed after an outage."""
    return max(slots(rule, now - LONGEST_PAUSE, now, days), default=None)


def next_slot(rule: Rule, now: datetime, days: WorkingDays) -> datetime | None:
    """The next instant at which a rule is due."""
    return next(slots(rule, now, now + LONGEST_PAUSE, days), None)


@dataclass(frozen=True, slots=True)
class Window:
    """A weekly maintenance window of a target in local time: nothing is sent inside. It may run past midnight."""

    weekday: int
    begins: time
    ends: time

    def covers(self, now: datetime) -> bool:
        """Whether an instant is inside, by the clocks of that day."""
        local = local_time(now)
        today, at = local.weekday(), local.time().replace(tzinfo=None)
        if self.begins <= self.ends:
            return today == self.weekday and self.begins <= at < self.ends
        return (today == self.weekday and at >= self.begins) or (today == (self.weekday + 1) % 7 and at < self.ends)
