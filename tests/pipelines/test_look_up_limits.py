"""The look-up's limits: the gate before every question, the fields that may be kept, and what a fault leaves due."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.books import LookUp
from domain.cases import CaseFile, Procedure, ProcedureKind
from domain.consent_terms import Purpose, Recipient
from domain.decision import CaseFacts
from domain.errors import (
    AmbiguousError,
    ContractBrokenError,
    CredentialsError,
    InvalidRecordError,
    NotFoundError,
    RefusedError,
    SyncError,
    ThrottledError,
    UnavailableError,
)
from domain.people import CaseId, PersonalNumber
from domain.ports import BadRecord
from domain.registrations import Deregistration, RegistryPerson, Sight
from pipelines.look_up import Sightings, look_up
from tests.builders import (
    CASE_ID,
    NUMBER,
    OPENED,
    TODAY,
    Institutions,
    beneficiary,
    case,
    person,
    procuration,
    registration,
)
from tests.pipelines.world import World, numbered

MANAGED = (Procedure(ProcedureKind.CASE_MANAGEMENT, "open", OPENED),)
BY_AVS = case(beneficiary=beneficiary(personal_number=None))
OTHER = CaseId("CII-2026-000002")


def looked_up(world: World, *cases: CaseFile) -> Sightings:
    """How looking these cases up ends."""
    return look_up([LookUp(CaseFacts(one), None) for one in cases], world.needs)


def test_without_a_basis_nothing_is_asked_and_the_reasons_are_kept(world: World) -> None:
    world.plasta.put(person())
    expired = procuration(valid_to=TODAY - timedelta(days=1))
    sightings = looked_up(world, case(procedures=MANAGED, procurations=(expired,)))
    assert sightings.views[CASE_ID].sight is Sight.NOT_ALLOWED
    assert sightings.views[CASE_ID].denied_because == ("expired",)
    assert sightings.denied == 1
    assert (world.plasta.asked, world.plasta.read, world.plasta.faults.calls) == ([], [], {})


def test_one_denial_does_not_stop_the_others_of_its_chunk(world: World) -> None:
    covered, her = numbered(1)
    denied, _ = numbered(2, procedures=MANAGED, procurations=())
    world.plasta.put(her)
    sights = {case_id: view.sight for case_id, view in looked_up(world, denied, covered).views.items()}
    assert sights == {denied.case_id: Sight.NOT_ALLOWED, covered.case_id: Sight.BOUND}
    assert world.plasta.read == [her.personal_number]


def test_the_duty_to_register_keeps_no_names_and_no_deregistration(world: World) -> None:
    hint = Deregistration(TODAY, True, "ABMELDEGRUND", "1")
    world.plasta.put(person(registration(deregistration=hint)))
    kept = looked_up(world, case(procurations=())).views[CASE_ID].person
    assert kept == RegistryPerson(NUMBER, "", "", person().birth_date, (registration(),))


def test_a_procuration_keeps_names_and_deregistration(world: World) -> None:
    hint = Deregistration(TODAY, True, "ABMELDEGRUND", "1")
    world.plasta.put(person(registration(deregistration=hint)))
    assert looked_up(world, case()).views[CASE_ID].person == person(registration(deregistration=hint))


class AvsForNobody(Institutions):
    """A registry in which no office may receive AVS numbers."""

    def recipient(self, institution: str) -> Recipient:
        """As usual, but not entitled."""
        return replace(super().recipient(institution), may_receive_avs=False)


def test_an_avs_number_is_not_asked_with_where_it_may_not_go(world: World) -> None:
    world.needs = replace(world.needs, institutions=AvsForNobody())
    world.plasta.put(person())
    assert looked_up(world, BY_AVS).views[CASE_ID].sight is Sight.CANDIDATE
    assert [key.avs_number for key in world.plasta.asked] == [None]


def test_one_bad_row_is_set_aside_and_the_others_of_its_page_stand(world: World) -> None:
    pairs = [numbered(index) for index in (1, 2, 3)]
    world.plasta.put(*(her for _, her in pairs))
    bad = BadRecord("plasta", "row 1", "master.birthDate", "is no date", b"<row/>")
    world.plasta.bad[PersonalNumber("10000002")] = bad
    sightings = looked_up(world, *(one for one, _ in pairs))
    assert sightings.bad == [(OTHER, bad)]
    assert list(sightings.views) == ["CII-2026-000001", "CII-2026-000003"]


def test_an_unreadable_answer_to_a_search_is_set_aside_under_its_case(world: World) -> None:
    world.plasta.faults.fail("find", InvalidRecordError("is no date", path="hits[0].birthDate", system="plasta"))
    bad = BadRecord("plasta", CASE_ID, "hits[0].birthDate", "is no date", b"")
    assert looked_up(world, BY_AVS).bad == [(CASE_ID, bad)]


@pytest.mark.parametrize("error", [RefusedError("no", code="KEINE_BERECHTIGUNG"), NotFoundError("no such person")])
def test_a_refused_search_is_one_case_for_a_person_and_concludes_nothing(world: World, error: RefusedError) -> None:
    world.plasta.faults.fail("find", error)
    sightings = looked_up(world, BY_AVS, numbered(2)[0])
    assert [(case_id, record.path) for case_id, record in sightings.bad] == [(CASE_ID, "search")]
    assert {case_id: view.sight for case_id, view in sightings.views.items()} == {OTHER: Sight.UNKNOWN_PERSON}


def test_f53_a_cut_search_is_a_question_and_concludes_nothing(world: World) -> None:
    world.plasta.faults.fail("find", AmbiguousError("more hits than PLASTA shows", code="ZU_VIELE_TREFFER"))
    view = looked_up(world, BY_AVS).views[CASE_ID]
    assert (view.sight, view.candidates) == (Sight.SEVERAL_PERSONS, ())


@pytest.mark.parametrize("error", [UnavailableError("away"), ThrottledError("slower")])
@pytest.mark.parametrize("later", [0, 1], ids=["by AVS number", "by name"])
def test_a_search_that_fails_leaves_the_case_due_and_concludes_nothing(
    world: World, error: SyncError, later: int
) -> None:
    world.plasta.faults.fail("find", error, later=later)
    sightings = looked_up(world, BY_AVS)
    assert sightings.failed == [CASE_ID]
    assert (dict(sightings.views), sightings.bad) == ({}, [])
    assert len(world.plasta.asked) == later + 1


def test_a_person_found_by_a_search_and_gone_before_she_is_read_leaves_the_case_due(world: World) -> None:
    world.plasta.put(person())
    world.plasta.faults.meanwhile("persons", world.plasta.people.clear)
    assert looked_up(world, BY_AVS).failed == [CASE_ID]


@pytest.mark.parametrize("error", [CredentialsError("locked"), ContractBrokenError("another contract")])
@pytest.mark.parametrize("operation", ["persons", "find"])
def test_what_stops_a_whole_target_is_raised(world: World, operation: str, error: SyncError) -> None:
    world.plasta.faults.fail(operation, error)
    with pytest.raises(type(error)):
        looked_up(world, case() if operation == "persons" else BY_AVS)


def test_every_question_is_asked_for_the_registration_check(world: World) -> None:
    statutes = tuple(
        replace(one, purposes=one.purposes - {Purpose.REGISTRATION_CHECK}) for one in world.needs.rules.statutes
    )
    world.rules(statutes=statutes)
    assert looked_up(world, case(procurations=())).views[CASE_ID].sight is Sight.NOT_ALLOWED
