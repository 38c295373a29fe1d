"""A check is asked once: repeated presses, known message ids, and what happens when somebody is not there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import CredentialsError, MisconfiguredError, ThrottledError, UnavailableError
from domain.facets import Facet, Target
from domain.people import CaseId
from domain.registrations import Deregistration
from domain.work_items import WorkItemKind
from pipelines import registration_check
from pipelines.registration_check import Answer
from tests.builders import CASE_ID, TODAY, beneficiary, case, person, registration
from tests.pipelines.checking import press
from tests.pipelines.world import World, numbered

AWAY = UnavailableError("away", system="plasta")


@pytest.fixture
def agreed(world: World) -> World:
    """A case in which everything agrees."""
    world.cii.put(case())
    world.plasta.put(person())
    return world


def test_a_second_press_gets_the_first_answer_and_asks_nobody(agreed: World) -> None:
    first = press(agreed, "M1")
    calls = agreed.plasta.faults.calls.total()
    agreed.change_registration(lambda one: replace(one, active=False))
    agreed.clock.wait(599)
    accepted = registration_check.accept("M2", CASE_ID, "other", agreed.needs)
    assert (accepted.repeated, accepted.request.message_id) == (True, "M1")
    assert press(agreed, "M2") == first
    assert agreed.plasta.faults.calls.total() == calls


def test_a_press_after_ten_minutes_asks_again(agreed: World) -> None:
    press(agreed, "M1")
    agreed.change_registration(lambda one: replace(one, active=False))
    agreed.clock.now += timedelta(minutes=10, seconds=1)
    assert press(agreed, "M2")["answer"] == Answer.INACTIVE


def test_a_press_about_another_case_is_another_check(agreed: World) -> None:
    other, her = numbered(2)
    agreed.cii.put(other)
    agreed.plasta.put(her)
    press(agreed, "M1")
    assert not registration_check.accept("M2", other.case_id, "tandem", agreed.needs).repeated


def test_a_message_that_comes_twice_is_taken_in_once(agreed: World) -> None:
    press(agreed, "M1")
    agreed.clock.now += timedelta(hours=1)
    again = registration_check.accept("M1", CASE_ID, "tandem", agreed.needs)
    assert again.repeated
    assert again.request.answer is not None


def test_an_answered_check_run_again_gives_its_answer_and_asks_nobody(agreed: World) -> None:
    first = press(agreed)
    calls = agreed.cii.faults.calls.total()
    assert registration_check.run("M1", agreed.needs) == first
    assert agreed.cii.faults.calls.total() == calls


def test_a_message_that_nobody_took_in_has_no_answer(agreed: World) -> None:
    assert registration_check.run("never seen", agreed.needs) is None


def test_a_case_that_the_cii_software_does_not_know_is_said_to_be_unknown(agreed: World) -> None:
    assert press(agreed, case_id=CaseId("CII-2026-000404")) == {"answer": Answer.UNKNOWN_CASE}


@pytest.mark.parametrize(
    ("target", "operation", "error", "family"),
    [
        (Target.CII, "case", UnavailableError("away", system="cii"), "unavailable"),
        (Target.CII, "case", ThrottledError("slower", system="cii"), "throttled"),
        (Target.PLASTA, "persons", AWAY, "unavailable"),
        (Target.PLASTA, "persons", CredentialsError("locked", system="plasta"), "credentials"),
        (Target.PLASTA, "persons", MisconfiguredError("no such keyword", system="plasta"), "misconfigured"),
    ],
)
def test_who_does_not_answer_is_named_and_nothing_is_concluded(
    agreed: World, target: Target, operation: str, error: UnavailableError, family: str
) -> None:
    faults = agreed.cii.faults if target is Target.CII else agreed.plasta.faults
    faults.fail(operation, error)
    assert press(agreed) == {"answer": Answer.NOT_REACHABLE, "system": target.value, "family": family}
    assert agreed.cii.written == []


def test_a_search_that_fails_is_told_as_nobody_reached_and_never_as_not_registered(world: World) -> None:
    world.cii.put(case(beneficiary=beneficiary(personal_number=None)))
    world.plasta.faults.fail("find", AWAY)
    assert press(world)["answer"] == Answer.NOT_REACHABLE
    assert world.asked() == []


def test_after_nobody_was_reached_the_next_press_asks_again(agreed: World) -> None:
    agreed.plasta.faults.fail("persons", AWAY)
    press(agreed, "M1")
    assert press(agreed, "M2")["answer"] == Answer.OK


def test_f36_a_wrong_login_halts_plasta_at_the_first_check_and_the_second_asks_nobody(agreed: World) -> None:
    agreed.plasta.faults.fail("persons", CredentialsError("locked", system="plasta"))
    press(agreed, "M1")
    assert press(agreed, "M2")["family"] == "unavailable"
    assert agreed.plasta.faults.calls == {"persons": 1}
    assert agreed.asked() == [WorkItemKind.TARGET_HALTED]


def test_a_fault_in_the_program_leaves_the_check_unanswered_for_the_next_try(agreed: World) -> None:
    def break_down() -> None:
        raise RuntimeError("a fault of ours")

    agreed.plasta.faults.meanwhile("persons", break_down)
    with pytest.raises(RuntimeError):
        press(agreed)
    answer = registration_check.run("M1", agreed.needs)
    assert answer is not None
    assert answer["answer"] == Answer.OK


def test_a_check_sends_what_waits_for_its_case_and_nothing_of_others(world: World) -> None:
    for index in (1, 2):
        one, her = numbered(index)
        world.cii.put(one)
        world.plasta.put(her)
    world.night()
    assert press(world)["answer"] == Answer.KEYWORD_SET
    assert world.plasta.written == [("add_keyword", "AD000001")]
    assert {case_id for case_id, _, _ in world.cii.written} == {CASE_ID}


def test_a_check_and_a_night_together_do_everything_once(keyword_missing: World) -> None:
    world = keyword_missing
    world.night()
    press(world)
    world.settle()
    world.night()
    world.settle()
    assert world.plasta.written == [("add_keyword", "AD000001")]
    assert len(world.cii.written) == 1


def test_a_check_reads_the_case_afresh(agreed: World) -> None:
    agreed.night()
    agreed.change_registration(lambda one: replace(one, has_keyword=False, office="VSM10"))
    agreed.plasta.put(replace(person(registration(registration_id="AD000777", has_keyword=False))))
    answer = press(agreed)
    assert answer["answer"] == Answer.KEYWORD_SET
    assert agreed.plasta.written == [("add_keyword", "AD000777")]


def test_a_check_carries_everything_out_that_follows_from_it_one_after_the_other(world: World) -> None:
    one, her = numbered(1)
    hint = Deregistration(TODAY + timedelta(days=9), True, "ABMELDEGRUND", "1")
    world.cii.put(one)
    world.plasta.put(replace(her, registrations=(replace(her.registrations[0], deregistration=hint),)))
    assert press(world)["answer"] == Answer.KEYWORD_SET
    assert [facet for _, facet, _ in world.cii.written] == [
        Facet.REGISTRATION,
        Facet.DEREGISTRATION,
        Facet.KEYWORD_STATE,
    ]
    assert world.needs.intents.next_due() is None
