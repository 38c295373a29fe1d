"""The sending loop: patient with what falls due soon, done with what cannot move, and ready to stop."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from config.correlation import correlated, correlation_id
from domain.errors import RefusedError, UnavailableError
from domain.facets import Target
from domain.intents import IntentState
from pipelines.needs import silent
from scheduler.sending import ThreadSpread, send_all
from store.intent_book import SqlIntentBook
from tests.fakes import Clock
from tests.pipelines.world import World

MINUTE = timedelta(minutes=1)


@dataclass
class Waits:
    """Waits by moving the clock; asked to stop after so many waits."""

    clock: Clock
    stop_after: int = 10_000
    waited: list[float] = field(default_factory=list)

    def __call__(self, seconds: float, /) -> object:
        if seconds:
            self.waited.append(seconds)
            self.clock.wait(seconds)
        return len(self.waited) >= self.stop_after


@pytest.fixture
def night(keyword_missing: World) -> World:
    """A keyword that waits to be set."""
    keyword_missing.night()
    return keyword_missing


def test_what_is_due_is_sent_with_all_that_follows_and_nothing_is_waited_for(night: World) -> None:
    waits = Waits(night.clock)
    told: list[int] = []
    sent = send_all(night.needs, "one", MINUTE, lambda _stage, done, _total: told.append(done), waits)

    assert sent.waiting == 0
    assert sent.outcomes == {"done": len(night.intents(IntentState.DONE))}
    assert sent.outcomes["done"] > 1, "the mirror followed the keyword"
    assert waits.waited == []
    assert told[-1] == sent.outcomes["done"]


def test_a_second_time_there_is_nothing_to_do(night: World) -> None:
    waits = Waits(night.clock)
    send_all(night.needs, "one", MINUTE, silent, waits)
    written = list(night.plasta.written)

    assert send_all(night.needs, "one", MINUTE, silent, waits).outcomes == {}
    assert night.plasta.written == written


def test_what_fails_for_now_is_tried_again_within_our_patience(night: World) -> None:
    night.plasta.faults.fail("add_keyword", UnavailableError("away", system="plasta"), 2)
    waits = Waits(night.clock)
    sent = send_all(night.needs, "one", timedelta(hours=1), silent, waits)

    assert night.plasta.written == [("add_keyword", "AD000001")]
    assert sent.outcomes["retry_at"] == 2
    assert sent.waiting == 0
    assert len(waits.waited) >= 2
    assert all(seconds > 0 for seconds in waits.waited)


def test_without_patience_it_is_left_to_the_next_round(night: World) -> None:
    night.plasta.faults.fail("add_keyword", UnavailableError("away", system="plasta"), 1)
    waits = Waits(night.clock)
    sent = send_all(night.needs, "one", timedelta(0), silent, waits)

    assert waits.waited == []
    assert sent.waiting == 1
    assert sent.outcomes["retry_at"] == 1


def test_a_paused_target_ends_the_loop_and_the_others_are_served(night: World) -> None:
    night.needs.switches.pause(Target.PLASTA, reason="test", by="test", now=night.clock())
    waits = Waits(night.clock)
    sent = send_all(night.needs, "one", timedelta(hours=1), silent, waits)

    assert waits.waited == [], "nothing that time alone can move"
    assert sent.waiting == 1
    assert night.plasta.written == []
    assert night.cii.written != []


def test_what_a_person_must_look_at_is_not_waited_for(night: World) -> None:
    night.plasta.faults.fail("add_keyword", RefusedError("no", system="plasta"), 1)
    waits = Waits(night.clock)
    sent = send_all(night.needs, "one", timedelta(hours=1), silent, waits)

    assert sent.outcomes["parked"] == 1
    assert waits.waited == []


class Slow(SqlIntentBook):
    """A book whose look takes so long that what it found is due by then."""

    def next_due(self) -> datetime | None:
        due = super().next_due()
        clock = self._store.clock
        if due is not None and isinstance(clock, Clock) and due > clock():
            clock.now = due + timedelta(seconds=1)
        return due


def test_what_falls_due_while_a_round_runs_is_not_taken_for_stuck(night: World) -> None:
    """The clock moves on between the claim and the look at what is due next."""
    night.plasta.faults.fail("add_keyword", UnavailableError("away", system="plasta"), 1)
    night.needs = replace(night.needs, intents=Slow(night.store))
    sent = send_all(night.needs, "one", timedelta(hours=1), silent, Waits(night.clock))

    assert sent.waiting == 0
    assert night.plasta.written == [("add_keyword", "AD000001")]


def test_asked_to_stop_it_ends_between_two_rounds(night: World) -> None:
    night.plasta.faults.fail("add_keyword", UnavailableError("away", system="plasta"), 50)
    waits = Waits(night.clock, stop_after=2)
    sent = send_all(night.needs, "one", timedelta(days=1), silent, waits)

    assert len(waits.waited) == 2
    assert sent.waiting == 1


def test_asked_to_stop_before_it_begins_it_claims_nothing(night: World) -> None:
    assert send_all(night.needs, "one", MINUTE, silent, Waits(night.clock, stop_after=0)).outcomes == {}
    assert night.intents(IntentState.CLAIMED) == []


def test_threads_answer_in_order_and_carry_the_correlation_id() -> None:
    with ThreadPoolExecutor(4) as pool, correlated("cause-1"):
        spread = ThreadSpread(pool)
        told = spread(lambda item: (item, correlation_id()), range(20))
        alone = spread(lambda item: (item, correlation_id()), [7])

    assert told == [(item, "cause-1") for item in range(20)]
    assert alone == [(7, "cause-1")]


def test_a_thread_keeps_no_id_of_earlier_work() -> None:
    with ThreadPoolExecutor(1) as pool:
        spread = ThreadSpread(pool)
        with correlated("cause-1"):
            spread(lambda _item: correlation_id(), range(3))
        with correlated("cause-2"):
            second = spread(lambda _item: correlation_id(), range(3))
        assert pool.submit(correlation_id).result() == ""

    assert second == ["cause-2"] * 3


def test_an_error_in_a_thread_is_raised_where_it_was_asked_for() -> None:
    def fails(item: int) -> int:
        raise UnavailableError("away", reference=str(item))

    with ThreadPoolExecutor(2) as pool, pytest.raises(UnavailableError, match="away"):
        ThreadSpread(pool)(fails, [1, 2])
