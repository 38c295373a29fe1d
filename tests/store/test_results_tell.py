"""What a person must see is stored with the result that it is about, and taken back with the one that ends it."""

from dataclasses import replace
from datetime import timedelta

from domain.intents import Outcome
from domain.work_items import WorkItemState
from store.case_book import SqlCaseBook
from store.intent_book import SqlIntentBook
from store.work_book import SqlWorkBook
from tests.builders import NOW
from tests.store.steps import ask, claim, mail, result, wish, wished

OPEN = frozenset({WorkItemState.OPEN})
LATER = NOW + timedelta(hours=1)


def test_a_result_opens_its_work_item_in_the_same_transaction(
    cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook
) -> None:
    wished(cases, wish())
    (one,) = claim(intents)

    intents.record([replace(result(one, Outcome.PARKED), ask=ask(mark="parked"))])

    assert [item.ask.key for item in work.listed(OPEN)] == [ask(mark="parked").key]


def test_a_result_refused_by_fencing_asks_nobody(cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook) -> None:
    wished(cases, wish())
    (late,) = claim(intents)
    (_taken_over,) = claim(intents, now=LATER)

    counted = intents.record([replace(result(late, Outcome.PARKED), ask=ask(mark="parked"))])

    assert counted == 0
    assert work.listed(OPEN) == []


def test_a_result_takes_back_what_was_asked_about_earlier_attempts(
    cases: SqlCaseBook, intents: SqlIntentBook, work: SqlWorkBook
) -> None:
    wished(cases, wish())
    work.open(ask(mark="parked"), NOW)
    work.open(ask(mark="another"), NOW)
    (one,) = claim(intents)

    intents.record([replace(result(one, Outcome.DONE), moots=(ask(mark="parked").key,))])

    assert [item.ask.key for item in work.listed(OPEN)] == [ask(mark="another").key]


def test_what_a_lost_worker_had_not_begun_is_no_doubt_where_the_beginning_is_noted(
    cases: SqlCaseBook, intents: SqlIntentBook
) -> None:
    wished(cases, mail(1, "office"), mail(1, "coordinator"))
    begun, only_claimed = claim(intents, worker="lost")
    (noted,) = intents.renew([begun], LATER - timedelta(minutes=30), beginning=True)

    again = claim(intents, now=LATER, worker="two")

    assert noted.token == begun.token
    assert {one.intent.intent_id: one.look_first for one in again} == {
        begun.intent.intent_id: True,
        only_claimed.intent.intent_id: False,
    }


def test_a_beginning_without_effect_leaves_no_doubt(cases: SqlCaseBook, intents: SqlIntentBook) -> None:
    wished(cases, mail(1, "office"))
    (one,) = claim(intents)
    intents.renew([one], LATER, beginning=True)

    intents.record([result(one, Outcome.RETRY_AT, due_at=LATER)])

    (again,) = claim(intents, now=LATER)
    assert not again.look_first
