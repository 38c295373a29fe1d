"""The breaker: nobody hammers a target that is away, one probe asks, and an answer opens it for all."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.breaker import Breaker, Limits, Passage, answered, failed, passage, probing, told_to_wait
from tests.builders import NOW

LIMITS = Limits(threshold=3, first_wait=timedelta(seconds=2), longest_wait=timedelta(seconds=9))


def after(failures: int, at: timedelta = timedelta()) -> Breaker:
    """A breaker after so many failures in a row."""
    breaker = Breaker()
    for _ in range(failures):
        breaker = failed(breaker, LIMITS, NOW + at, NOW + at)
    return breaker


def test_a_few_failures_are_no_absence() -> None:
    assert passage(after(2), NOW) is Passage.FREE


def test_an_answer_between_failures_begins_the_count_anew() -> None:
    assert passage(failed(failed(answered(), LIMITS, NOW, NOW), LIMITS, NOW, NOW), NOW) is Passage.FREE


def test_enough_failures_in_a_row_shut_it_and_then_one_may_probe() -> None:
    shut = after(3)
    assert passage(shut, NOW) is Passage.SHUT
    assert passage(shut, NOW + timedelta(seconds=2)) is Passage.PROBE


def test_while_a_probe_is_on_its_way_nobody_follows() -> None:
    later = NOW + timedelta(seconds=2)
    on_its_way = probing(after(3), later + timedelta(seconds=30))
    assert passage(on_its_way, later + timedelta(seconds=29)) is Passage.SHUT
    assert passage(on_its_way, later + timedelta(seconds=30)) is Passage.PROBE, (
        "a probe that was lost is not waited for"
    )


def test_failed_probes_wait_longer_up_to_the_longest() -> None:
    breaker, waits = after(3), []
    for _ in range(5):
        breaker = failed(breaker, LIMITS, NOW, NOW)
        assert breaker.shut_until is not None
        waits.append((breaker.shut_until - NOW).total_seconds())
    assert waits == [4, 8, 9, 9, 9]


@given(st.integers(0, 60))
def test_one_answer_opens_it_for_all(failures: int) -> None:
    assert after(failures) == Breaker() or passage(answered(), NOW) is Passage.FREE
    assert answered() == Breaker()


def test_retry_after_shuts_it_without_counting_as_a_failure() -> None:
    asked = told_to_wait(after(2), NOW, NOW + timedelta(seconds=40))
    assert passage(asked, NOW + timedelta(seconds=39)) is Passage.SHUT
    assert asked.failures == 0
    assert told_to_wait(asked, NOW, NOW).shut_until == NOW + timedelta(seconds=40), "the later of two instants holds"


def test_a_whole_batch_that_fails_is_one_absence() -> None:
    breaker = after(3, timedelta(seconds=1))
    for _ in range(47):
        breaker = failed(breaker, LIMITS, NOW, NOW + timedelta(seconds=1))
    assert breaker.shut_until == NOW + timedelta(seconds=3)
    assert breaker.probes == 1
