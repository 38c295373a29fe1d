"""Targets guarded in the queue itself: shut when away, probed once, opened for all, paced for all workers together."""

from datetime import datetime, timedelta

import pytest

from domain.breaker import Limits
from domain.facets import Facet, Target
from domain.intents import Claim, IntentKind, Outcome, Result
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.transactions import Store
from tests.builders import NOW
from tests.store.steps import claim, commit, decision, result, seen, wish

SECOND = timedelta(seconds=1)
LATER = timedelta(minutes=10)
LIMITS = Limits(threshold=3, first_wait=2 * SECOND, longest_wait=8 * SECOND)


@pytest.fixture
def guarded(store: Store) -> SqlIntentBook:
    """A queue whose CII software is taken to be away after three failures."""
    return SqlIntentBook(store, {Target.CII: LIMITS})


def waiting(cases: SqlCaseBook, count: int) -> None:
    """So many write-backs and keywords of so many cases, all due now."""
    for facts in seen(cases, *range(1, count + 1)):
        number = int(facts.case.case_id[-6:])
        other = wish(number, "k", Facet.KEYWORD, kind=IntentKind.SET_KEYWORD, target=Target.PLASTA)
        commit(cases, decision(facts, wish(number), other))


def away(one: Claim, at: datetime = NOW) -> Result:
    """No connection: tried again in ten minutes."""
    return result(one, Outcome.RETRY_AT, at, due_at=at + LATER, family="unavailable")


def of(claims: list[Claim], target: Target) -> list[Claim]:
    """The claims of one target."""
    return [one for one in claims if one.intent.wish.target is target]


def test_a_target_that_is_away_is_left_alone_and_the_others_go_on(cases: SqlCaseBook, guarded: SqlIntentBook) -> None:
    waiting(cases, 6)
    first = list(claim(guarded, limit=50))
    guarded.record(
        [result(one, Outcome.RETRY_AT, due_at=NOW, family="unavailable") for one in of(first, Target.CII)]
        + [result(one, Outcome.HALTED, due_at=NOW) for one in of(first, Target.PLASTA)]
    )
    again = list(claim(guarded, NOW + SECOND, limit=50))
    assert of(again, Target.CII) == []
    assert len(of(again, Target.PLASTA)) == 6
    assert Target.CII not in guarded.due(NOW + SECOND, 10)


def test_one_probe_knocks_and_nobody_follows_while_it_is_on_its_way(cases: SqlCaseBook, guarded: SqlIntentBook) -> None:
    waiting(cases, 5)
    guarded.record([away(one) for one in of(list(claim(guarded, limit=50)), Target.CII)][:3])
    at = NOW + LATER
    assert len(of(list(claim(guarded, at, limit=50)), Target.CII)) == 1
    assert of(list(claim(guarded, at + SECOND, "two", limit=50)), Target.CII) == []


def test_a_probe_that_is_answered_opens_for_all_and_what_waited_is_due_at_once(
    cases: SqlCaseBook, guarded: SqlIntentBook
) -> None:
    waiting(cases, 5)
    guarded.record([away(one) for one in of(list(claim(guarded, limit=50)), Target.CII)])
    at = NOW + LATER
    (probe,) = of(list(claim(guarded, at, limit=50)), Target.CII)
    guarded.record([result(probe, Outcome.ALREADY_SO, at)])
    assert len(of(list(claim(guarded, at, limit=50)), Target.CII)) == 4


def test_the_next_due_time_is_when_the_target_may_be_probed(cases: SqlCaseBook, guarded: SqlIntentBook) -> None:
    waiting(cases, 3)
    claims = list(claim(guarded, limit=50))
    guarded.record([result(one, Outcome.ALREADY_SO) for one in of(claims, Target.PLASTA)])
    retry_soon = [
        result(one, Outcome.RETRY_AT, due_at=NOW + SECOND, family="unavailable") for one in of(claims, Target.CII)
    ]
    guarded.record(retry_soon)
    assert guarded.next_due() == retry_soon[-1].ended_at + LIMITS.first_wait


def test_an_answer_of_any_kind_is_an_answer(cases: SqlCaseBook, guarded: SqlIntentBook) -> None:
    waiting(cases, 6)
    claims = of(list(claim(guarded, limit=50)), Target.CII)
    guarded.record([away(one) for one in claims[:2]])
    guarded.record([result(claims[2], Outcome.PARKED, family="refused")])
    guarded.record([away(one) for one in claims[3:5]])
    guarded.record([result(claims[5], Outcome.HALTED, due_at=NOW, family="credentials")])
    assert Target.CII in guarded.due(NOW + LATER, 10)
    assert len(guarded.due(NOW + LATER, 10)[Target.CII]) > 1


def test_retry_after_leaves_the_whole_target_alone(cases: SqlCaseBook, guarded: SqlIntentBook) -> None:
    waiting(cases, 4)
    first = of(list(claim(guarded, limit=50)), Target.CII)[0]
    asked = NOW + timedelta(seconds=40)
    guarded.record([result(first, Outcome.RETRY_AT, due_at=asked, family="throttled")])
    assert of(list(claim(guarded, NOW + SECOND, limit=50)), Target.CII) == []


def test_no_more_at_once_than_a_target_bears_over_all_workers(cases: SqlCaseBook, store: Store) -> None:
    waiting(cases, 5)
    narrow = SqlIntentBook(store, {Target.CII: Limits(at_once=2)})
    first = of(list(claim(narrow, limit=50)), Target.CII)
    assert len(first) == 2
    assert of(list(claim(narrow, worker="two", limit=50)), Target.CII) == []
    narrow.record([result(first[0], Outcome.ALREADY_SO)])
    assert len(of(list(claim(narrow, worker="two", limit=50)), Target.CII)) == 1


def test_no_more_a_second_than_a_target_bears(cases: SqlCaseBook, store: Store) -> None:
    waiting(cases, 5)
    slow = SqlIntentBook(store, {Target.CII: Limits(per_second=3)})
    assert len(of(list(claim(slow, limit=50)), Target.CII)) == 3
    assert of(list(claim(slow, NOW + SECOND / 2, limit=50)), Target.CII) == []
    assert len(of(list(claim(slow, NOW + SECOND, limit=50)), Target.CII)) == 2
