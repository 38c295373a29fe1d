"""C1, the look-up: every sight, the surest identifier first, and what is never concluded."""

from dataclasses import replace
from datetime import date

import pytest

from domain.books import LookUp
from domain.cases import CaseFile
from domain.decision import CaseFacts
from domain.people import AvsNumber, PersonalNumber
from domain.registrations import Hit, RegistryView, Sight
from pipelines.look_up import look_up, sight_by_name
from tests.builders import AVS, CASE_ID, NOW, NUMBER, beneficiary, case, person
from tests.pipelines.world import World

OTHER_DAY = date(1988, 4, 18)
SECOND = PersonalNumber("10000002")
OTHER_AVS = AvsNumber("7566666666669")
BY_AVS = case(beneficiary=beneficiary(personal_number=None))
BY_NAME = case(beneficiary=beneficiary(personal_number=None, avs_number=None))


def seen(world: World, one: CaseFile, bound_to: PersonalNumber | None = None) -> RegistryView:
    """What looking one case up ends as; it must end as a view."""
    sightings = look_up([LookUp(CaseFacts(one), bound_to)], world.needs)
    assert (sightings.bad, sightings.failed) == ([], [])
    return sightings.views[CASE_ID]


def test_a_personal_number_with_the_same_birth_date_binds_without_a_search(world: World) -> None:
    world.plasta.put(person())
    assert seen(world, case()) == RegistryView(Sight.BOUND, NOW, person())
    assert world.plasta.asked == []


def test_an_avs_number_with_the_same_birth_date_binds(world: World) -> None:
    world.plasta.put(person())
    assert seen(world, BY_AVS).person == person()
    assert [(key.avs_number, key.personal_number) for key in world.plasta.asked] == [(AVS, None)]


def test_the_number_that_a_case_is_bound_to_is_read_although_the_case_has_none(world: World) -> None:
    world.plasta.put(person(avs_number=OTHER_AVS))
    assert seen(world, BY_AVS, bound_to=NUMBER).sight is Sight.BOUND
    assert world.plasta.asked == []


@pytest.mark.parametrize("one", [case(), BY_AVS], ids=["by personal number", "by AVS number"])
def test_a_number_with_another_birth_date_is_a_question_and_nothing_of_that_person_is_kept(
    world: World, one: CaseFile
) -> None:
    world.plasta.put(person(birth_date=OTHER_DAY))
    assert seen(world, one) == RegistryView(Sight.OTHER_BIRTH_DATE, NOW, candidates=(NUMBER,))


def test_an_avs_number_that_two_persons_have_binds_nobody(world: World) -> None:
    world.plasta.put(person(personal_number=SECOND), person())
    assert seen(world, BY_AVS) == RegistryView(Sight.SEVERAL_PERSONS, NOW, candidates=(NUMBER, SECOND))


def test_a_name_with_the_same_birth_date_is_a_candidate_and_never_a_binding(world: World) -> None:
    world.plasta.put(person())
    assert seen(world, BY_NAME) == RegistryView(Sight.CANDIDATE, NOW, candidates=(NUMBER,))


def test_several_of_the_same_name_and_day_are_all_named(world: World) -> None:
    world.plasta.put(person(personal_number=SECOND), person())
    assert seen(world, BY_NAME) == RegistryView(Sight.SEVERAL_PERSONS, NOW, candidates=(NUMBER, SECOND))


def test_a_namesake_born_on_another_day_is_nobody() -> None:
    namesake = Hit(NUMBER, OTHER_DAY, "Bonvin", "Élodie")
    assert sight_by_name([namesake], BY_NAME.beneficiary.key(), NOW).sight is Sight.UNKNOWN_PERSON


def test_a_person_is_unknown_after_every_identifier_was_asked(world: World) -> None:
    assert seen(world, case()).sight is Sight.UNKNOWN_PERSON
    assert world.plasta.read == [NUMBER]
    assert [key.avs_number for key in world.plasta.asked] == [AVS, None]


def test_a_number_that_plasta_lacks_is_found_by_the_avs_number(world: World) -> None:
    found = person(personal_number=SECOND)
    world.plasta.put(found)
    assert seen(world, case()) == RegistryView(Sight.BOUND, NOW, found)
    assert world.plasta.read == [NUMBER, SECOND]


def test_f54_a_merged_person_is_followed_to_the_number_that_lives_on(world: World) -> None:
    survivor = person(personal_number=SECOND)
    world.plasta.put(replace(person(), registrations=(), merged_into=SECOND), survivor)
    assert seen(world, case()).person == survivor


def test_f54_where_the_number_that_lives_on_is_not_told_the_merged_record_stands_with_it(world: World) -> None:
    told = person(merged_into=SECOND)
    world.plasta.put(told)
    assert seen(world, case()).person == told
