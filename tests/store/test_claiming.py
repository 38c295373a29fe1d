"""Claims: who may work on what now. One holder at most, lanes in order, bars respected, a lost worker never trusted."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.books import Bar
from domain.facets import Facet, Target
from domain.intents import Claim, IntentKind, IntentState, Outcome
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.switchboard import SqlSwitchboard
from store.transactions import Store
from tests.builders import NOW
from tests.store.steps import LEASE, case_id, claim, commit, decision, mail, result, seen, wish, wished

SECOND = timedelta(seconds=1)


@pytest.fixture
def switches(store: Store) -> SqlSwitchboard:
    return SqlSwitchboard(store)


def marks(claims: Sequence[Claim]) -> list[str]:
    return [one.intent.wish.key.split(":", 3)[3] for one in claims]


def test_a_claim_is_held_by_one_worker_until_it_ends(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish())

    (one,) = claim(intents)

    assert one.intent.wish == wish()
    assert (one.intent.state, one.intent.attempts, one.token) == (IntentState.CLAIMED, 0, 1)
    assert (one.lease_until, one.look_first) == (NOW + LEASE, False)
    assert claim(intents, worker="two") == []
    assert claim(intents, NOW + LEASE, "two") == []


def test_an_open_attempt_stands_before_anything_is_sent(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish())

    (one,) = claim(intents, worker="sender-7")

    (attempt,) = intents.attempts(one.intent.intent_id)
    assert (attempt.worker, attempt.started_at, attempt.ended_at, attempt.outcome) == ("sender-7", NOW, None, None)


def test_an_expired_lease_is_claimed_again_and_looked_at_first(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish())
    (lost,) = claim(intents, worker="lost")

    (again,) = claim(intents, NOW + LEASE + SECOND, "two")

    assert (again.token, again.look_first, again.intent.attempts) == (2, True, 1)
    assert intents.record([result(lost)]) == 0, "fenced"
    assert [one.ended_at for one in intents.attempts(again.intent.intent_id)] == [None, None]
    assert intents.record([result(again, at=NOW + LEASE)]) == 1


def test_a_lease_is_prolonged_only_by_its_holder(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish())
    (first,) = claim(intents)

    (longer,) = intents.renew([first], NOW + 3 * LEASE)
    assert longer.lease_until == NOW + 3 * LEASE
    assert claim(intents, NOW + 2 * LEASE, "two") == []

    (second,) = claim(intents, NOW + 4 * LEASE, "two")
    assert intents.renew([longer, second], NOW + 9 * LEASE) == [
        Claim(second.intent, second.token, NOW + 9 * LEASE, second.look_first)
    ]


def test_a_lane_is_worked_off_in_order(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish(mark="a"), wish(mark="b"), wish(mark="c", target=Target.PLASTA))

    first = claim(intents)
    assert sorted(marks(first)) == ["a", "c"], "at most one of a lane"

    intents.record([result(one) for one in first if marks([one]) == ["a"]])
    assert marks(claim(intents)) == ["b"]


def test_an_earlier_intent_that_waits_holds_up_its_lane(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish(mark="a"), wish(mark="b"))
    (one,) = claim(intents)
    intents.record([result(one, Outcome.RETRY_AT, due_at=NOW + timedelta(hours=1))])

    assert claim(intents, NOW + timedelta(minutes=59)) == []
    assert marks(claim(intents, NOW + timedelta(hours=1))) == ["a"]


def test_a_parked_intent_holds_up_its_own_facet_only(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish(mark="a"), wish(mark="b"), wish(mark="c", facet=Facet.DEREGISTRATION))
    (one,) = claim(intents)
    intents.record([result(one, Outcome.PARKED)])

    assert marks(claim(intents)) == ["c"]


def test_mails_to_two_recipients_do_not_wait_for_each_other(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, mail(1, "office"), mail(1, "coordinator"), mail(1, "office", "b"))

    assert sorted(marks(claim(intents))) == ["a:coordinator", "a:office"]


def test_the_oldest_due_comes_first_and_only_what_is_asked_for(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    for number in (1, 2, 3):
        (facts,) = seen(cases, number)
        commit(cases, decision(facts, wish(number, str(number))), at=NOW - number * SECOND)
    ids = {marks_of: one.intent_id for one in intents.listed() for marks_of in [one.wish.key[-1]]}

    assert intents.due(NOW, 2) == {Target.CII: [ids["3"], ids["2"]]}
    assert marks(claim(intents, ids=[ids["1"]])) == ["1"]
    assert claim(intents, ids=[]) == []
    assert marks(claim(intents, limit=1)) == ["3"]


def test_every_target_is_told_its_own_due_ones(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish(mark="a"), wish(mark="b", target=Target.PLASTA), mail(1, "office"))

    assert {target: len(ids) for target, ids in intents.due(NOW, 1).items()} == dict.fromkeys(Target, 1)
    assert intents.due(NOW - SECOND, 10) == {}


@pytest.mark.parametrize(
    ("bar", "free"),
    [
        (Bar(None, None, "all", "ops", NOW), []),
        (Bar(Target.CII, None, "cii", "ops", NOW), ["b", "c"]),
        (Bar(Target.PLASTA, IntentKind.SET_KEYWORD, "kind", "dispatch", NOW, halted=True), ["a", "c"]),
        (Bar(Target.MAIL, None, "mail", "ops", NOW), ["a", "b", "c"]),
    ],
    ids=["everything", "target", "kind", "other-target"],
)
def test_nothing_of_a_paused_target_or_halted_kind_is_claimed(
    cases: SqlCaseBook, intents: SqlIntentBook, switches: SqlSwitchboard, bar: Bar, free: list[str]
) -> None:
    wished(
        cases,
        wish(mark="a"),
        wish(mark="b", target=Target.PLASTA, kind=IntentKind.SET_KEYWORD, facet=Facet.KEYWORD),
    )
    (facts,) = seen(cases, 2)
    registration = wish(2, "c", target=Target.PLASTA, kind=IntentKind.REQUEST_REGISTRATION)
    commit(cases, decision(facts, registration))

    switches.halt(bar)

    assert sorted(intent_id for ids in intents.due(NOW, 9).values() for intent_id in ids) == sorted(
        one.intent_id for one in intents.listed() if one.wish.key.rsplit(":", 1)[1] in free
    )
    assert sorted(marks(claim(intents))) == free
    switches.resume(None, reason="over", by="ops", now=NOW)
    assert len(claim(intents)) == 3 - len(free)


def test_what_is_planned_is_not_due(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, wish()), planned=True)

    assert claim(intents) == []
    assert intents.next_due() is None


def test_the_next_due_is_when_something_can_move_by_itself(
    cases: SqlCaseBook, intents: SqlIntentBook, switches: SqlSwitchboard
) -> None:
    assert intents.next_due() is None
    wished(cases, wish(mark="a"), wish(mark="b"))
    assert intents.next_due() == NOW

    (one,) = claim(intents)
    assert intents.next_due() == NOW + LEASE, "the lease, and nothing behind it in the lane"

    later = NOW + timedelta(hours=2)
    intents.record([result(one, Outcome.RETRY_AT, due_at=later)])
    assert intents.next_due() == later

    switches.pause(Target.CII, reason="maintenance", by="ops", now=NOW)
    assert intents.next_due() is None


def test_f28_many_workers_share_the_queue_and_none_gets_what_another_has(
    cases: SqlCaseBook, intents: SqlIntentBook
) -> None:
    numbers = range(1, 41)
    facts = seen(cases, *numbers)
    commit(cases, *(decision(one, wish(number)) for number, one in zip(numbers, facts, strict=True)))
    start = threading.Barrier(4)
    taken: list[Claim] = []

    def drain(worker: str) -> None:
        start.wait()
        while claims := claim(intents, worker=worker, limit=3):
            taken.extend(claims)
            intents.record([result(one, Outcome.ALREADY_SO) for one in claims])

    threads = [threading.Thread(target=drain, args=(f"worker-{index}",)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.intent.wish.case_id for one in taken) == [case_id(number) for number in numbers]
    assert {one.token for one in taken} == {1}
