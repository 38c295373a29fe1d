"""The decision that an effect calls for is taken by somebody else when its worker was lost right after the effect."""

from dataclasses import replace

import pytest

from domain.intents import IntentKind, IntentState, Outcome
from pipelines.deciding import context_now, decide_again, decide_what_follows, rules_mark
from pipelines.dispatch import dispatch
from tests.builders import CASE_ID, TODAY
from tests.pipelines.world import WORKER, World


@pytest.fixture
def widowed(keyword_missing: World) -> World:
    """The keyword is set and recorded; nobody has decided yet that its mirror must follow."""
    keyword_missing.night()
    report = dispatch(keyword_missing.needs, WORKER)
    assert report.outcomes == {Outcome.DONE: 1}
    assert keyword_missing.intents(kind=IntentKind.WRITE_BACK) == []
    return keyword_missing


def test_the_mirror_of_a_keyword_is_wished_for_by_the_next_who_looks(widowed: World) -> None:
    assert decide_what_follows(widowed.needs) == 1
    assert [one.state for one in widowed.intents(kind=IntentKind.WRITE_BACK)] == [IntentState.READY]


def test_looking_again_finds_nothing(widowed: World) -> None:
    decide_what_follows(widowed.needs)
    assert decide_what_follows(widowed.needs) == 0
    assert len(widowed.intents(kind=IntentKind.WRITE_BACK)) == 1


def test_what_was_decided_in_time_is_not_decided_again(widowed: World) -> None:
    decide_again([CASE_ID], widowed.needs)
    assert list(widowed.needs.cases.unfollowed(10)) == []


def test_a_case_that_changed_without_us_waits_for_its_night(widowed: World) -> None:
    decide_again([CASE_ID], widowed.needs)
    widowed.send()
    widowed.clock.wait(1)
    decide_again([CASE_ID], widowed.needs)
    widowed.clock.wait(1)
    file = widowed.needs.cases.facts([CASE_ID])[CASE_ID].case
    widowed.needs.cases.save_case(replace(file, region="monthey", version=file.version + 1), widowed.clock())
    rules = rules_mark(context_now(widowed.needs))
    assert [len(chunk) for chunk in widowed.needs.cases.undecided(rules, TODAY, 10)] == [1]
    assert list(widowed.needs.cases.unfollowed(10)) == []
