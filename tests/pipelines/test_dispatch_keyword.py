"""C2 as an effect: the keyword once, read back, looked for after a lost answer, never against a version that moved."""

from dataclasses import replace

import pytest

from domain.errors import ConflictError, OutcomeUnknownError, UnavailableError
from domain.facets import Facet
from domain.intents import IntentKind, IntentState, Outcome
from domain.work_items import WorkItemKind
from pipelines.dispatch import dispatch
from tests.builders import CASE_ID, closed_case
from tests.pipelines.world import SETTLE, WORKER, World

SET = IntentKind.SET_KEYWORD
ONCE = [("add_keyword", "AD000001")]


@pytest.fixture
def wanted(keyword_missing: World) -> World:
    """The keyword decided on, not sent yet."""
    keyword_missing.night()
    return keyword_missing


def touch(world: World, *, keyword: bool) -> None:
    """An officer saves the registration, with or without our keyword."""
    world.change_registration(lambda one: replace(one, has_keyword=keyword))


def test_it_is_set_once_read_back_and_then_mirrored(wanted: World) -> None:
    assert wanted.send() == {"done": 2}
    assert wanted.plasta.written == ONCE
    assert wanted.mirrored(Facet.KEYWORD_STATE) == {"present": "yes"}
    assert wanted.plasta.faults.calls["keyword"] == 2, "before and after"


def test_f55_a_keyword_that_an_officer_set_meanwhile_is_already_so(wanted: World) -> None:
    touch(wanted, keyword=True)
    assert wanted.send() == {"already_so": 1, "done": 1}
    assert wanted.plasta.written == []


def test_f52_a_version_that_an_officer_moved_is_read_again_and_saved_against(wanted: World) -> None:
    wanted.plasta.faults.meanwhile("add_keyword", lambda: touch(wanted, keyword=False))
    wanted.send()
    assert wanted.plasta.written == ONCE
    assert wanted.plasta.faults.calls["add_keyword"] == 2


def test_f52_after_three_versions_that_moved_a_person_is_asked(wanted: World) -> None:
    wanted.plasta.faults.meanwhile("add_keyword", lambda: touch(wanted, keyword=False), times=9)
    wanted.send()
    assert (wanted.plasta.faults.calls["add_keyword"], wanted.plasta.written) == (3, [])
    assert wanted.intent().state is IntentState.PARKED
    assert wanted.asked() == [WorkItemKind.LOOK_AT_PARKED]


def test_f41_a_lost_answer_is_looked_up_after_the_settle_time_and_never_before(wanted: World) -> None:
    wanted.plasta.faults.lose_answer("add_keyword")
    wanted.send()
    intent = wanted.intent()
    assert (intent.state, intent.due_at) == (IntentState.UNKNOWN, wanted.clock() + SETTLE)
    wanted.clock.now += SETTLE / 2
    assert dispatch(wanted.needs, WORKER).claimed == 0
    wanted.settle()
    assert (wanted.intent().state, wanted.plasta.written) == (IntentState.DONE, ONCE)


def test_f41_what_a_look_does_not_find_is_sent_again(wanted: World) -> None:
    wanted.plasta.faults.fail("add_keyword", OutcomeUnknownError("cut before it arrived", system="plasta"))
    wanted.settle()
    assert (wanted.intent().state, wanted.plasta.written) == (IntentState.DONE, ONCE)
    outcomes = [one.outcome for one in wanted.needs.intents.attempts(wanted.intent().intent_id)]
    assert outcomes == [Outcome.UNKNOWN, Outcome.DONE]


def test_a_read_back_that_fails_is_a_doubt_and_no_failure(wanted: World) -> None:
    wanted.plasta.faults.fail("keyword", UnavailableError("away", system="plasta"), later=1)
    wanted.send()
    assert wanted.intent().state is IntentState.UNKNOWN
    wanted.settle()
    assert (wanted.intent().state, wanted.plasta.written) == (IntentState.DONE, ONCE)


def test_a_doubt_that_lasts_is_told_once_and_taken_back_when_it_ends(wanted: World) -> None:
    wanted.plasta.faults.fail("add_keyword", OutcomeUnknownError("lost", system="plasta"), times=4)
    for expected in ([], [], [WorkItemKind.SETTLE_UNKNOWN], [WorkItemKind.SETTLE_UNKNOWN], []):
        wanted.send()
        assert wanted.asked() == expected
        wanted.clock.now += 2 * SETTLE
    assert wanted.plasta.written == ONCE


def test_a_keyword_that_is_not_wanted_any_more_is_not_sent(wanted: World) -> None:
    wanted.cii.put(closed_case(mirror=wanted.cii.cases[CASE_ID].mirror))
    wanted.night()
    wanted.send()
    assert (wanted.intent().state, wanted.plasta.written) == (IntentState.OVERTAKEN, [])


def test_a_case_that_is_closed_and_opened_again_wants_its_keyword_anew(wanted: World) -> None:
    before = wanted.cii.cases[CASE_ID]
    wanted.cii.put(closed_case(mirror=before.mirror))
    wanted.night()
    wanted.send()
    wanted.cii.put(before)
    wanted.night()
    wanted.send()
    assert [one.state for one in wanted.intents(kind=SET)] == [IntentState.OVERTAKEN, IntentState.DONE]
    assert wanted.plasta.written == ONCE


def test_a_conflict_at_the_last_save_leaves_no_doubt_behind(wanted: World) -> None:
    wanted.plasta.faults.fail("add_keyword", ConflictError("stale", system="plasta"), times=3)
    wanted.send()
    assert wanted.needs.intents.retry(wanted.intent().intent_id, wanted.clock(), "test")
    wanted.send()
    assert (wanted.intent().state, wanted.plasta.written) == (IntentState.DONE, ONCE)
    assert wanted.asked() == []


def test_c13_a_keyword_of_a_closed_case_is_removed_once_where_the_setting_says_so(wanted: World) -> None:
    wanted.settle()
    wanted.night()
    wanted.rules(remove_keyword_on_closing=True)
    wanted.change_case(lambda one: closed_case(mirror=one.mirror, version=one.version))
    wanted.night()
    wanted.settle()
    wanted.night()
    wanted.settle()
    assert wanted.plasta.written == [*ONCE, ("remove_keyword", "AD000001")]
    assert wanted.intent(IntentKind.REMOVE_KEYWORD).state is IntentState.DONE
    assert wanted.mirrored(Facet.KEYWORD_STATE) == {"present": "no"}
