"""C10 on demand: the tandem's word becomes one mail, however often it is told, and none that nobody wants any more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases import Reinsertion, TeamRole
from domain.errors import CredentialsError, NotFoundError, UnavailableError
from domain.facets import Facet, Target
from domain.intents import IntentKind, IntentState
from domain.people import CaseId
from domain.registrations import Deregistration
from pipelines import reinsertion_notice
from tests.builders import CASE_ID, TODAY, case, person, registration
from tests.pipelines.world import World

WORD = Reinsertion(TODAY - timedelta(days=1), TeamRole.ORP_RESPONDENT, TODAY)
MAILS = (Facet.REINSERTION, Target.MAIL)
JOB_FOUND = Deregistration(TODAY - timedelta(days=3), True, "ABMELDEGRUND", "1", TODAY)


@pytest.fixture
def confirmed(world: World) -> World:
    """A case whose tandem confirmed the reinsertion."""
    world.cii.put(case(reinsertion=WORD))
    return world


def test_the_word_becomes_a_mail_to_the_office_and_the_coordinator(confirmed: World) -> None:
    mails = reinsertion_notice.run(CASE_ID, confirmed.needs)
    assert {one.wish.payload["recipient"] for one in mails} == {"cii-office", "coordinator-sion"}
    assert {one.state for one in mails} == {IntentState.READY}
    confirmed.send()
    told = confirmed.mailer.taken[0][0].fields
    assert told["confirmed_on"] == "2026-11-21"
    assert (told["confirmed_by"], told["start_of_work"], told["region"]) == ("orp_respondent", "2026-11-22", "sion")


def test_told_twice_is_mailed_once(confirmed: World) -> None:
    first = reinsertion_notice.run(CASE_ID, confirmed.needs)
    confirmed.send()
    second = reinsertion_notice.run(CASE_ID, confirmed.needs)
    confirmed.send()
    assert [one.intent_id for one in second] == [one.intent_id for one in first]
    assert len(confirmed.mailer.taken) == 2


def test_a_notice_and_a_night_together_mail_once(confirmed: World) -> None:
    reinsertion_notice.run(CASE_ID, confirmed.needs)
    confirmed.night()
    confirmed.settle()
    confirmed.night()
    confirmed.settle()
    assert len([mail for mail, _ in confirmed.mailer.taken if mail.template == "reinsertion_confirmation"]) == 2


def test_what_was_confirmed_before_the_flow_began_is_not_mailed(confirmed: World) -> None:
    confirmed.switch(MAILS, since=TODAY)
    assert reinsertion_notice.run(CASE_ID, confirmed.needs) == []


def test_what_was_confirmed_on_the_first_day_is_mailed(confirmed: World) -> None:
    confirmed.switch(MAILS, since=WORD.confirmed_on)
    assert len(reinsertion_notice.run(CASE_ID, confirmed.needs)) == 2


def test_while_only_observed_nothing_is_mailed_and_the_finding_says_so(confirmed: World) -> None:
    confirmed.switch(MAILS, active=False)
    assert reinsertion_notice.run(CASE_ID, confirmed.needs) == []
    found = confirmed.needs.cases.findings(CASE_ID)  # type: ignore[attr-defined]
    assert [one.finding.why for one in found if one.finding.facet is Facet.REINSERTION] == [
        "observed: the mail would be sent"
    ] * 2


def test_a_word_taken_back_before_it_was_sent_is_not_mailed(confirmed: World) -> None:
    reinsertion_notice.run(CASE_ID, confirmed.needs)
    confirmed.change_case(lambda one: replace(one, reinsertion=None))
    reinsertion_notice.run(CASE_ID, confirmed.needs)
    assert confirmed.send() == {"overtaken": 2}
    assert confirmed.mailer.taken == []


def test_a_word_taken_back_and_given_again_is_mailed_once(confirmed: World) -> None:
    reinsertion_notice.run(CASE_ID, confirmed.needs)
    confirmed.change_case(lambda one: replace(one, reinsertion=None))
    reinsertion_notice.run(CASE_ID, confirmed.needs)
    confirmed.send()
    confirmed.change_case(lambda one: replace(one, reinsertion=WORD))
    reinsertion_notice.run(CASE_ID, confirmed.needs)
    confirmed.send()
    assert len(confirmed.mailer.taken) == 2


def test_a_case_without_a_word_has_no_mail(world: World) -> None:
    world.cii.put(case())
    assert reinsertion_notice.run(CASE_ID, world.needs) == []


def test_a_case_that_nobody_knows_is_an_error(world: World) -> None:
    with pytest.raises(NotFoundError):
        reinsertion_notice.run(CaseId("CII-2026-000404"), world.needs)


def test_a_wrong_login_at_the_cii_software_halts_it_and_is_raised(confirmed: World) -> None:
    confirmed.cii.faults.fail("case", CredentialsError("locked", system="cii"))
    with pytest.raises(CredentialsError):
        reinsertion_notice.run(CASE_ID, confirmed.needs)
    with pytest.raises(UnavailableError, match="halted since"):
        reinsertion_notice.run(CASE_ID, confirmed.needs)
    assert confirmed.cii.faults.calls["case"] == 1


def test_the_automatic_mail_says_that_plasta_alone_said_so(world: World) -> None:
    world.rules(reinsertion_auto=True)
    world.cii.put(case())
    world.plasta.put(person(registration(active=False, deregistration=JOB_FOUND)))
    world.night()
    world.settle()
    told = [mail.fields for mail, _ in world.mailer.taken if mail.template == "reinsertion_confirmation"]
    assert [(one["confirmed_by"], one["start_of_work"]) for one in told] == [("plasta", "2026-11-22")] * 2


def test_the_tandems_word_after_the_automatic_mail_is_no_second_mail(world: World) -> None:
    world.rules(reinsertion_auto=True)
    world.cii.put(case())
    world.plasta.put(person(registration(active=False, deregistration=JOB_FOUND)))
    world.night()
    world.settle()
    world.change_case(lambda one: replace(one, reinsertion=WORD))
    world.night()
    world.settle()
    assert len(world.intents(kind=IntentKind.SEND_MAIL)) == 2
