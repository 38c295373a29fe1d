"""Write-backs to the CII software: against the version seen, harmless when repeated, never over a hand's change."""

from dataclasses import replace

import pytest

from domain.cases import Mirrored
from domain.errors import ConflictError, OutcomeUnknownError, RefusedError
from domain.facets import Facet, FacetValue
from domain.intents import Intent, IntentKind, IntentState, Outcome
from domain.settlement import WRITER
from domain.work_items import WorkItemKind
from pipelines.effects.mirror import WriteBack
from tests.builders import CASE_ID, MIRROR, case, person, registration
from tests.pipelines.world import World

KIND = IntentKind.WRITE_BACK
MOVED: FacetValue = {**MIRROR[Facet.REGISTRATION], "office": "VSM10"}
BY_HAND: FacetValue = {"status": "not_registered"}


@pytest.fixture
def moved(world: World) -> World:
    """PLASTA's registration changed its office; the write-back is decided on, not sent yet."""
    world.cii.put(case())
    world.plasta.put(person(registration(office="VSM10")))
    world.night()
    return world


def write(world: World, value: FacetValue, by: str) -> None:
    """Somebody changes the mirror in the CII software."""

    def change() -> None:
        before = world.cii.cases[CASE_ID]
        version = before.mirrored(Facet.REGISTRATION).version + 1
        world.cii.put(replace(before, mirror={**before.mirror, Facet.REGISTRATION: Mirrored(version, value, by)}))

    world.cii.faults.meanwhile("write_mirror", change)


def test_plastas_move_is_written_once_and_settled(moved: World) -> None:
    assert moved.send() == {"done": 1}
    assert moved.cii.written == [(CASE_ID, Facet.REGISTRATION, MOVED)]
    moved.night()
    assert (moved.send(), len(moved.cii.written)) == ({}, 1), "our own write is no move of the CII software"


def test_a_mirror_that_a_hand_changed_meanwhile_is_not_overwritten_and_becomes_a_conflict(moved: World) -> None:
    write(moved, BY_HAND, "anne.favre")
    assert moved.send() == {"overtaken": 1}
    assert moved.mirrored(Facet.REGISTRATION) == BY_HAND
    moved.night()
    assert moved.send() == {}
    assert WorkItemKind.RESOLVE_CONFLICT in moved.asked()
    assert moved.mirrored(Facet.REGISTRATION) == BY_HAND


def test_a_mirror_that_was_only_renumbered_is_written_with_its_new_version(moved: World) -> None:
    write(moved, MIRROR[Facet.REGISTRATION], WRITER)
    assert moved.send() == {"done": 1}
    assert moved.cii.cases[CASE_ID].mirrored(Facet.REGISTRATION) == Mirrored(3, MOVED, WRITER)


def test_a_mirror_that_shows_the_value_already_is_left_alone(moved: World) -> None:
    write(moved, MOVED, WRITER)
    assert moved.send() == {"already_so": 1}
    assert moved.cii.written == []


def test_a_mirror_renumbered_again_and_again_is_for_a_person(moved: World) -> None:
    write(moved, MIRROR[Facet.REGISTRATION], WRITER)
    write(moved, MIRROR[Facet.REGISTRATION], WRITER)
    assert moved.send() == {"parked": 1}
    assert moved.asked() == [WorkItemKind.LOOK_AT_PARKED]


def test_f41_a_lost_answer_is_looked_up_and_not_written_again(moved: World) -> None:
    moved.cii.faults.lose_answer("write_mirror")
    moved.settle()
    assert moved.intent(KIND).state is IntentState.DONE
    assert len(moved.cii.written) == 1
    moved.night()
    assert moved.send() == {}


def test_f41_a_write_that_never_arrived_is_written_after_the_look(moved: World) -> None:
    moved.cii.faults.fail("write_mirror", OutcomeUnknownError("cut", system="cii"))
    moved.settle()
    assert moved.cii.written == [(CASE_ID, Facet.REGISTRATION, MOVED)]


def test_a_refused_write_is_parked_and_goes_when_a_person_says_so(moved: World) -> None:
    moved.cii.faults.fail("write_mirror", RefusedError("no", system="cii", code="422"))
    moved.send()
    assert (moved.intent(KIND).state, moved.intent(KIND).last_code) == (IntentState.PARKED, "422")
    assert moved.needs.intents.retry(moved.intent(KIND).intent_id, moved.clock(), "test")
    moved.send()
    assert len(moved.cii.written) == 1
    assert moved.asked() == []


def test_a_newer_state_of_plasta_overtakes_the_older_write(moved: World) -> None:
    moved.change_registration(lambda one: replace(one, office="VSN10"))
    moved.night()
    moved.settle()
    assert [value["office"] for _, _, value in moved.cii.written] == ["VSN10"]
    states = [one.state for one in moved.intents(kind=KIND)]
    assert states == [IntentState.OVERTAKEN, IntentState.DONE]


def test_our_own_picture_that_shows_the_value_needs_no_call(moved: World) -> None:
    intent: Intent = moved.intent(KIND)
    facts = moved.needs.cases.facts([CASE_ID])[CASE_ID]
    shown = {Facet.REGISTRATION: Mirrored(2, MOVED, WRITER)}
    facts = replace(facts, case=replace(facts.case, mirror=shown))
    proof = WriteBack(moved.needs).act(intent, facts)
    assert (proof.outcome, proof.detail) == (Outcome.ALREADY_SO, {"version": "2"})
    assert moved.cii.faults.calls["write_mirror"] == 0


def test_an_emptied_mirror_and_none_are_the_same(moved: World) -> None:
    facts = moved.needs.cases.facts([CASE_ID])[CASE_ID]
    empty = replace(moved.intent(KIND), wish=replace(moved.intent(KIND).wish, settles={}))
    moved.cii.put(replace(case(), mirror={}))
    assert WriteBack(moved.needs).look(empty, facts) is not None
    assert WriteBack(moved.needs).look(moved.intent(KIND), facts) is None


def test_a_conflict_that_nobody_can_explain_is_parked(moved: World) -> None:
    moved.cii.faults.fail("write_mirror", ConflictError("stale", system="cii"), times=2)
    assert moved.send() == {"parked": 1}
