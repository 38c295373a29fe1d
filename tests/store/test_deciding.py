"""Decisions: who is undecided, and what a commit keeps in one transaction."""

from datetime import date, timedelta

import pytest

from domain.compare import Finding, Treatment
from domain.decision import Agreed, CaseFacts, Decision, FacetFinding
from domain.facets import Facet, FacetValue, Target
from domain.intents import IntentState, Outcome
from domain.registrations import Sight
from domain.work_items import WorkItemState
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests import builders
from tests.builders import NOW, TODAY
from tests.fakes import Clock
from tests.store.steps import (
    ask,
    case,
    case_id,
    claim,
    commit,
    decision,
    facts_of,
    page,
    result,
    rows,
    seen,
    undecided,
    view,
    wish,
)

LATER = NOW + timedelta(hours=1)
OPEN = frozenset({WorkItemState.OPEN})
CONFLICT = FacetFinding(
    Facet.IDENTITY, Finding.BOTH_MOVED, Treatment.CONFLICT, {"family_name": "bonvin"}, {"family_name": "favre"}
)


def keep(cases: SqlCaseBook, **settled: FacetValue) -> None:
    commit(cases, decision(facts_of(cases), settled={Facet(name): value for name, value in settled.items()}))


def test_a_case_is_undecided_until_it_is_decided(cases: SqlCaseBook) -> None:
    first, second = seen(cases, 1, 2)
    assert undecided(cases) == [case_id(1), case_id(2)]

    commit(cases, decision(first))

    assert undecided(cases) == [case_id(2)]
    assert undecided(cases, rules="rules-2") == [case_id(1), case_id(2)]
    commit(cases, decision(second))
    assert undecided(cases) == []


def test_a_case_never_looked_up_is_not_decided(cases: SqlCaseBook) -> None:
    cases.save_cases(page(case()), "cii", NOW, "R1")

    assert undecided(cases) == []


def test_a_changed_case_or_view_is_undecided_again(cases: SqlCaseBook) -> None:
    commit(cases, *(decision(facts) for facts in seen(cases, 1, 2, 3)))

    cases.save_case(case(1, region="oberwallis"), LATER)
    denied = builders.view(sight=Sight.NOT_ALLOWED, person=None, read_at=LATER)
    cases.save_views({case_id(2): denied, case_id(3): view(3, LATER)}, (), "R2")

    assert undecided(cases) == [case_id(1), case_id(2)]


def test_a_case_is_undecided_again_on_its_day(cases: SqlCaseBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, recheck_on=date(2026, 12, 1)))

    assert undecided(cases, on=date(2026, 11, 30)) == []
    assert undecided(cases, on=date(2026, 12, 1)) == [case_id(1)]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_chunks_of_any_size_hold_each_case_once(cases: SqlCaseBook, size: int) -> None:
    seen(cases, 1, 2, 3, 4, 5)

    assert undecided(cases, size=size) == [case_id(number) for number in range(1, 6)]


def test_a_decision_about_facts_that_moved_is_not_stored(store: Store, cases: SqlCaseBook) -> None:
    (before,) = seen(cases, 1)
    cases.save_case(case(region="oberwallis"), LATER)

    assert commit(cases, decision(before, wish(), asks=[ask()], findings=(CONFLICT,))) == 0

    assert not {"intents", "work_items", "findings", "decisions"} & set(rows(store))
    assert undecided(cases) == [case_id(1)]


def test_a_decision_must_say_what_it_saw(cases: SqlCaseBook) -> None:
    seen(cases, 1)

    with pytest.raises(ValueError, match="mark of its facts"):
        commit(cases, Decision(case_id(1)))


def test_findings_are_those_of_the_last_decision(cases: SqlCaseBook, clock: Clock) -> None:
    (facts,) = seen(cases, 1)
    agreed = FacetFinding(Facet.REGISTRATION, Finding.AGREE, Treatment.SETTLE)
    moved = FacetFinding(
        Facet.KEYWORD, Finding.CII_MOVED, Treatment.WRITE_PLASTA, {"present": "yes"}, None, Target.PLASTA, True, "why"
    )
    commit(cases, decision(facts, findings=(agreed, CONFLICT, moved)))
    assert [one.finding for one in cases.findings()] == [CONFLICT, moved]

    cases.save_case(case(region="oberwallis"), LATER)
    commit(cases, decision(facts_of(cases), findings=(CONFLICT,)), at=LATER)

    (kept,) = cases.findings(case_id(1), frozenset({Treatment.CONFLICT}))
    assert (kept.case_id, kept.finding, kept.since) == (case_id(1), CONFLICT, NOW)
    assert cases.findings(case_id(2)) == []
    assert cases.findings(None, frozenset({Treatment.ASK_OWNER})) == []


def test_two_findings_about_one_facet_are_two(cases: SqlCaseBook) -> None:
    (facts,) = seen(cases, 1)
    one = FacetFinding(Facet.REINSERTION, Finding.NOT_ALLOWED, Treatment.NOTHING, why="office")
    two = FacetFinding(Facet.REINSERTION, Finding.NOT_ALLOWED, Treatment.NOTHING, why="coordinator")

    commit(cases, decision(facts, findings=(one, two)))

    assert [each.finding for each in cases.findings(case_id(1))] == [one, two]


def test_the_revision_of_an_agreement_rises_only_with_its_value(cases: SqlCaseBook) -> None:
    seen(cases, 1)

    keep(cases, keyword={"present": "yes"}, identity={})
    assert facts_of(cases).agreed == {
        Facet.KEYWORD: Agreed({"present": "yes"}, 1),
        Facet.IDENTITY: Agreed({}, 1),
    }

    keep(cases, keyword={"present": "yes"})
    assert facts_of(cases).agreed[Facet.KEYWORD].revision == 1

    keep(cases, keyword={"present": "no"})
    assert facts_of(cases).agreed[Facet.KEYWORD] == Agreed({"present": "no"}, 2)


