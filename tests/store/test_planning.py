"""Plans: nothing of them is due until they are applied, and nothing of them stays when they are dropped."""

from datetime import timedelta

import pytest

from domain.books import RunState
from domain.intents import IntentState, Outcome
from domain.work_items import WorkItemState
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.run_book import SqlRunBook
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests.builders import NOW
from tests.store.steps import ask, case_id, claim, commit, decision, facts_of, result, seen, undecided, wish

LATER = NOW + timedelta(hours=1)
OPEN, PLANNED = frozenset({WorkItemState.OPEN}), frozenset({WorkItemState.PLANNED})


def test_a_plan_is_applied_as_a_whole_and_once(cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook) -> None:
    (facts,) = seen(cases, 1)
    assert commit(cases, decision(facts, wish(), asks=[ask()]), planned=True) == 1
    assert (work.listed(OPEN), len(work.listed(PLANNED))) == ([], 1)

    assert intents.apply("another-run", LATER) == 0
    assert intents.apply("R1", LATER) == 1
    assert intents.apply("R1", LATER) == 0

    assert [(one.state, one.due_at) for one in intents.listed()] == [(IntentState.READY, LATER)]
    assert [item.opened_at for item in work.listed(OPEN)] == [LATER]
    assert undecided(cases) == []


def test_a_dropped_plan_leaves_its_cases_undecided(
    store: Store, cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook
) -> None:
    runs = SqlRunBook(store)
    run = runs.open("nightly", NOW, NOW)
    assert run is not None
    first, second, third = seen(cases, 1, 2, 3)
    made = (decision(first, wish(1)), decision(second, asks=[ask(2)]), decision(third))
    commit(cases, *made, run_id=run.run_id, planned=True)
    runs.end(run.run_id, RunState.PLANNED, {}, NOW)

    assert intents.discard_plans() == 1

    assert intents.listed() == []
    assert work.listed(PLANNED) == []
    assert undecided(cases) == [case_id(1), case_id(2)], "the third had nothing planned"
    ended = runs.find(run.run_id)
    assert ended is not None
    assert ended.state is RunState.DONE
    assert intents.discard_plans() == 0


def test_what_is_real_survives_a_dropped_plan(cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, wish(mark="real"), asks=[ask(mark="real")]))
    commit(cases, decision(facts, wish(mark="plan"), asks=[ask(mark="real"), ask(mark="plan")]), planned=True)

    intents.discard_plans()

    assert [one.wish for one in intents.listed()] == [wish(mark="real")]
    assert [item.ask for item in work.listed(OPEN | PLANNED)] == [ask(mark="real")]


@pytest.mark.parametrize(
    ("outcome", "code", "state"),
    [(Outcome.OVERTAKEN, "", IntentState.OVERTAKEN), (Outcome.PARKED, "consent", IntentState.PARKED)],
)
def test_an_intent_that_was_tried_keeps_its_history_when_the_plan_is_dropped(
    cases: SqlCaseBook, intents: SqlIntentBook, outcome: Outcome, code: str, state: IntentState
) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, wish()))
    (one,) = claim(intents)
    intents.record([result(one, outcome, code=code)])
    assert commit(cases, decision(facts_of(cases), wish()), planned=True) == 1

    intents.discard_plans()

    (stored,) = intents.listed()
    assert stored.state is state
    assert [each.outcome for each in intents.attempts(stored.intent_id)] == [outcome]


def test_a_check_makes_real_what_a_plan_only_proposed(
    cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook
) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, wish(), asks=[ask()]), planned=True)

    assert commit(cases, decision(facts, wish(), asks=[ask()]), at=LATER, run_id="") == 1

    assert [(one.state, one.due_at) for one in intents.listed()] == [(IntentState.READY, LATER)]
    assert [item.opened_at for item in work.listed(OPEN)] == [LATER]
    assert intents.discard_plans() == 0


def test_planning_again_what_is_planned_is_not_new(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, wish()), planned=True)

    assert commit(cases, decision(facts, wish()), planned=True) == 0
    assert intents.apply("R1", NOW) == 1
