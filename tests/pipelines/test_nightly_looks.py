"""The nightly's way through PLASTA: feed and holes, PLASTA away, rows that cannot be read, the passing of time."""

from dataclasses import replace
from datetime import date, timedelta

from domain.books import RunState
from domain.cases import CaseFile, Procedure, ProcedureKind, Reinsertion, TeamRole
from domain.errors import UnavailableError
from domain.facets import Facet, System
from domain.intents import IntentKind
from domain.people import PersonalNumber
from domain.ports import BadRecord
from domain.registrations import RegistryPerson, Sight
from domain.work_items import WorkItemKind
from pipelines.nightly_reconcile import FULL_SWEEP
from tests.builders import (
    CASE_ID,
    NUMBER,
    OPENED,
    TODAY,
    beneficiary,
    case,
    person,
    procuration,
    registration,
)
from tests.pipelines.world import World, numbered

AWAY = UnavailableError("away", system="plasta", operation="getStesListe")
INACTIVE = person(registration(active=False))
MANAGED = (Procedure(ProcedureKind.CASE_MANAGEMENT, "open", OPENED),)


def settled(world: World, *pairs: tuple[CaseFile, RegistryPerson]) -> None:
    """These cases known, looked up, decided and sent."""
    for one, her in pairs or [(case(), person())]:
        world.cii.put(one)
        world.plasta.put(her)
    world.night()
    world.settle()
    world.night()


def status(world: World) -> str:
    """The registration's state in our stored view."""
    view = world.view()
    assert view is not None
    assert view.person is not None
    return "active" if view.person.active() else "inactive"


def test_a_case_whose_person_the_feed_names_is_looked_up_again_and_no_other(world: World) -> None:
    settled(world, *(numbered(index) for index in (1, 2)))
    world.plasta.read.clear()
    world.change_registration(lambda one: one)
    run = world.night()
    assert (run.counts["feed_followed"], run.counts["looked_up"]) == (1, 1)
    assert world.plasta.read == [NUMBER]


def test_persons_that_we_follow_no_case_of_are_counted_and_dropped(world: World) -> None:
    settled(world)
    world.plasta.put(person(personal_number=PersonalNumber("19999999"), avs_number=None))
    run = world.night()
    assert (run.counts["feed_followed"], run.counts["feed_dropped"]) == (0, 1)
    assert "looked_up" not in run.counts
    assert world.needs.cases.cursor(System.PLASTA) == str(len(world.plasta.feed))


def test_f46_a_hole_in_the_feed_has_every_case_looked_up_again(world: World) -> None:
    settled(world)
    world.plasta.put_in_a_gap(INACTIVE)
    run = world.night()
    assert run.counts["feed_gaps"] == 1
    assert status(world) == "inactive"
    assert world.needs.cases.cursor(System.PLASTA) == str(len(world.plasta.feed)), "the hole is passed"
    assert "looked_up" not in world.night().counts


def test_f46_a_hole_is_not_passed_before_everything_was_looked_up(world: World) -> None:
    settled(world)
    world.plasta.put_in_a_gap(INACTIVE)
    world.plasta.faults.fail("persons", AWAY)
    assert world.night().counts["incomplete"] == 1
    assert status(world) == "active"
    world.night()
    assert status(world) == "inactive"


def test_the_full_sweep_looks_up_what_no_feed_told(world: World) -> None:
    settled(world)
    world.plasta.people[NUMBER] = INACTIVE
    world.night()
    assert status(world) == "active"
    world.night(FULL_SWEEP)
    assert status(world) == "inactive"


def test_without_plasta_the_night_is_done_incomplete_says_so_and_the_next_one_catches_up(world: World) -> None:
    settled(world)
    world.change_registration(lambda one: replace(one, active=False))
    world.plasta.faults.fail("persons", AWAY)
    run = world.night()
    assert (run.state, run.message, run.counts["incomplete"]) == (RunState.DONE, "plasta.getStesListe: away", 1)
    assert status(world) == "active", "nothing is concluded"
    world.night()
    assert status(world) == "inactive"


