"""Recurring work in local time: a whole year of slots, each exactly once, whatever the clocks do."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar import WorkingDays, local_date, local_time
from config.recurrence import Daily, Monthly, Rule, Weekly, Window, latest_slot, next_slot, slots

DAYS = WorkingDays()
YEAR = datetime(2025, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
"""The local year 2026, with both clock changes: 29 March and 25 October."""

rules = st.one_of(
    st.builds(Daily, st.times().map(lambda at: at.replace(microsecond=0)), st.booleans()),
    st.builds(Weekly, st.integers(0, 6), st.times().map(lambda at: at.replace(microsecond=0))),
    st.builds(Monthly, st.integers(1, 31), st.times().map(lambda at: at.replace(microsecond=0))),
)

moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: YEAR[0] + timedelta(minutes=minutes))


@pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59), time(3, 0), time(22, 0), time(0, 0)])
def test_f66_every_local_day_of_a_year_has_its_slot_exactly_once(at: time) -> None:
    found = Counter(local_date(slot) for slot in slots(Daily(at), *YEAR, DAYS))
    assert set(found.values()) == {1}
    assert len(found) == 365


def test_f66_a_time_that_is_skipped_is_later_and_one_that_comes_twice_is_its_first() -> None:
    found = {local_date(slot): slot for slot in slots(Daily(time(2, 30)), *YEAR, DAYS)}
    assert local_time(found[date(2026, 3, 29)]).time() == time(3, 30)
    assert found[date(2026, 10, 25)] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_working_days_leave_out_weekends_and_holidays_of_the_canton() -> None:
    found = {local_date(slot) for slot in slots(Daily(time(6), working_days_only=True), *YEAR, DAYS)}
    assert date(2026, 11, 23) in found
    assert date(2026, 11, 22) not in found, "a Sunday"
    assert date(2026, 3, 19) not in found, "Saint Joseph"


def test_a_weekly_rule_is_due_once_a_week_and_a_monthly_one_each_month() -> None:
    assert len(list(slots(Weekly(6, time(3)), *YEAR, DAYS))) == 52
    months = [local_date(slot) for slot in slots(Monthly(31, time(5)), *YEAR, DAYS)]
    assert [day.month for day in months] == list(range(1, 13))
    assert date(2026, 2, 28) in months


@given(rules, moments)
def test_ticks_at_any_pace_see_each_slot_exactly_once(rule: Rule, now: datetime) -> None:
    end = now + timedelta(days=9)
    whole = list(slots(rule, now, end, DAYS))
    ticked: list[datetime] = []
    at = now
    for minutes in (1, 7, 61, 1440, 3000, 20_000):
        step = min(end, at + timedelta(minutes=minutes))
        ticked += slots(rule, at, step, DAYS)
        at = step
    assert ticked == whole


@given(rules, moments)
def test_what_is_owed_lies_behind_and_what_comes_ahead_with_nothing_between(rule: Rule, now: datetime) -> None:
    owed, coming = latest_slot(rule, now, DAYS), next_slot(rule, now, DAYS)
    assert owed is not None
    assert coming is not None
    assert owed <= now < coming
    assert list(slots(rule, owed, coming, DAYS)) == [coming]


@pytest.mark.parametrize(
    ("now", "inside"),
    [
        (datetime(2026, 11, 22, 21, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 20, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 0, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), False),
    ],
)
def test_a_window_may_run_past_midnight(now: datetime, inside: bool) -> None:
    assert Window(6, time(22), time(2)).covers(now) is inside


def test_a_window_inside_one_day() -> None:
    window = Window(2, time(12), time(13, 30))
    assert window.covers(datetime(2026, 11, 25, 11, 0, tzinfo=UTC))
    assert not window.covers(datetime(2026, 11, 25, 12, 30, tzinfo=UTC))
    assert not window.covers(datetime(2026, 11, 26, 11, 0, tzinfo=UTC))