def test_an_inferred_agreement_is_remembered_once_and_never_over_a_real_one(cases: SqlCaseBook) -> None:
    (facts,) = seen(cases, 1)
    inferred: dict[Facet, FacetValue] = {Facet.KEYWORD: {"present": "yes"}, Facet.IDENTITY: {"family_name": "x"}}
    commit(cases, decision(facts, settled={Facet.IDENTITY: {"family_name": "y"}}, inferred=inferred))
    assert facts_of(cases).agreed == {
        Facet.KEYWORD: Agreed({"present": "yes"}, 0),
        Facet.IDENTITY: Agreed({"family_name": "y"}, 1),
    }

    keep(cases, keyword={"present": "yes"})
    assert facts_of(cases).agreed[Facet.KEYWORD].revision == 0
    commit(cases, decision(facts, inferred={Facet.KEYWORD: {"present": "no"}}))
    assert facts_of(cases).agreed[Facet.KEYWORD] == Agreed({"present": "yes"}, 0)

    keep(cases, keyword={"present": "no"})
    assert facts_of(cases).agreed[Facet.KEYWORD] == Agreed({"present": "no"}, 1)


def test_a_wish_decided_twice_is_one_intent(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    (facts,) = seen(cases, 1)

    assert commit(cases, decision(facts, wish(), wish(mark="b"))) == 2
    assert commit(cases, decision(facts, wish(), wish(mark="c")), run_id="R2") == 1

    assert [one.wish for one in intents.listed(run_id="R2")] == [wish(mark="c")]
    assert len(intents.listed()) == 3


def test_orders_count_within_case_and_target(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    first, second = seen(cases, 1, 2)
    commit(cases, decision(first, wish(1, "a"), wish(1, "b", target=Target.PLASTA)), decision(second, wish(2, "c")))
    commit(cases, decision(first, wish(1, "d")))

    places = {one.wish.key.rsplit(":", 1)[1]: one.order for one in intents.listed()}
    assert places == {"a": 1, "b": 1, "c": 1, "d": 2}


@pytest.mark.parametrize(
    ("outcome", "code", "comes_back"),
    [
        (Outcome.OVERTAKEN, "", True),
        (Outcome.PARKED, "consent", True),
        (Outcome.PARKED, "refused", False),
        (Outcome.DONE, "", False),
    ],
)
def test_a_wish_that_is_wanted_after_all_comes_back(
    cases: SqlCaseBook, intents: SqlIntentBook, outcome: Outcome, code: str, comes_back: bool
) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, wish()))
    (one,) = claim(intents)
    intents.record([result(one, outcome, code=code)])

    new = commit(cases, decision(facts_of(cases), wish(payload={"written_at": "later"})), at=LATER, run_id="R2")

    (intent,) = intents.listed()
    assert new == int(comes_back)
    assert (intent.state is IntentState.READY) == comes_back
    if comes_back:
        assert (intent.order, intent.due_at, intent.run_id, intent.attempts) == (2, LATER, "R2", 0)
        assert intent.wish.payload == {"written_at": "later"}
        assert len(claim(intents, LATER)) == 1


def test_an_ask_is_open_once_and_moot_when_its_cause_is_gone(cases: SqlCaseBook, work: SqlWorkBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, asks=[ask(mark="a"), ask(mark="b")]))
    commit(cases, decision(facts, asks=[ask(mark="a", values={"cii": "x"})]), at=LATER)

    (still,) = work.listed(OPEN)
    (moot,) = work.listed(frozenset({WorkItemState.MOOT}))
    assert (still.ask, still.opened_at) == (ask(mark="a", values={"cii": "x"}), NOW)
    assert (moot.ask, moot.ended_at, moot.end_reason) == (ask(mark="b"), LATER, "cause_gone")


def test_a_work_item_of_another_origin_is_never_moot(cases: SqlCaseBook, work: SqlWorkBook) -> None:
    (facts,) = seen(cases, 1)
    work.open(ask(mark="by-dispatch"), NOW)

    commit(cases, decision(facts))

    assert [item.ask for item in work.listed(OPEN)] == [ask(mark="by-dispatch")]


def test_an_ask_that_a_person_ended_opens_again_when_decided_again(cases: SqlCaseBook, work: SqlWorkBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, asks=[ask()]))
    (item,) = work.listed(OPEN)
    work.close(item.item_id, "told the office", "ops", NOW)

    commit(cases, decision(facts, asks=[ask()]), at=LATER)

    (again,) = work.listed(OPEN)
    assert again.item_id != item.item_id


def test_an_effect_makes_its_case_undecided_again(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, wish(settles={"status": "inactive"})))
    (one,) = claim(intents)

    intents.record([result(one)])

    assert undecided(cases) == [case_id(1)]
    after: CaseFacts = facts_of(cases)
    assert after.agreed[Facet.REGISTRATION] == Agreed({"status": "inactive"}, 1)
    assert after.case.mirrored(Facet.REGISTRATION).value == {"status": "inactive"}


def test_facts_of_strangers_are_absent(cases: SqlCaseBook) -> None:
    seen(cases, 1)

    assert list(cases.facts([case_id(1), case_id(7)])) == [case_id(1)]


def test_a_day_is_a_day_on_both_databases(cases: SqlCaseBook, work: SqlWorkBook) -> None:
    (facts,) = seen(cases, 1)
    commit(cases, decision(facts, asks=[ask()]))

    assert work.listed(OPEN)[0].ask.due_on == TODAY
