"""A tenth of the write answers lost after taking effect: everything once, nothing lost, doubts listed."""

from datetime import timedelta

import pytest

from domain.intents import IntentKind, IntentState
from domain.work_items import WorkItemState
from pipelines.needs import silent
from sandbox.faults import Fault
from sandbox.serve import Sandbox
from scheduler.bootstrap import House, utc_now
from scheduler.runner import NightlyOrder
from tests.flows.counting import doubled
from tests.flows.test_nightly import PATIENCE, assert_as_expected


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", ["cut_after_effect", "html_page_200", "http_status"])
def test_lost_answers_of_both_systems_are_looked_up_and_nothing_is_doubled(
    sqlite_house: House, sandbox: Sandbox, kind: str, seed: int
) -> None:
    for system, operation in ((sandbox.plasta, "addStesSchlagwort"), (sandbox.cii, "putMirrorFacet")):
        fault = Fault(kind, operations=operation, probability=0.1, seed=seed, after_effect=True, status=500)
        system.faults.switch_on(fault)
    sqlite_house.runner.nightly(NightlyOrder(utc_now()), silent)
    sqlite_house.runner.send(PATIENCE, silent)
    assert_as_expected(sqlite_house, sandbox)
    assert doubled(sandbox) == {}
    lost = sum(
        attempt.outcome == "unknown"
        for intent in sqlite_house.needs.intents.listed(limit=10_000)
        for attempt in sqlite_house.needs.intents.attempts(intent.intent_id)
    )
    assert lost > 0, "the fault must have hit, else this shows nothing"


def test_a_mail_whose_answer_was_lost_is_held_and_listed_not_sent_again(sqlite_house: House, sandbox: Sandbox) -> None:
    sandbox.mailbox.faults.switch_on(Fault("cut_after_effect", count=1))
    sqlite_house.runner.nightly(NightlyOrder(utc_now()), silent)
    sqlite_house.runner.send(timedelta(seconds=3), silent)
    assert doubled(sandbox) == {}
    held = sqlite_house.needs.intents.listed(frozenset({IntentState.UNKNOWN}))
    assert [one.wish.kind for one in held] == [IntentKind.SEND_MAIL]
    items = sqlite_house.needs.work.listed(frozenset({WorkItemState.OPEN}), limit=1000)
    assert [one.ask.kind for one in items if one.ask.key.endswith(held[0].intent_id)] == ["settle_unknown"]
    arrived = sqlite_house.needs.intents.answer_unknown(
        held[0].intent_id, utc_now(), "test", "seen in the mailbox", arrived=True
    )
    assert arrived
    assert sqlite_house.needs.intents.listed(frozenset({IntentState.UNKNOWN})) == []
