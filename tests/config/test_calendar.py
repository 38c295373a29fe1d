"""Working days of Valais and the clocks of Europe/Zurich, around both changes of the hour."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar import ZURICH, WorkingDays, instant_of, local_date, local_time, start_of_local_day
from domain.facets import Language
from domain.ports import WorkingCalendar

LEGAL = WorkingDays()
OFFICES = WorkingDays(categories=frozenset({"public", "optional"}), closed_days=frozenset({date(2026, 12, 24)}))

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 3, 19),
        date(2026, 5, 14),
        date(2026, 6, 4),
        date(2026, 8, 1),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 12, 8),
        date(2026, 12, 25),
    ],
)
def test_the_nine_legal_holidays_of_valais(day: date) -> None:
    assert LEGAL.holiday_name(day, Language.FR)
    assert not LEGAL.is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 4, 6), date(2026, 5, 25), date(2025, 12, 26), date(2026, 1, 2)])
def test_easter_monday_and_its_kin_are_a_setting(day: date) -> None:
    assert LEGAL.is_working_day(day)
    assert not OFFICES.is_working_day(day)


def test_good_friday_and_swiss_holidays_of_other_cantons_are_working_days() -> None:
    assert OFFICES.is_working_day(date(2026, 4, 3))
    assert OFFICES.is_working_day(date(2026, 5, 1))


def test_closed_days_are_no_working_days() -> None:
    assert LEGAL.is_working_day(date(2026, 12, 24))
    assert not OFFICES.is_working_day(date(2026, 12, 24))


def test_holidays_have_their_name_in_both_languages() -> None:
    assert LEGAL.holiday_name(date(2026, 6, 4), Language.FR) == "Fête-Dieu"
    assert LEGAL.holiday_name(date(2026, 6, 4), Language.DE) == "Fronleichnam"
    assert LEGAL.holiday_name(date(2026, 6, 5), Language.DE) is None


def test_five_working_days_over_christmas() -> None:
    assert LEGAL.add_working_days(date(2026, 12, 22), 5) == date(2026, 12, 30)
    assert OFFICES.add_working_days(date(2026, 12, 22), 5) == date(2026, 12, 31)


def test_no_working_day_more_is_the_day_itself_or_the_next_that_works() -> None:
    assert LEGAL.add_working_days(date(2026, 12, 24), 0) == date(2026, 12, 24)
    assert LEGAL.add_working_days(date(2026, 12, 25), 0) == date(2026, 12, 28)


@given(days, st.integers(min_value=1, max_value=60))
def test_adding_lands_on_a_working_day_with_that_many_in_between(day: date, count: int) -> None:
    landed = LEGAL.add_working_days(day, count)
    assert LEGAL.is_working_day(landed)
    assert LEGAL.working_days_between(day, landed) == count


@given(days, st.integers(min_value=1, max_value=30), st.integers(min_value=1, max_value=30))
def test_adding_twice_is_adding_the_sum(day: date, first: int, second: int) -> None:
    assert LEGAL.add_working_days(LEGAL.add_working_days(day, first), second) == LEGAL.add_working_days(
        day, first + second
    )


@given(days, st.integers(min_value=1, max_value=40))
def test_going_back_undoes_going_forward_from_a_working_day(day: date, count: int) -> None:
    start = LEGAL.add_working_days(day, 0)
    assert LEGAL.add_working_days(LEGAL.add_working_days(start, count), -count) == start


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert LEGAL.working_days_between(date(2026, 11, 23), date(2026, 11, 20)) == 0


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 21, 22, 59, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_changes_at_midnight_in_valais(instant: datetime, day: date) -> None:
    assert local_date(instant) == day


def test_it_is_the_calendar_that_the_pipelines_know() -> None:
    port: WorkingCalendar = LEGAL
    assert port.today(datetime(2026, 11, 21, 23, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_naive_instant_has_no_local_date() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        local_time(datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001 - the very thing that must be refused


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 11, 22), 24)]
)
def test_f66_days_have_as_many_hours_as_the_clock_gives_them(day: date, hours: int) -> None:
    assert start_of_local_day(day + timedelta(days=1)) - start_of_local_day(day) == timedelta(hours=hours)


@given(days)
def test_the_start_of_a_day_is_its_first_instant(day: date) -> None:
    start = start_of_local_day(day)
    assert start.tzinfo is UTC
    assert local_date(start) == day
    assert local_date(start - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_f66_a_skipped_time_is_later_and_a_doubled_time_is_its_first() -> None:
    assert instant_of(date(2027, 3, 28), time(2, 30)) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert instant_of(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant_of(date(2026, 10, 25), time(2, 30, fold=1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(days, st.times())
def test_f66_every_local_slot_of_a_day_lies_on_that_day(day: date, at: time) -> None:
    instant = instant_of(day, at)
    assert instant.astimezone(ZURICH).date() == day
    shown = local_time(instant).time().replace(fold=0)
    assert shown in {at.replace(fold=0), (datetime.combine(day, at) + timedelta(hours=1)).time().replace(fold=0)}
