"""Results: where each outcome leaves an intent, what a proven effect settles, what a person may answer."""

from datetime import datetime, timedelta

import pytest

from domain.decision import Agreed
from domain.facets import Facet, Target
from domain.intents import IntentKind, IntentState, Outcome
from domain.work_items import WorkItemState
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.switchboard import SqlSwitchboard
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests.builders import NOW
from tests.store.steps import (
    ask,
    case_id,
    claim,
    commit,
    decision,
    facts_of,
    mail,
    result,
    seen,
    to_look_up,
    wish,
    wished,
)

LATER = NOW + timedelta(hours=1)
ENDED = NOW + timedelta(seconds=1)

SET_KEYWORD = wish(
    facet=Facet.KEYWORD,
    kind=IntentKind.SET_KEYWORD,
    target=Target.PLASTA,
    payload={"registration": "AD000001"},
    settles={"present": "yes"},
)


@pytest.mark.parametrize(
    ("outcome", "due_at", "state", "next_at", "attempts", "look_first"),
    [
        (Outcome.DONE, None, IntentState.DONE, ENDED, 1, False),
        (Outcome.ALREADY_SO, None, IntentState.ALREADY_SO, ENDED, 1, False),
        (Outcome.OVERTAKEN, None, IntentState.OVERTAKEN, ENDED, 1, False),
        (Outcome.PARKED, None, IntentState.PARKED, ENDED, 1, False),
        (Outcome.REFUSED, None, IntentState.PARKED, ENDED, 1, False),
        (Outcome.RETRY_AT, LATER, IntentState.READY, LATER, 1, False),
        (Outcome.UNKNOWN, LATER, IntentState.UNKNOWN, LATER, 1, True),
        (Outcome.HALTED, None, IntentState.READY, ENDED, 0, False),
        (Outcome.HALTED, LATER, IntentState.READY, LATER, 0, False),
    ],
)
def test_every_outcome_leaves_its_state(
    cases: SqlCaseBook,
    intents: SqlIntentBook,
    outcome: Outcome,
    due_at: datetime | None,
    state: IntentState,
    next_at: datetime,
    attempts: int,
    look_first: bool,
) -> None:
    wished(cases, wish())
    (one,) = claim(intents)

    assert intents.record([result(one, outcome, due_at=due_at, code="42", message="said so")]) == 1

    stored = intents.find(one.intent.intent_id)
    assert stored is not None
    assert (stored.state, stored.due_at, stored.attempts) == (state, next_at, attempts)
    assert (stored.last_code, stored.last_message) == ("42", "said so")
    (attempt,) = intents.attempts(one.intent.intent_id)
    assert (attempt.outcome, attempt.ended_at, attempt.code, attempt.message) == (outcome, ENDED, "42", "said so")
    again = claim(intents, LATER)
    assert [each.look_first for each in again] == (
        [look_first] if state in (IntentState.READY, IntentState.UNKNOWN) else []
    )


def test_f24_a_result_recorded_twice_counts_twice_and_happens_once(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish(settles={"a": "b"}))
    (one,) = claim(intents)
    same = result(one)

    assert intents.record([same]) == 1
    assert intents.record([same]) == 1
    assert intents.record([result(one, Outcome.PARKED)]) == 0, "another word about the same attempt is refused"

    assert facts_of(cases).agreed[Facet.REGISTRATION].revision == 1
    assert [each.outcome for each in intents.attempts(one.intent.intent_id)] == [Outcome.DONE]


@pytest.mark.parametrize("between", [Outcome.RETRY_AT, Outcome.HALTED, Outcome.PARKED])
def test_a_doubt_lasts_until_the_intent_is_over(cases: SqlCaseBook, intents: SqlIntentBook, between: Outcome) -> None:
    wished(cases, SET_KEYWORD)
    (one,) = claim(intents)
    intents.record([result(one, Outcome.UNKNOWN, due_at=NOW)])
    (two,) = claim(intents)
    intents.record([result(two, between, due_at=NOW)])
    intents.retry(two.intent.intent_id, NOW, "ops")

    (three,) = claim(intents)

    assert (two.look_first, three.look_first) == (True, True)


def test_a_written_mirror_is_agreed_and_stands_in_our_picture(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish(settles={"status": "inactive"}))
    (one,) = claim(intents)

    intents.record([result(one, Outcome.DONE, detail={"version": "7"})])

    facts = facts_of(cases)
    assert facts.agreed[Facet.REGISTRATION] == Agreed({"status": "inactive"}, 1)
    mirrored = facts.case.mirrored(Facet.REGISTRATION)
    assert (mirrored.version, mirrored.value, mirrored.changed_by) == (7, {"status": "inactive"}, "cii-sync")
    assert intents.proof(one.intent.intent_id) == {"version": "7"}
    assert to_look_up(cases) == [], "our own effect asks for no look"


def test_a_set_keyword_is_agreed_and_stands_in_the_view(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, SET_KEYWORD)
    (one,) = claim(intents)

    intents.record([result(one, Outcome.ALREADY_SO)])

    facts = facts_of(cases)
    assert facts.agreed[Facet.KEYWORD] == Agreed({"present": "yes"}, 1)
    assert facts.view is not None
    assert facts.view.read_at == ENDED