def test_without_plasta_what_the_cii_software_says_is_still_decided(world: World) -> None:
    settled(world)
    word = Reinsertion(TODAY, TeamRole.ORP_RESPONDENT)
    world.change_case(lambda one: replace(one, reinsertion=word))
    world.plasta.faults.fail("feed", AWAY)
    world.night()
    assert len(world.intents(kind=IntentKind.SEND_MAIL)) == 2


def by_avs(world: World, count: int) -> None:
    """Cases that can only be searched for, each in a chunk of its own."""
    world.pace(chunk=1)
    for index in range(1, count + 1):
        one, _ = numbered(index)
        world.cii.put(replace(one, beneficiary=beneficiary(personal_number=None)))


def test_plasta_is_given_up_after_three_chunks_without_an_answer(world: World) -> None:
    by_avs(world, 5)
    world.plasta.faults.fail("find", AWAY, times=10)
    run = world.night()
    assert run.counts["unreached"] == 3
    assert "the cases not looked up stay due" in run.message
    world.plasta.faults.clear()
    assert world.night().counts["looked_up"] == 5


def test_an_answer_in_between_starts_the_count_anew(world: World) -> None:
    by_avs(world, 5)
    for later in (0, 0, 2, 0):
        world.plasta.faults.fail("find", AWAY, later=later)
    run = world.night()
    assert (run.counts["unreached"], run.counts["looked_up"], run.message) == (4, 1, "")


def test_rows_that_cannot_be_read_are_one_work_item_each_and_taken_back(world: World) -> None:
    for index in (1, 2):
        one, her = numbered(index)
        world.cii.put(one)
        world.plasta.put(her)
        world.plasta.bad[her.personal_number] = BadRecord("plasta", "row 0", "master.birthDate", "is no date", b"")
    world.pace(chunk=1)
    assert world.night().counts["quarantined"] == 2
    world.plasta.bad[NUMBER] = BadRecord("plasta", "row 7", "master.birthDate", "is no date", b"")
    world.night()
    told = [item.ask.case_id for item in world.items() if item.ask.kind is WorkItemKind.CORRECT_RECORD]
    assert told == ["CII-2026-000001", "CII-2026-000002"], "by case, not by the place in an answer"
    del world.plasta.bad[NUMBER]
    world.night()
    left = [item.ask.case_id for item in world.items() if item.ask.kind is WorkItemKind.CORRECT_RECORD]
    assert left == ["CII-2026-000002"]


def test_the_day_after_a_procuration_ends_the_case_is_looked_at_by_time_alone(world: World) -> None:
    paper = procuration(valid_to=TODAY + timedelta(days=3))
    settled(world, (case(procedures=MANAGED, procurations=(paper,), mirror={}), person()))
    held = world.view()
    assert held is not None
    assert held.sight is Sight.BOUND
    world.clock.wait(3 * 86400)
    assert "denied" not in world.night().counts, "the last day still counts"
    world.plasta.read.clear()
    world.clock.wait(86400)
    assert world.night().counts["denied"] == 1
    denied = world.view()
    assert denied is not None
    assert (denied.sight, denied.person) == (Sight.NOT_ALLOWED, None)
    assert world.plasta.read == []
    assert world.asked() == [WorkItemKind.PROCURATION_NEEDED]


def test_a_procuration_that_begins_later_is_waited_for(world: World) -> None:
    paper = procuration(valid_from=date(2026, 11, 25))
    settled(world, (case(procedures=MANAGED, procurations=(paper,), mirror={}), person()))
    assert world.asked() == [WorkItemKind.PROCURATION_NEEDED]
    world.clock.wait(3 * 86400)
    world.night()
    found = world.view(CASE_ID)
    assert found is not None
    assert found.sight is Sight.BOUND
    assert world.asked() == []
    assert world.mirrored(Facet.REGISTRATION) is None, "nothing was sent yet"
