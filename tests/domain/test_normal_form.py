"""Both systems' views in one normal form: total over the facets, and equal only where they mean the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.cases import ExitReason, Mirrored, Procedure, ProcedureKind, Reinsertion, TeamRole
from domain.facets import Facet, FacetValue
from domain.normal_form import NOT_REGISTERED, cii_says, keyword_of, last_agreement, plasta_says
from domain.people import RegistrationId
from domain.registrations import Deregistration, RegistryView, Sight
from tests.builders import (
    MIRROR,
    NOW,
    OPENED,
    TODAY,
    beneficiary,
    case,
    closed_case,
    mirror,
    person,
    registration,
    view,
)

HINT = Deregistration(date(2026, 11, 30), True, "ABMELDEGRUND", "1")
CLOSED = closed_case(ExitReason.EMPLOYMENT, reinsertion=Reinsertion(TODAY, TeamRole.ORP_RESPONDENT))
MANAGED = (Procedure(ProcedureKind.CASE_MANAGEMENT, "open", OPENED),)

CII: dict[Facet, FacetValue] = {
    Facet.IDENTITY: {"family_name": "bonvin", "first_name": "élodie", "birth_date": "1988-04-17"},
    Facet.REGISTRATION: MIRROR[Facet.REGISTRATION],
    Facet.KEYWORD: {"present": "no"},
    Facet.KEYWORD_STATE: {"present": "yes"},
    Facet.STATUS: {"exit": "employment"},
    Facet.REINSERTION: {"confirmed": "2026-11-22"},
}
PLASTA: dict[Facet, FacetValue] = {
    Facet.IDENTITY: CII[Facet.IDENTITY],
    Facet.REGISTRATION: MIRROR[Facet.REGISTRATION],
    Facet.DEREGISTRATION: {
        "effective": "2026-11-30",
        "job_found": "yes",
        "reason_domain": "ABMELDEGRUND",
        "reason": "1",
    },
    Facet.KEYWORD: {"present": "yes"},
    Facet.KEYWORD_STATE: {"present": "yes"},
    Facet.STATUS: {"status": "registered"},
}


@pytest.mark.parametrize("facet", Facet)
def test_the_cii_software_says_something_or_nothing_of_every_facet(facet: Facet) -> None:
    assert cii_says(CLOSED, facet) == CII.get(facet)


@pytest.mark.parametrize("facet", Facet)
def test_plasta_says_something_or_nothing_of_every_facet(facet: Facet) -> None:
    assert plasta_says(view(person(registration(deregistration=HINT))), facet) == PLASTA.get(facet)


@pytest.mark.parametrize("facet", sorted(set(Facet) - {Facet.REGISTRATION}))
@pytest.mark.parametrize("sight", sorted(set(Sight) - {Sight.BOUND}))
def test_without_a_person_plasta_says_nothing_but_whether_she_is_registered(facet: Facet, sight: Sight) -> None:
    assert plasta_says(RegistryView(sight, NOW), facet) is None


@pytest.mark.parametrize("sight", sorted(set(Sight) - {Sight.BOUND}))
def test_only_an_unknown_person_is_not_registered(sight: Sight) -> None:
    said = plasta_says(RegistryView(sight, NOW), Facet.REGISTRATION)
    assert said == (NOT_REGISTERED if sight is Sight.UNKNOWN_PERSON else None)


def test_two_active_registrations_say_nothing_until_a_person_has_chosen() -> None:
    both = view(person(registration(), registration(registration_id=RegistrationId("AD000002"))))
    assert {plasta_says(both, facet) for facet in (Facet.REGISTRATION, Facet.KEYWORD, Facet.STATUS)} == {None}


def test_a_person_without_any_registration_is_not_registered() -> None:
    assert plasta_says(view(replace(person(), registrations=())), Facet.REGISTRATION) == NOT_REGISTERED


def test_the_newest_registration_speaks_when_none_is_active() -> None:
    old = registration(active=False)
    new = registration(
        registration_id=RegistrationId("AD000002"), active=False, registered_on=OPENED + timedelta(days=9)
    )
    said = plasta_says(view(person(new, old)), Facet.REGISTRATION)
    assert said is not None
    assert (said["registration"], said["status"]) == ("AD000002", "inactive")


def test_names_are_compared_without_regard_to_capitals_and_blanks() -> None:
    spelled = case(beneficiary=beneficiary(family_name="  BONVIN ", first_name="élodie"))
    assert cii_says(spelled, Facet.IDENTITY) == CII[Facet.IDENTITY]
    other = case(beneficiary=beneficiary(first_name="Elodie"))
    assert cii_says(other, Facet.IDENTITY) != CII[Facet.IDENTITY], "an accent is a difference that a person looks at"


def test_a_keyword_is_wanted_while_a_coaching_is_open_and_not_spoken_of_where_none_ever_was() -> None:
    assert cii_says(case(), Facet.KEYWORD) == {"present": "yes"}
    assert cii_says(case(procedures=MANAGED), Facet.KEYWORD) is None


def test_a_withdrawn_deregistration_is_an_empty_value_and_not_silence() -> None:
    assert plasta_says(view(), Facet.DEREGISTRATION) == {}


@pytest.mark.parametrize("facet", sorted(set(Facet) - {Facet.KEYWORD, *MIRROR}))
def test_nothing_was_agreed_on_where_nothing_is_mirrored(facet: Facet) -> None:
    assert last_agreement(case(), facet) is None


def test_what_we_mirrored_ourselves_was_agreed_on_and_what_a_hand_entered_was_not() -> None:
    assert last_agreement(case(), Facet.REGISTRATION) == MIRROR[Facet.REGISTRATION]
    assert last_agreement(case(mirror=mirror(by="anne.favre")), Facet.REGISTRATION) is None


def test_the_keyword_was_agreed_on_with_the_registration_that_was_mirrored_beside_it() -> None:
    assert last_agreement(case(), Facet.KEYWORD) == keyword_of("AD000001", present=True)
    alone = case(mirror={Facet.KEYWORD_STATE: Mirrored(1, {"present": "no"}, "cii-sync")})
    assert last_agreement(alone, Facet.KEYWORD) == keyword_of("", present=False)
    assert last_agreement(case(mirror={}), Facet.KEYWORD) is None
