"""When the nightly is owed: each local slot exactly once, over both changes of the clock, and again when it failed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar import instant_of, local_date, local_time, start_of_local_day
from domain.books import Run, RunState
from scheduler.schedule import AGAIN_AFTER, SILENCE, latest_slot, nightly_owed, owed
from tests.pipelines.world import World

SLOT = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def around(first: datetime, days: int) -> st.SearchStrategy[datetime]:
    """Any second of some days."""
    return st.integers(0, days * 86_400).map(lambda seconds: first + timedelta(seconds=seconds))


INSTANTS = st.one_of(
    around(datetime(2026, 3, 27, tzinfo=UTC), 4),
    around(datetime(2026, 10, 23, tzinfo=UTC), 4),
    around(datetime(2020, 1, 1, tzinfo=UTC), 5000),
)


@given(INSTANTS, TIMES)
def test_f66_the_latest_slot_is_the_newest_of_its_local_time(now: datetime, at: time) -> None:
    slot = latest_slot(now, at)

    assert slot <= now
    assert slot == instant_of(local_date(slot), at), "of all instants that show this time it is the day's one"
    assert instant_of(local_date(slot) + timedelta(days=1), at) > now, "no newer one has passed"


@pytest.mark.parametrize(
    "first", [date(2026, 10, 23), date(2027, 3, 26), date(2027, 12, 30), date(2028, 2, 27)], ids=str
)
@pytest.mark.parametrize("at", [time(2, 30), time(2, 0), time(3, 0), time(22, 0), time(0, 0)], ids=str)
def test_f66_a_clock_that_ticks_through_a_change_meets_each_slot_once(first: date, at: time) -> None:
    days = [first + timedelta(days=number) for number in range(4)]
    now, end = start_of_local_day(first), start_of_local_day(first + timedelta(days=4))
    slots: list[datetime] = []
    while now < end:
        slots.append(latest_slot(now, at))
        now += 5 * MINUTE

    assert slots == sorted(slots)
    assert [local_date(slot) for slot in dict.fromkeys(slots) if local_date(slot) >= first] == days


def test_the_slot_of_the_night_that_has_02_30_twice_is_the_first_of_both() -> None:
    slot = latest_slot(datetime(2026, 10, 25, 12, 0, tzinfo=UTC), time(2, 30))

    assert slot == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert local_time(slot).utcoffset() == timedelta(hours=2)


def run(state: RunState, due_at: datetime = SLOT, started_at: datetime | None = None) -> Run:
    """A nightly of a slot."""
    return Run("R1", "nightly", due_at, state, started_at or due_at)


def test_a_slot_that_nobody_opened_is_owed_however_late() -> None:
    assert owed([], SLOT, SLOT) == SLOT
    assert owed([run(RunState.DONE, SLOT - timedelta(days=1))], SLOT, SLOT + timedelta(hours=9)) == SLOT


@pytest.mark.parametrize("due_at", [SLOT, SLOT + 30 * MINUTE], ids=["the slot's", "a person's, later"])
def test_a_run_that_was_done_since_the_slot_serves_it(due_at: datetime) -> None:
    assert owed([run(RunState.DONE, due_at)], SLOT, SLOT + timedelta(hours=20)) is None


def test_a_persons_plan_does_not_serve_the_slot() -> None:
    assert owed([run(RunState.PLANNED, SLOT + MINUTE)], SLOT, SLOT + 2 * MINUTE) == SLOT


@pytest.mark.parametrize(
    ("state", "after"),
    [(RunState.RUNNING, SILENCE), (RunState.FAILED, AGAIN_AFTER), (RunState.PLANNED, AGAIN_AFTER)],
)
def test_a_run_that_came_to_nothing_is_made_again_under_a_due_time_of_its_own(
    state: RunState, after: timedelta
) -> None:
    late = SLOT + 3 * MINUTE
    began = run(state, SLOT, late)

    assert owed([began], SLOT, late + after - MINUTE) is None
    assert owed([began], SLOT, late + after) == late + after
    assert owed([began], SLOT, late + after + 7 * MINUTE) == late + after, "whoever asks, and whenever, gets the same"


def test_of_several_failures_the_last_counts() -> None:
    first, second = run(RunState.FAILED), run(RunState.FAILED, SLOT + AGAIN_AFTER, SLOT + AGAIN_AFTER)

    assert owed([second, first], SLOT, SLOT + 2 * AGAIN_AFTER - MINUTE) is None
    assert owed([second, first], SLOT, SLOT + 2 * AGAIN_AFTER) == SLOT + 2 * AGAIN_AFTER


def test_f13_a_night_that_was_slept_through_is_caught_up_once(world: World) -> None:
    world.clock.now = SLOT + timedelta(hours=9)
    due = nightly_owed(world.needs, time(22, 0))
    assert due == SLOT
    world.needs.runs.open("nightly", due, world.clock())
    assert nightly_owed(world.needs, time(22, 0)) is None


def test_a_dead_run_is_noticed_and_a_living_one_left_alone(world: World) -> None:
    """The book of runs decides by the last sign of life; the schedule only asks."""
    at = time(22, 0)
    world.clock.now = SLOT
    opened = world.needs.runs.open("nightly", SLOT, SLOT)
    assert opened is not None
    world.clock.now = SLOT + 11 * MINUTE
    world.needs.runs.progress(opened.run_id, {"seen": 1}, SLOT + 10 * MINUTE)
    due = nightly_owed(world.needs, at)
    assert due is not None
    assert world.needs.runs.open("nightly", due, world.clock()) is None, "it was alive a minute ago"

    world.clock.now = SLOT + 21 * MINUTE
    due = nightly_owed(world.needs, at)
    assert due is not None
    assert world.needs.runs.open("nightly", due, world.clock()) is not None
    assert [one.state for one in world.needs.runs.listed()] == [RunState.RUNNING, RunState.FAILED]
