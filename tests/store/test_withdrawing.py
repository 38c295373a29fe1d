"""A withdrawal with its reason, and its undo within thirty days (F75)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.causes import RESTORED, UNDO_WITHIN, Cause
from domain.facets import Target
from domain.intents import IntentKind, IntentState, Outcome
from domain.work_items import Ask, Role, WorkItemKind, WorkItemState
from store.case_book import SqlCaseBook
from store.change_log import listed
from store.intent_book import SqlIntentBook
from store.timeline import timeline
from store.transactions import Store
from store.work_book import SqlWorkBook
from tests.builders import NOW, TODAY
from tests.store.steps import case_id, claim, commit, decision, facts_of, result, wish, wished

HOUR = timedelta(hours=1)
LATER = NOW + 5 * HOUR
OPEN = frozenset({WorkItemState.OPEN})
ENDS: dict[str, tuple[Outcome, datetime | None]] = {
    "parked": (Outcome.PARKED, None),
    "held": (Outcome.UNKNOWN, None),
    "looked at": (Outcome.UNKNOWN, LATER),
    "ready": (Outcome.RETRY_AT, LATER),
    "done": (Outcome.DONE, None),
    "overtaken": (Outcome.OVERTAKEN, None),
}


def asked(intent_id: str, kind: WorkItemKind = WorkItemKind.LOOK_AT_PARKED) -> Ask:
    """What a person is asked about an intent."""
    return Ask(f"{kind}:{intent_id}", kind, Role.OPS, case_id(1), TODAY, "write_back: 422")


@pytest.fixture
def stand(cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook) -> Callable[[str], str]:
    """Brings an intent to where the word says, both questions about it open; its id."""

    def stood(word: str) -> str:
        wished(cases, wish())
        (one,) = claim(intents)
        for kind in (WorkItemKind.LOOK_AT_PARKED, WorkItemKind.SETTLE_UNKNOWN):
            work.open(asked(one.intent.intent_id, kind), NOW)
        if word in ENDS:
            outcome, due = ENDS[word]
            intents.record([result(one, outcome, due_at=due, code="422", family="refused")])
        return one.intent.intent_id

    return stood


@pytest.mark.parametrize("word", ["parked", "held", "ready"])
def test_what_is_in_nobodys_hands_is_withdrawn_and_its_work_items_end(
    store: Store, intents: SqlIntentBook, work: SqlWorkBook, stand: Callable[[str], str], word: str
) -> None:
    intent_id = stand(word)

    assert intents.withdraw(intent_id, LATER, "ops", "done by hand")

    found = intents.find(intent_id)
    assert found is not None
    assert found.state is IntentState.WITHDRAWN
    assert work.listed(OPEN) == []
    assert claim(intents, LATER + HOUR) == []
    assert intents.causes() == []
    with store.engine.connect() as connection:
        noted = [(one.what, one.reason, one.by) for one in listed(connection, intent_id)]
    assert noted == [("withdraw", "done by hand", "ops")]
    assert ("intent", "withdrawn", "write_back") in {
        (one.source, one.what, one.about) for one in timeline(store, case_id(1))
    }


@pytest.mark.parametrize("word", ["claimed", "looked at", "done", "overtaken"])
def test_what_is_on_its_way_or_over_is_not_withdrawn(
    intents: SqlIntentBook, work: SqlWorkBook, stand: Callable[[str], str], word: str
) -> None:
    intent_id = stand(word)
    before = intents.find(intent_id)

    assert not intents.withdraw(intent_id, LATER, "ops", "done by hand")

    assert intents.find(intent_id) == before
    assert len(work.listed(OPEN)) == 2


@pytest.mark.parametrize("word", ["parked", "held"])
def test_what_queued_behind_a_withdrawn_one_goes_on(
    cases: SqlCaseBook, intents: SqlIntentBook, stand: Callable[[str], str], word: str
) -> None:
    first = stand(word)
    commit(cases, decision(facts_of(cases), wish(mark="behind")), at=NOW + HOUR)
    assert claim(intents, LATER) == []

    intents.withdraw(first, LATER, "ops", "done by hand")

    assert [one.intent.intent_id for one in claim(intents, LATER)] != [first]
    assert len(intents.listed(frozenset({IntentState.CLAIMED}))) == 1


def test_a_decision_that_wants_it_again_does_not_overrule_the_person(
    cases: SqlCaseBook, intents: SqlIntentBook, stand: Callable[[str], str]
) -> None:
    intents.withdraw(stand("parked"), LATER, "ops", "done by hand")

    assert commit(cases, decision(facts_of(cases), wish()), at=LATER) == 0
    assert claim(intents, LATER + HOUR) == []


def test_a_withdrawal_is_undone_to_parked_and_asks_a_person(
    store: Store, cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook, stand: Callable[[str], str]
) -> None:
    intent_id = stand("parked")
    intents.withdraw(intent_id, LATER, "ops", "done by hand")

    assert intents.restore(asked(intent_id), intent_id, LATER + UNDO_WITHIN, "chief", "the wrong one")

    (found,) = intents.causes()
    assert found.cause == Cause(Target.CII, IntentKind.WRITE_BACK, RESTORED, RESTORED)
    assert [item.ask.key for item in work.listed(OPEN)] == [f"look_at_parked:{intent_id}"]
    assert claim(intents, LATER + 2 * UNDO_WITHIN) == [], "a person decides"
    assert commit(cases, decision(facts_of(cases), wish()), at=LATER + UNDO_WITHIN) == 0, "and no decision"
    told = [one.what for one in timeline(store, case_id(1)) if one.reference == intent_id]
    assert told == ["wanted", "parked", "withdrawn", "restored"]


@pytest.mark.parametrize("word", ["parked", "ready", "done"])
def test_only_a_withdrawal_is_undone(intents: SqlIntentBook, stand: Callable[[str], str], word: str) -> None:
    intent_id = stand(word)
    before = intents.find(intent_id)

    assert not intents.restore(asked(intent_id), intent_id, LATER, "ops", "the wrong one")
    assert intents.find(intent_id) == before


def test_after_thirty_days_it_is_too_late_and_a_second_withdrawal_begins_them_anew(
    intents: SqlIntentBook, stand: Callable[[str], str]
) -> None:
    intent_id = stand("parked")
    intents.withdraw(intent_id, LATER, "ops", "done by hand")
    intents.restore(asked(intent_id), intent_id, LATER + 29 * timedelta(days=1), "ops", "the wrong one")
    again = LATER + UNDO_WITHIN
    intents.withdraw(intent_id, again, "ops", "the right one after all")

    late = again + UNDO_WITHIN + timedelta(microseconds=1)
    assert not intents.restore(asked(intent_id), intent_id, late, "ops", "too late")
    assert intents.restore(asked(intent_id), intent_id, again + UNDO_WITHIN, "ops", "just in time")


def test_a_doubt_survives_withdrawal_and_undo(intents: SqlIntentBook, stand: Callable[[str], str]) -> None:
    intent_id = stand("held")
    intents.withdraw(intent_id, LATER, "ops", "seen there")
    intents.restore(asked(intent_id), intent_id, LATER, "ops", "the wrong one")
    intents.retry(intent_id, LATER, "ops")

    (one,) = claim(intents, LATER)
    assert one.look_first


def test_f24_what_was_committed_without_an_answer_is_not_refused_when_its_unit_runs_again(
    intents: SqlIntentBook, work: SqlWorkBook, stand: Callable[[str], str]
) -> None:
    intent_id = stand("parked")
    for _ in range(2):
        assert intents.withdraw(intent_id, LATER, "ops", "done by hand")
    for _ in range(2):
        assert intents.restore(asked(intent_id), intent_id, LATER, "ops", "the wrong one")
    for _ in range(2):
        assert intents.retry(intent_id, LATER + HOUR, "ops")


def test_an_intent_that_does_not_exist(intents: SqlIntentBook) -> None:
    assert not intents.withdraw("I0", LATER, "ops", "done by hand")
    assert not intents.restore(replace(asked("I0")), "I0", LATER, "ops", "the wrong one")
