"""Retries, parked intents, leases and lanes: a worker that dies loses nothing and nothing is sent by two."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.errors import RefusedError, ThrottledError, UnavailableError
from domain.intents import IntentKind, IntentState, Outcome
from domain.people import RegistrationId
from domain.work_items import Role, WorkItemKind
from pipelines.dispatch import Report, dispatch
from pipelines.needs import Answer, Item, one_by_one
from tests.pipelines.world import ATTEMPTS, LEASE, WORKER, World, numbered

AWAY = UnavailableError("away", system="plasta", operation="getSchlagworte")
ONCE = [("add_keyword", "AD000001")]
SECOND = timedelta(seconds=1)


@pytest.fixture
def wanted(keyword_missing: World) -> World:
    """The keyword decided on, not sent yet."""
    keyword_missing.night()
    return keyword_missing


def tries(world: World) -> list[tuple[Outcome | None, str]]:
    """Every attempt at the keyword, with its worker."""
    return [(one.outcome, one.worker) for one in world.needs.intents.attempts(world.intent().intent_id)]


def test_a_round_with_nothing_due_does_nothing(world: World) -> None:
    assert dispatch(world.needs, WORKER) == Report()


def test_what_did_not_happen_is_tried_again_later_and_later(wanted: World) -> None:
    wanted.plasta.faults.fail("keyword", AWAY, times=2)
    waits: list[timedelta] = []
    for _ in range(2):
        wanted.send()
        due: datetime = wanted.intent().due_at
        waits.append(due - wanted.clock())
        wanted.clock.now = due
    assert timedelta(0) < waits[0] < waits[1]
    wanted.send()
    assert (wanted.intent().state, wanted.plasta.written) == (IntentState.DONE, ONCE)


def test_nothing_is_tried_before_its_time(wanted: World) -> None:
    wanted.plasta.faults.fail("keyword", AWAY)
    wanted.send()
    wanted.clock.now = wanted.intent().due_at - timedelta(milliseconds=1)
    assert dispatch(wanted.needs, WORKER).claimed == 0


def test_retry_after_is_honoured(wanted: World) -> None:
    wanted.plasta.faults.fail("keyword", ThrottledError("slower", retry_after=timedelta(minutes=7), system="plasta"))
    wanted.send()
    assert wanted.intent().due_at >= wanted.clock() + timedelta(minutes=7)


def test_after_the_last_attempt_a_person_is_asked_once(wanted: World) -> None:
    wanted.plasta.faults.fail("keyword", AWAY, times=20)
    wanted.settle()
    wanted.night()
    wanted.settle()
    assert wanted.intent().state is IntentState.PARKED
    assert len(tries(wanted)) == ATTEMPTS
    (item,) = wanted.items()
    assert (item.ask.kind, item.ask.role) == (WorkItemKind.LOOK_AT_PARKED, Role.OPS)
    assert item.ask.about == "set_keyword: unavailable"


def test_a_parked_intent_that_a_person_retries_has_all_its_attempts_again(wanted: World) -> None:
    wanted.plasta.faults.fail("keyword", AWAY, times=ATTEMPTS + 1)
    wanted.settle()
    assert wanted.needs.intents.retry(wanted.intent().intent_id, wanted.clock(), "test")
    wanted.settle()
    assert (wanted.intent().state, wanted.plasta.written, wanted.asked()) == (IntentState.DONE, ONCE, [])


def test_a_refused_write_stops_only_its_own_case(world: World) -> None:
    for index in (1, 2):
        one, her = numbered(index)
        world.cii.put(one)
        world.plasta.put(her)
    world.night()
    world.plasta.faults.fail("add_keyword", RefusedError("no", system="plasta", code="KEINE_BERECHTIGUNG"))
    world.settle()
    states = sorted(one.state for one in world.intents(kind=IntentKind.SET_KEYWORD))
    assert states == [IntentState.DONE, IntentState.PARKED]


def test_f8_the_work_of_a_worker_that_died_is_looked_at_first_and_then_done(wanted: World) -> None:
    wanted.needs.intents.claim(wanted.clock(), LEASE, 10, "died")
    assert dispatch(wanted.needs, WORKER).claimed == 0, "its lease still runs"
    wanted.clock.now += LEASE + SECOND
    wanted.send()
    assert wanted.plasta.written == ONCE
    assert tries(wanted) == [(None, "died"), (Outcome.DONE, WORKER)]


def test_f5_what_a_dead_worker_had_done_is_found_and_not_done_again(wanted: World) -> None:
    (claim,) = wanted.needs.intents.claim(wanted.clock(), LEASE, 10, "died")
    wanted.plasta.add_keyword(RegistrationId("AD000001"), 3, claim.intent.intent_id)
    wanted.clock.now += LEASE + SECOND
    wanted.send()
    assert (wanted.plasta.written, wanted.intent().state) == (ONCE, IntentState.DONE)


class Slow:
    """A spread that does something between the claim and the work."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act

    def __call__(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> Sequence[Answer]:
        """Act, then every answer."""
        self._act()
        return one_by_one(work, items)


def slow_round(world: World, act: Callable[[], object]) -> Report:
    """A round of a worker to whom something happens between claiming and sending."""
    return dispatch(replace(world.needs, spread=Slow(act)), "slow")


def test_f8_a_worker_that_slept_past_its_lease_sends_nothing_that_another_one_took_over(wanted: World) -> None:
    def sleep() -> None:
        wanted.clock.now += LEASE + SECOND
        dispatch(wanted.needs, WORKER)

    assert slow_round(wanted, sleep).outcomes == {Outcome.HALTED: 1}
    assert wanted.plasta.written == ONCE
    assert wanted.plasta.faults.calls["keyword"] == 2 + 1, "the look and read-back of the other, and its first look"
    assert tries(wanted) == [(None, "slow"), (Outcome.DONE, WORKER)]


def test_f8_a_worker_that_slept_past_its_lease_goes_on_when_nobody_took_over(wanted: World) -> None:
    def sleep() -> None:
        wanted.clock.now += LEASE + SECOND

    assert slow_round(wanted, sleep).outcomes == {Outcome.DONE: 1}
    assert wanted.plasta.written == ONCE


def test_a_lease_that_is_more_than_half_over_is_renewed_before_the_first_byte(wanted: World) -> None:
    def sleep() -> None:
        wanted.clock.now += LEASE * 0.6

    def steal() -> None:
        wanted.clock.now += LEASE * 0.6
        assert dispatch(wanted.needs, WORKER).claimed == 0, "renewed: nobody may take it yet"

    wanted.plasta.faults.meanwhile("keyword", steal)
    assert slow_round(wanted, sleep).outcomes == {Outcome.DONE: 1}


def test_the_result_of_a_worker_that_lost_its_lease_while_calling_is_refused(wanted: World) -> None:
    def another_takes_over() -> None:
        wanted.clock.now += LEASE + SECOND
        dispatch(wanted.needs, WORKER)

    wanted.plasta.faults.meanwhile("keyword", another_takes_over)
    slow_round(wanted, lambda: None)
    assert wanted.plasta.written == ONCE
    assert tries(wanted) == [(None, "slow"), (Outcome.DONE, WORKER)]


def test_within_a_lane_nothing_overtakes_what_waits_before_it(world: World) -> None:
    one, her = numbered(1)
    world.cii.put(one)
    world.plasta.put(replace(her, registrations=(replace(her.registrations[0], has_keyword=True),)))
    world.cii.faults.fail("write_mirror", UnavailableError("away", system="cii"))
    world.night()
    assert world.send() == {"retry_at": 1}
    first, second = sorted(world.intents(kind=IntentKind.WRITE_BACK), key=lambda one: one.order)
    assert (first.state, second.state, second.attempts) == (IntentState.READY, IntentState.READY, 0)
    world.settle()
    assert [facet for _, facet, _ in world.cii.written] == [first.wish.facet, second.wish.facet]


def test_between_cases_nothing_waits(world: World) -> None:
    for index in (1, 2):
        one, her = numbered(index)
        world.cii.put(one)
        world.plasta.put(her)
    world.cii.faults.fail("write_mirror", UnavailableError("away", system="cii"))
    world.night()
    world.send()
    assert len({case_id for case_id, _, _ in world.cii.written}) == 1
    assert {case_id for case_id, _, _ in world.cii.written} != {one.wish.case_id for one in world.intents()}


def test_a_round_takes_no_more_than_its_share_and_only_what_it_was_told_to(world: World) -> None:
    for index in (1, 2, 3):
        one, her = numbered(index)
        world.cii.put(one)
        world.plasta.put(her)
    world.night()
    world.pace(claim=2)
    assert dispatch(world.needs, WORKER).claimed == 2
    left = [one.intent_id for one in world.intents(IntentState.READY)]
    assert dispatch(world.needs, WORKER, left[:1]).claimed == 1
    assert [one.intent_id for one in world.intents(IntentState.READY)] == left[1:]
