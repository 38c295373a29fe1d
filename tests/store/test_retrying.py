"""A pinned list is offered again once, whoever presses, and nothing is touched that is not on it (F73)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.causes import Stretch
from domain.facets import Facet, Target
from domain.intents import Intent, IntentKind, IntentState, Outcome
from domain.work_items import Role, WorkItemKind, WorkItemState
from store.case_book import SqlCaseBook
from store.change_log import listed
from store.intent_book import SqlIntentBook
from store.retrying import retry_pinned
from store.timeline import timeline
from store.transactions import CHUNK, Store
from store.work_book import SqlWorkBook
from tests.builders import NOW
from tests.store.steps import ask, case_id, claim, commit, decision, facts_of, result, seen, wish, wished

HOUR = timedelta(hours=1)
LATER = NOW + 5 * HOUR
REASON = "the catalogue is corrected"


@pytest.fixture
def park(cases: SqlCaseBook, intents: SqlIntentBook) -> Callable[..., str]:
    """Parks an intent of a case with the work item that asks about it; its id."""

    def parked(number: int) -> str:
        wished(cases, wish(number), number=number)
        (one,) = claim(intents)
        key = f"look_at_parked:{one.intent.intent_id}"
        about = replace(ask(number), key=key, kind=WorkItemKind.LOOK_AT_PARKED, role=Role.OPS)
        intents.record([result(one, Outcome.PARKED, code="422", family="refused", ask=about)])
        return one.intent.intent_id

    return parked


def pinned(intents: SqlIntentBook) -> Sequence[Intent]:
    """The list as it stands."""
    return intents.parked_for(Target.CII, IntentKind.WRITE_BACK, "422", Stretch())


def states(intents: SqlIntentBook) -> dict[str, IntentState]:
    """Where every intent stands."""
    return {one.intent_id: one.state for one in intents.listed()}


def test_a_list_is_offered_again_and_its_work_items_end(
    store: Store, intents: SqlIntentBook, work: SqlWorkBook, park: Callable[..., str]
) -> None:
    ids = tuple(sorted(park(number) for number in (1, 2, 3)))

    batch = intents.retry_pinned(pinned(intents), LATER, "ops", REASON)

    assert (batch.offered, batch.before) == (ids, False)
    assert set(states(intents).values()) == {IntentState.READY}
    assert work.listed(frozenset({WorkItemState.OPEN})) == []
    assert {item.end_reason for item in work.listed(frozenset({WorkItemState.DONE}))} == {REASON}
    with store.engine.connect() as connection:
        noted = [(one.what, one.about, one.reason, one.by) for one in listed(connection)]
    assert sorted(noted) == sorted(
        [("retry_pinned", batch.pin, REASON, "ops"), *(("retry", one, REASON, "ops") for one in ids)]
    )
    assert ("intent", "offered_again") in {(one.source, one.what) for one in timeline(store, case_id(1))}


def test_what_failed_after_the_list_was_pinned_is_not_touched(intents: SqlIntentBook, park: Callable[..., str]) -> None:
    first = park(1)
    seen_by_a_person = pinned(intents)
    second = park(2)

    assert intents.retry_pinned(seen_by_a_person, LATER, "ops", REASON).offered == (first,)
    assert states(intents) == {first: IntentState.READY, second: IntentState.PARKED}


def test_what_was_moved_or_failed_again_since_is_left_out(intents: SqlIntentBook, park: Callable[..., str]) -> None:
    stays, moved, again = park(1), park(2), park(3)
    seen_by_a_person = pinned(intents)
    intents.withdraw(moved, LATER, "ops", "by hand")
    intents.retry(again, LATER, "ops")
    (one,) = claim(intents, LATER)
    intents.record([result(one, Outcome.PARKED, LATER, code="422", family="refused")])

    assert intents.retry_pinned(seen_by_a_person, LATER + HOUR, "ops", REASON).offered == (stays,)
    assert states(intents) == {
        stays: IntentState.READY,
        moved: IntentState.WITHDRAWN,
        again: IntentState.PARKED,
    }


def test_f73_the_same_list_pressed_by_two_people_is_one_batch(
    store: Store, intents: SqlIntentBook, park: Callable[..., str]
) -> None:
    ids = tuple(sorted(park(number) for number in (1, 2)))
    both_see = pinned(intents)
    first = intents.retry_pinned(both_see, LATER, "ops-a", REASON)

    second = intents.retry_pinned(both_see, LATER + HOUR, "ops-b", "me too")

    assert second == replace(first, before=True) == intents.batch(first.pin)
    assert (second.offered, second.by) == (ids, "ops-a")
    with store.engine.connect() as connection:
        assert [one.by for one in listed(connection, first.pin)] == ["ops-a"]
    assert intents.batch("another") is None


def test_f24_a_batch_whose_commit_was_not_answered_is_found_again(
    store: Store, intents: SqlIntentBook, park: Callable[..., str]
) -> None:
    park(1)
    seen_by_a_person = pinned(intents)

    def unit() -> tuple[str, ...]:
        return store.writing(lambda one: retry_pinned(one, seen_by_a_person, LATER, "ops", REASON)).offered

    assert unit() == unit() != ()


def test_more_than_fit_into_one_statement(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    numbers = range(1, CHUNK + 2)
    commit(
        cases, *(decision(facts, wish(number)) for number, facts in zip(numbers, seen(cases, *numbers), strict=True))
    )
    claims = claim(intents, limit=len(numbers))
    intents.record([result(one, Outcome.PARKED, code="422", family="refused") for one in claims])

    assert len(intents.retry_pinned(pinned(intents), LATER, "ops", REASON).offered) == CHUNK + 1
    assert set(states(intents).values()) == {IntentState.READY}


def test_the_order_of_a_lane_holds_when_its_parked_one_is_offered_again(
    cases: SqlCaseBook, intents: SqlIntentBook, park: Callable[..., str]
) -> None:
    earlier = park(1)
    commit(cases, decision(facts_of(cases), wish(1, "later")), at=NOW + HOUR)
    commit(cases, decision(facts_of(cases), wish(1, "other", Facet.DEREGISTRATION)), at=NOW + 2 * HOUR)
    (of_another_facet,) = claim(intents, LATER)
    intents.record([result(of_another_facet, at=LATER)])

    intents.retry_pinned(pinned(intents), LATER, "ops", REASON)

    gone = []
    while taken := claim(intents, LATER + HOUR):
        assert len(taken) == 1, "one of a lane at once"
        gone.append(taken[0].intent.intent_id)
        intents.record([result(one, at=LATER + HOUR) for one in taken])
    assert gone[0] == earlier
    assert len(gone) == 2


@pytest.mark.parametrize("by_itself", [False, True])
def test_what_is_offered_again_waits_for_the_one_of_its_lane_that_is_on_its_way(
    cases: SqlCaseBook, intents: SqlIntentBook, park: Callable[..., str], *, by_itself: bool
) -> None:
    earlier = park(1)
    commit(cases, decision(facts_of(cases), wish(1, "other", Facet.DEREGISTRATION)), at=NOW + HOUR)
    (on_its_way,) = claim(intents, LATER)
    if by_itself:
        assert intents.retry(earlier, LATER, "ops")
    else:
        intents.retry_pinned(pinned(intents), LATER, "ops", REASON)

    assert claim(intents, LATER, "two") == [], "one of a lane at once"
    assert intents.due(LATER, 10) == {}
    assert intents.next_due() == on_its_way.lease_until
    intents.record([result(on_its_way, at=LATER)])
    assert [one.intent.intent_id for one in claim(intents, on_its_way.lease_until, "two")] == [earlier]


def test_nobody_waits_for_another_lane(intents: SqlIntentBook, park: Callable[..., str]) -> None:
    park(1), park(2)
    first, second = pinned(intents)
    intents.retry(first.intent_id, LATER, "ops")
    claim(intents, LATER)

    intents.retry(second.intent_id, LATER, "ops")

    assert [one.intent.intent_id for one in claim(intents, LATER)] == [second.intent_id]


def test_a_dead_worker_stops_neither_its_lane_nor_what_was_offered_again(
    cases: SqlCaseBook, intents: SqlIntentBook, park: Callable[..., str]
) -> None:
    earlier = park(1)
    commit(cases, decision(facts_of(cases), wish(1, "other", Facet.DEREGISTRATION)), at=NOW + HOUR)
    (lost,) = claim(intents, LATER)
    intents.retry_pinned(pinned(intents), LATER, "ops", REASON)
    after = lost.lease_until + HOUR

    (first,) = claim(intents, after, "two")
    assert first.intent.intent_id == earlier
    intents.record([result(first, at=after)])
    (second,) = claim(intents, after, "two")
    assert (second.intent.intent_id, second.look_first) == (lost.intent.intent_id, True)
