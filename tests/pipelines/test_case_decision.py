"""What follows for one case: C1-C3, C10 and C13 as pure decisions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.cases import ExitReason, Procedure, ProcedureKind, Reinsertion, TeamRole
from domain.compare import Finding, Treatment
from domain.decision import Decision, Mode
from domain.facets import Facet, Target
from domain.intents import IntentKind
from domain.normal_form import keyword_of
from domain.people import RegistrationId
from domain.registrations import Deregistration, RegistryView, Sight
from domain.work_items import WorkItemKind
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
    procuration,
    registration,
    view,
)
from tests.pipelines.deciding import ALL_ACTIVE, CONTEXT, decided, observing, with_rules

JOB_FOUND = Deregistration(TODAY - timedelta(days=3), True, "ABMELDEGRUND", "1")
WORD = Reinsertion(TODAY - timedelta(days=1), TeamRole.ORP_RESPONDENT)


def kinds(decision: Decision) -> list[IntentKind]:
    """The wished effects."""
    return [wish.kind for wish in decision.wishes]


def asked(decision: Decision) -> list[WorkItemKind]:
    """The work items."""
    return [ask.kind for ask in decision.asks]


def test_a_case_that_agrees_leads_to_nothing() -> None:
    decision = decided(case(), view())
    assert (decision.wishes, decision.asks, decision.findings) == ((), (), ())
    assert set(decision.settled) >= {Facet.IDENTITY, Facet.REGISTRATION, Facet.KEYWORD, Facet.KEYWORD_STATE}


def test_a_case_never_looked_up_is_not_judged() -> None:
    assert decided(case(), None) == Decision(case().case_id, recheck_on=date(2027, 9, 1))


# C2: the keyword


def test_c2_a_missing_keyword_is_set_once_and_the_mirror_waits_for_it() -> None:
    decision = decided(case(mirror={}), view(person(registration(has_keyword=False))))
    assert IntentKind.SET_KEYWORD in kinds(decision)
    assert [wish.facet for wish in decision.wishes if wish.kind is IntentKind.WRITE_BACK] == [Facet.REGISTRATION]
    again = decided(case(mirror={}), view(person(registration(has_keyword=False))))
    assert {wish.key for wish in again.wishes} == {wish.key for wish in decision.wishes}


def test_c2_a_keyword_that_a_hand_removed_is_asked_about_and_not_set_again() -> None:
    decision = decided(case(), view(person(registration(has_keyword=False))))
    assert IntentKind.SET_KEYWORD not in kinds(decision)
    assert asked(decision) == [WorkItemKind.KEYWORD_BY_HAND]
    assert [wish.facet for wish in decision.wishes] == [Facet.KEYWORD_STATE], "PLASTA's state is still mirrored"


def test_c2_a_change_of_office_starts_without_the_keyword_and_gets_it() -> None:
    moved = registration(registration_id=RegistrationId("AD000777"), office="VSM10", has_keyword=False)
    decision = decided(case(), view(person(moved)))
    assert kinds(decision) == [IntentKind.SET_KEYWORD, IntentKind.WRITE_BACK]
    assert asked(decision) == []


def test_c2_an_inferred_agreement_is_kept_before_its_mirror_follows_plasta() -> None:
    decision = decided(case(), view(person(registration(has_keyword=False))))
    assert decision.inferred[Facet.KEYWORD] == keyword_of("AD000001", present=True)
    followed = case(mirror=mirror({**MIRROR, Facet.KEYWORD_STATE: {"present": "no"}}))
    later = decided(followed, view(person(registration(has_keyword=False))), decision.inferred)
    assert asked(later) == [WorkItemKind.KEYWORD_BY_HAND]
    assert later.wishes == ()


def test_c2_a_moved_registration_is_known_as_such_after_its_mirror_was_written() -> None:
    moved = registration(registration_id=RegistrationId("AD000777"), office="VSM10", has_keyword=False)
    first = decided(case(), view(person(moved)))
    new = {**MIRROR[Facet.REGISTRATION], "registration": "AD000777", "office": "VSM10"}
    again = decided(case(mirror=mirror({**MIRROR, Facet.REGISTRATION: new})), view(person(moved)), first.inferred)
    assert kinds(again) == [IntentKind.SET_KEYWORD]


def test_c2_a_keyword_without_a_coaching_is_a_question() -> None:
    never = case(procedures=(Procedure(ProcedureKind.COACHING, "closed", OPENED, TODAY),), mirror={})
    decision = decided(never, view())
    assert WorkItemKind.KEYWORD_BY_HAND in asked(decision)
    assert IntentKind.REMOVE_KEYWORD not in kinds(decision)


def test_c13_after_the_closing_the_keyword_goes_by_hand_or_by_setting() -> None:
    agreed = {Facet.KEYWORD: keyword_of("AD000001", present=True)}
    done = closed_case(ExitReason.NETWORK_FOLLOW_UP)
    assert asked(decided(done, view(), agreed)) == [WorkItemKind.REMOVE_KEYWORD]
    by_setting = decided(done, view(), agreed, with_rules(remove_keyword_on_closing=True))
    assert kinds(by_setting) == [IntentKind.REMOVE_KEYWORD]


def test_observing_writes_nothing_and_says_what_it_would() -> None:
    decision = decided(case(mirror={}), view(person(registration(has_keyword=False))), context=observing())
    assert decision.wishes == ()
    proposed = {(one.facet, one.proposed) for one in decision.findings if one.proposed}
    assert proposed == {
        (Facet.KEYWORD, Target.PLASTA),
        (Facet.REGISTRATION, Target.CII),
        (Facet.KEYWORD_STATE, Target.CII),
    }
    assert not any(one.active for one in decision.findings)


# C1, C3: registered or not


def test_c3_a_person_unknown_to_plasta_is_to_be_registered_within_five_working_days() -> None:
    decision = decided(case(mirror={}), RegistryView(Sight.UNKNOWN_PERSON, NOW))
    assert asked(decision) == [WorkItemKind.REGISTER_PERSON]
    assert decision.asks[0].due_on == date(2026, 11, 27)
    assert sorted(kinds(decision)) == [IntentKind.SEND_MAIL, IntentKind.WRITE_BACK]
    assert IntentKind.REQUEST_REGISTRATION not in kinds(decision), "off by default"


def test_c3_the_registration_operation_only_where_enabled() -> None:
    context = with_rules(registration_enabled=True)
    decision = decided(case(mirror={}), RegistryView(Sight.UNKNOWN_PERSON, NOW), context=context)
    assert IntentKind.REQUEST_REGISTRATION in kinds(decision)


def test_c3_the_mail_to_the_orp_carries_no_personal_data() -> None:
    decision = decided(case(mirror={}), RegistryView(Sight.UNKNOWN_PERSON, NOW))
    mail = next(wish for wish in decision.wishes if wish.kind is IntentKind.SEND_MAIL)
    told = " ".join(mail.payload.values())
    secret = beneficiary()
    assert not any(word in told for word in (secret.family_name, secret.first_name, str(secret.avs_number)))


@pytest.mark.parametrize("sight", [Sight.CANDIDATE, Sight.SEVERAL_PERSONS, Sight.OTHER_BIRTH_DATE])
def test_an_unsure_person_is_a_question_and_nothing_is_written(sight: Sight) -> None:
    decision = decided(case(mirror={}), RegistryView(sight, NOW, candidates=(person().personal_number,)))
    assert decision.wishes == ()
    assert asked(decision) == [WorkItemKind.CONFIRM_IDENTITY]
    assert "candidate.1" in decision.asks[0].values


def test_two_active_registrations_are_for_a_person_to_choose_from() -> None:
    second = registration(registration_id=RegistrationId("AD000002"))
    decision = decided(case(mirror={}), view(person(registration(), second)))
    assert decision.wishes == ()
    assert asked(decision) == [WorkItemKind.CHOOSE_REGISTRATION]


def test_a_name_that_differs_at_first_sight_is_a_conflict() -> None:
    decision = decided(case(), view(person(family_name="Rey")))
    assert asked(decision) == [WorkItemKind.RESOLVE_CONFLICT]
    assert decision.asks[0].values["plasta.family_name"] == "rey"
    assert decision.findings[0].treatment is Treatment.CONFLICT


def test_a_name_that_the_cii_software_corrected_is_corrected_in_plasta_by_hand() -> None:
    old = {"family_name": "rey", "first_name": "élodie", "birth_date": "1988-04-17"}
    decision = decided(case(), view(person(family_name="Rey")), {Facet.IDENTITY: old})
    assert asked(decision) == [WorkItemKind.CORRECT_IDENTITY]


# mirrors


def test_plastas_move_is_mirrored() -> None:
    decision = decided(case(), view(person(registration(active=False))))
    wish = next(one for one in decision.wishes if one.kind is IntentKind.WRITE_BACK)
    assert wish.facet is Facet.REGISTRATION
    assert (wish.settles or {})["status"] == "inactive"
    assert wish.basis == "cii-convention"


def test_a_mirror_that_a_hand_changed_is_a_conflict_and_never_overwritten() -> None:
    other = {**MIRROR, Facet.REGISTRATION: {"status": "not_registered"}}
    decision = decided(case(mirror=mirror(other, by="anne.favre")), view())
    assert kinds(decision) == []
    assert asked(decision) == [WorkItemKind.RESOLVE_CONFLICT]


def test_a_withdrawn_deregistration_empties_its_mirror() -> None:
    held = {**MIRROR, Facet.DEREGISTRATION: {"effective": "2026-11-30", "job_found": "yes"}}
    decision = decided(case(mirror=mirror(held)), view())
    assert [(wish.facet, wish.settles) for wish in decision.wishes] == [(Facet.DEREGISTRATION, {})]


# consent


def test_without_a_basis_nothing_is_compared_and_the_denial_is_shown() -> None:
    managed = case(procedures=(Procedure(ProcedureKind.CASE_MANAGEMENT, "open", OPENED),), procurations=())
    decision = decided(managed, view())
    assert decision.wishes == ()
    assert decision.findings[0].finding is Finding.NOT_ALLOWED
    assert asked(decision) == [WorkItemKind.PROCURATION_NEEDED]


def test_the_duty_to_register_does_not_show_identity_or_deregistration() -> None:
    ended = view(person(registration(deregistration=JOB_FOUND), family_name="Rey"))
    decision = decided(case(procurations=()), ended)
    assert asked(decision) == []
    assert not any(wish.facet is Facet.DEREGISTRATION for wish in decision.wishes)
    assert [one.facet for one in decision.findings if one.finding is Finding.NOT_ALLOWED] == [Facet.IDENTITY]


# C10, C13


def test_c10_the_tandems_word_sends_one_mail_to_office_and_coordinator() -> None:
    decision = decided(case(reinsertion=WORD), view())
    mails = [wish for wish in decision.wishes if wish.kind is IntentKind.SEND_MAIL]
    assert [mail.payload["recipient"] for mail in mails] == ["cii-office", "coordinator-sion"]
    assert len({mail.payload["message_id"] for mail in mails}) == 1
    assert len({mail.key for mail in mails}) == 2
    assert all((mail.payload["to"], mail.payload["cc"]) == ("cii-office", "coordinator-sion") for mail in mails)


def test_c10_a_corrected_date_is_no_second_mail() -> None:
    later = Reinsertion(TODAY, TeamRole.CMS_RESPONDENT)
    first, second = decided(case(reinsertion=WORD), view()), decided(case(reinsertion=later), view())
    assert [wish.key for wish in first.wishes] == [wish.key for wish in second.wishes]


def test_c10_what_was_confirmed_before_the_start_of_this_flow_is_not_mailed() -> None:
    modes = {**ALL_ACTIVE, (Facet.REINSERTION, Target.MAIL): Mode(active=True, since=TODAY)}
    assert decided(case(reinsertion=WORD), view(), context=replace(CONTEXT, modes=modes)).wishes == ()


def test_c10_a_deregistration_with_a_job_alone_is_a_question() -> None:
    ended = view(person(registration(active=False, deregistration=JOB_FOUND)))
    decision = decided(case(), ended)
    assert WorkItemKind.CONFIRM_REINSERTION in asked(decision)
    assert WorkItemKind.REGISTER_PERSON not in asked(decision), "nobody is asked to register who found a job"
    assert IntentKind.SEND_MAIL not in kinds(decision)
    assert IntentKind.SEND_MAIL in kinds(decided(case(), ended, context=with_rules(reinsertion_auto=True)))


@pytest.mark.parametrize(
    "hint",
    [
        Deregistration(TODAY + timedelta(days=20), True, "ABMELDEGRUND", "1"),
        Deregistration(TODAY - timedelta(days=3), False, "ABMELDEGRUNDOHNESTELLE", "7"),
    ],
    ids=["lies ahead", "no job"],
)
def test_c10_a_hint_that_is_not_a_reinsertion_asks_nothing(hint: Deregistration) -> None:
    decision = decided(case(), view(person(registration(deregistration=hint))))
    assert WorkItemKind.CONFIRM_REINSERTION not in asked(decision)
    if hint.effective_on > TODAY:
        assert decision.recheck_on == hint.effective_on


def test_c10_a_newer_registration_takes_the_hint_away() -> None:
    old = registration(registration_id=RegistrationId("AD000000"), active=False, deregistration=JOB_FOUND)
    assert WorkItemKind.CONFIRM_REINSERTION not in asked(decided(case(), view(person(old, registration()))))


def test_c13_closed_for_a_job_but_active_in_plasta_is_a_conflict_for_the_coordinator() -> None:
    agreed = {Facet.KEYWORD: keyword_of("AD000001", present=False)}
    gone = mirror({**MIRROR, Facet.KEYWORD_STATE: {"present": "no"}})
    decision = decided(closed_case(mirror=gone), view(person(registration(has_keyword=False))), agreed)
    assert asked(decision) == [WorkItemKind.RESOLVE_CONFLICT]
    assert decision.asks[0].values == {"cii.exit": "employment", "plasta.status": "registered"}


def test_a_procuration_that_ends_makes_the_case_due_again() -> None:
    ending = case(procurations=(procuration(valid_to=TODAY),))
    assert decided(ending, view()).recheck_on == TODAY + timedelta(days=1)
