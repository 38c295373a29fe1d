"""C3 by operation: asked for once, registered already is done, and a lost answer is never repeated blindly (F56)."""

from dataclasses import replace

import pytest

from domain.cases import CaseFile
from domain.intents import IntentKind, IntentState
from domain.people import CaseId
from domain.registrations import RegistryPerson
from domain.work_items import WorkItemKind
from tests.builders import beneficiary, case, person, registration
from tests.pipelines.world import World

ASKED = ("request_registration", "VSO10")
KIND = IntentKind.REQUEST_REGISTRATION
UNREGISTERED: CaseFile = case(beneficiary=beneficiary(personal_number=None), mirror={})
HERS: RegistryPerson = person(registration(has_keyword=False))


@pytest.fixture
def unregistered(world: World) -> World:
    """A case whose person PLASTA does not know, decided on, where registrations may be asked for."""
    world.rules(registration_enabled=True)
    world.cii.put(UNREGISTERED)
    world.night()
    return world


def test_a_registration_is_asked_for_once_at_the_office_of_the_region(unregistered: World) -> None:
    unregistered.settle()
    unregistered.night()
    unregistered.settle()
    assert unregistered.plasta.written == [ASKED]
    assert unregistered.intent(KIND).state is IntentState.DONE
    assert unregistered.asked() == [WorkItemKind.REGISTER_PERSON], "asked for is not registered yet"


def test_who_was_registered_meanwhile_is_not_asked_for(unregistered: World) -> None:
    unregistered.plasta.put(HERS)
    unregistered.settle()
    assert ASKED not in unregistered.plasta.written
    assert unregistered.intent(KIND).state is IntentState.ALREADY_SO


def test_somebody_else_of_the_same_number_is_not_her_registration(unregistered: World) -> None:
    unregistered.plasta.put(replace(HERS, birth_date=HERS.birth_date.replace(year=1987)))
    unregistered.settle()
    assert unregistered.plasta.written == [ASKED]


def test_a_request_that_is_turned_down_is_parked_for_a_person(unregistered: World) -> None:
    unregistered.plasta.request_state = "ABGELEHNT"
    unregistered.settle()
    intent = unregistered.intent(KIND)
    assert (intent.state, intent.last_code) == (IntentState.PARKED, "ABGELEHNT")
    assert sorted(unregistered.asked()) == [WorkItemKind.LOOK_AT_PARKED, WorkItemKind.REGISTER_PERSON]


def test_f56_after_a_lost_answer_a_registration_found_is_done(unregistered: World) -> None:
    unregistered.plasta.faults.lose_answer("request_registration")
    unregistered.send()
    assert unregistered.intent(KIND).state is IntentState.UNKNOWN
    unregistered.plasta.put(HERS)
    unregistered.settle()
    assert unregistered.intent(KIND).state is IntentState.DONE
    assert unregistered.plasta.written.count(ASKED) == 1


def test_f56_after_a_lost_answer_a_request_that_nobody_sees_is_held_and_never_repeated(unregistered: World) -> None:
    unregistered.plasta.faults.lose_answer("request_registration")
    unregistered.settle()
    unregistered.night()
    unregistered.settle()
    assert unregistered.plasta.written == [ASKED]
    intent = unregistered.intent(KIND)
    assert (intent.state, intent.last_code) == (IntentState.UNKNOWN, "held")
    assert WorkItemKind.SETTLE_UNKNOWN in unregistered.asked()


def test_a_person_who_knows_that_nothing_arrived_has_it_asked_again(unregistered: World) -> None:
    unregistered.plasta.faults.lose_answer("request_registration")
    unregistered.settle()
    intent_id, now = unregistered.intent(KIND).intent_id, unregistered.clock()
    assert unregistered.needs.intents.answer_unknown(intent_id, now, "test", "asked the ORP", arrived=False)
    unregistered.settle()
    assert unregistered.plasta.written == [ASKED, ASKED]
    assert unregistered.intent(KIND).state is IntentState.DONE


def test_the_registration_that_comes_of_it_is_followed_by_the_keyword(unregistered: World) -> None:
    unregistered.settle()
    unregistered.plasta.put(HERS)
    unregistered.night()
    unregistered.settle()
    assert ("add_keyword", "AD000001") in unregistered.plasta.written
    assert unregistered.asked(CaseId("CII-2026-000001")) == []