def test_two_effects_on_one_case_settle_together(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    state = wish(mark="b", facet=Facet.KEYWORD_STATE, settles={"present": "no"})
    wished(cases, wish(settles={"status": "inactive"}), state, SET_KEYWORD)
    first = claim(intents)
    intents.record([result(one) for one in first])
    intents.record([result(one, detail={"version": "5"}) for one in claim(intents)])

    facts = facts_of(cases)
    assert set(facts.agreed) == {Facet.REGISTRATION, Facet.KEYWORD, Facet.KEYWORD_STATE}
    assert facts.case.mirrored(Facet.REGISTRATION).value == {"status": "inactive"}
    assert facts.case.mirrored(Facet.KEYWORD_STATE).version == 5


def test_what_did_not_take_effect_settles_nothing(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, wish(settles={"status": "inactive"}))
    before = facts_of(cases)
    (one,) = claim(intents)

    intents.record([result(one, Outcome.OVERTAKEN)])

    assert facts_of(cases) == before


def test_a_batch_records_what_is_ours_and_refuses_the_rest(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    first, second = seen(cases, 1, 2)
    commit(cases, decision(first, wish(1)), decision(second, wish(2)))
    old = {one.intent.wish.case_id: one for one in claim(intents)}
    (again,) = claim(intents, LATER, ids=[old[case_id(2)].intent.intent_id])

    assert intents.record([result(old[case_id(1)]), result(old[case_id(2)])]) == 1

    assert intents.record([result(again)]) == 1


def test_what_a_person_must_see_opens_with_the_result_and_only_with_ours(
    cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook
) -> None:
    wished(cases, wish())
    (lost,) = claim(intents)
    (ours,) = claim(intents, LATER)
    is_open = frozenset({WorkItemState.OPEN})

    intents.record([result(lost, Outcome.PARKED, ask=ask(mark="lost"))])
    assert work.listed(is_open) == []

    intents.record([result(ours, Outcome.PARKED, LATER, ask=ask(mark="ours"))])
    assert [(item.ask, item.opened_at) for item in work.listed(is_open)] == [
        (ask(mark="ours"), LATER + timedelta(seconds=1))
    ]
    commit(cases, decision(facts_of(cases)))
    assert len(work.listed(is_open)) == 1, "no decision takes it back"


def test_parked_is_offered_again_by_a_person_whose_name_is_kept(
    store: Store, cases: SqlCaseBook, intents: SqlIntentBook
) -> None:
    wished(cases, wish())
    (one,) = claim(intents)
    intent_id = one.intent.intent_id
    assert not intents.retry(intent_id, NOW, "ops")
    intents.record([result(one, Outcome.PARKED)])

    assert intents.retry(intent_id, LATER, "m.rey")

    stored = intents.find(intent_id)
    assert stored is not None
    assert (stored.state, stored.due_at, stored.attempts) == (IntentState.READY, LATER, 0)
    (change,) = SqlSwitchboard(store).log()
    assert (change.at, change.what, change.about, change.by) == (LATER, "retry", intent_id, "m.rey")
    assert not intents.retry("I-unknown", NOW, "ops")


def held(cases: SqlCaseBook, intents: SqlIntentBook) -> str:
    wished(cases, mail(1, "office"))
    (one,) = claim(intents)
    intents.record([result(one, Outcome.UNKNOWN)])
    return one.intent.intent_id


def test_f57_a_doubt_that_nobody_can_look_at_is_held_for_ever(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    intent_id = held(cases, intents)

    stored = intents.find(intent_id)
    assert stored is not None
    assert stored.state is IntentState.UNKNOWN
    assert claim(intents, LATER + timedelta(days=400)) == []
    assert intents.due(LATER, 9) == {}
    assert intents.next_due() is None


@pytest.mark.parametrize(("arrived", "state"), [(True, IntentState.DONE), (False, IntentState.READY)])
def test_a_person_ends_a_doubt(
    store: Store, cases: SqlCaseBook, intents: SqlIntentBook, arrived: bool, state: IntentState
) -> None:
    intent_id = held(cases, intents)

    assert intents.answer_unknown(intent_id, LATER, "m.rey", "asked the office", arrived=arrived)

    stored = intents.find(intent_id)
    assert stored is not None
    assert (stored.state, stored.due_at) == (state, LATER)
    assert [one.look_first for one in claim(intents, LATER)] == ([] if arrived else [False])
    (change,) = SqlSwitchboard(store).log()
    assert (change.about, change.reason, change.by) == (intent_id, "asked the office", "m.rey")
    assert not intents.answer_unknown(intent_id, LATER, "m.rey", "again", arrived=arrived)


def test_what_arrived_by_word_is_looked_at(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    intents.answer_unknown(held(cases, intents), LATER, "m.rey", "asked the office", arrived=True)

    assert to_look_up(cases) == [case_id(1)]


def test_intents_are_listed_newest_first_by_state_case_and_run(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    first, second = seen(cases, 1, 2)
    commit(cases, decision(first, wish(1)), run_id="R1")
    commit(cases, decision(second, wish(2)), at=LATER, run_id="R2")
    (one,) = claim(intents, limit=1)
    intents.record([result(one, Outcome.PARKED)])

    assert [each.wish.case_id for each in intents.listed()] == [case_id(2), case_id(1)]
    assert [each.wish.case_id for each in intents.listed(limit=1)] == [case_id(2)]
    assert [each.wish.case_id for each in intents.listed(frozenset({IntentState.PARKED}))] == [case_id(1)]
    assert [each.wish.case_id for each in intents.listed(case_id=case_id(2))] == [case_id(2)]
    assert [each.wish.case_id for each in intents.listed(run_id="R2")] == [case_id(2)]
    assert intents.counts() == {
        (Target.CII, IntentKind.WRITE_BACK, IntentState.PARKED): 1,
        (Target.CII, IntentKind.WRITE_BACK, IntentState.READY): 1,
    }
    assert intents.counts("R2") == {(Target.CII, IntentKind.WRITE_BACK, IntentState.READY): 1}
    assert intents.find("I-unknown") is None
    assert intents.attempts("I-unknown") == []
    assert intents.proof("I-unknown") == {}
