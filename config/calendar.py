"""Working days of Valais, and the way between instants (UTC) and calendar days of Europe/Zurich.

Rule 9 of ``domain.md``: time is Europe/Zurich for people and UTC in storage; working days follow the canton's
public holidays. The days come from the library ``holidays`` (country CH, canton VS).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from domain.facets import Language

ZURICH = ZoneInfo("Europe/Zurich")
SATURDAY = 5
_ONE_DAY = timedelta(days=1)


def local_date(instant: datetime) -> date:
    """The calendar day in Valais at an instant; :class:`ValueError` for a naive one."""
    return local_time(instant).date()


def local_time(instant: datetime) -> datetime:
    """An instant as the clocks in Valais show it; :class:`ValueError` for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone has no local date")
    return instant.astimezone(ZURICH)


def start_of_local_day(day: date) -> datetime:
    """The first instant (UTC) of a calendar day in Valais; days have 23, 24 or 25 hours."""
    return instant_of(day, time())


def instant_of(day: date, at: time) -> datetime:
    """The instant (UTC) at which clocks in Valais show a time of day.

    A time that comes twice (end of October) is its first; one that the change skips (end of March) is as much later
    as the clock jumped: 02:30 becomes 03:30. So every (day, time) has exactly one instant.
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=ZURICH).astimezone(UTC)


@lru_cache(maxsize=256)
def _holidays_of(year: int, categories: frozenset[str], language: str) -> dict[date, str]:
    """The holidays of a year with their names in a language."""
    found = holidays.country_holidays(
        "CH", subdiv="VS", years=year, expand=False, categories=sorted(categories), language=language
    )
    return dict(found.items())


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days the offices work: not on Saturdays, Sundays, holidays of ``categories``, and ``closed_days``.

    The port :class:`domain.ports.WorkingCalendar`.
    """

    categories: frozenset[str] = frozenset({"public"})
    closed_days: frozenset[date] = frozenset()

    def today(self, now: datetime) -> date:
        """The calendar day of an instant in Valais; :class:`ValueError` for a naive one."""
        return local_date(now)

    def is_working_day(self, day: date) -> bool:
        """Whether the offices work on a day."""
        return (
            day.weekday() < SATURDAY
            and day not in self.closed_days
            and day not in _holidays_of(day.year, self.categories, Language.FR)
        )

    def holiday_name(self, day: date, language: Language) -> str | None:
        """The holiday's name as people read it; None when it is none."""
        return _holidays_of(day.year, self.categories, language).get(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after a day; before it when negative. Zero: the day, or the next that works."""
        if count == 0:
            return day if self.is_working_day(day) else self.add_working_days(day, 1)
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie in (``after``, ``until``]; zero when ``until`` is not later."""
        days: Iterable[date] = (after + _ONE_DAY * n for n in range(1, (until - after).days + 1))
        return sum(self.is_working_day(one) for one in days)
