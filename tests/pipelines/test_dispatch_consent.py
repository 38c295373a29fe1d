"""Consent is asked again when something is sent: what lost its basis waits, and goes when one arrives (F68)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases import CaseFile, Procedure, ProcedureKind, Reinsertion, TeamRole
from domain.consent_terms import SHIPPED_STATUTES
from domain.facets import Facet
from domain.intents import IntentKind, IntentState
from domain.registrations import Deregistration
from domain.work_items import WorkItemKind
from tests.builders import CASE_ID, MIRROR, OPENED, TODAY, case, mirror, person, procuration, registration
from tests.pipelines.world import World

NARROW = procuration(procuration_id="P2")
MANAGED = (Procedure(ProcedureKind.CASE_MANAGEMENT, "open", OPENED),)
REGISTERED = {Facet.REGISTRATION: MIRROR[Facet.REGISTRATION]}


def without_statutes(world: World) -> None:
    """Only procurations carry anything."""
    world.rules(statutes=())


def revoke(one: CaseFile) -> CaseFile:
    """The person takes every procuration back, today."""
    return replace(one, procurations=tuple(replace(paper, revoked_on=TODAY) for paper in one.procurations))


@pytest.fixture
def queued(world: World) -> World:
    """A keyword decided on under a procuration, not sent yet."""
    without_statutes(world)
    world.cii.put(case(mirror=mirror(REGISTERED)))
    world.plasta.put(person(registration(has_keyword=False)))
    world.night()
    return world


def stands(world: World) -> tuple[IntentState, str]:
    """Where the keyword stands, and why."""
    intent = world.intent()
    return intent.state, intent.last_code


def test_f68_a_basis_revoked_between_queueing_and_sending_parks_and_nothing_is_sent(queued: World) -> None:
    queued.needs.cases.save_case(revoke(queued.cii.cases[CASE_ID]), queued.clock())
    queued.plasta.faults.calls.clear()
    assert queued.send() == {"parked": 1}
    assert stands(queued) == (IntentState.PARKED, "consent")
    assert queued.plasta.faults.calls == {}
    assert queued.asked() == [WorkItemKind.PROCURATION_NEEDED], "asked for once, by the decision"


def test_f68_a_basis_that_expires_while_the_intent_waits_parks_it(queued: World) -> None:
    queued.clock.now += timedelta(days=300)
    assert queued.send() == {"parked": 1}
    assert (queued.plasta.written, stands(queued)) == ([], (IntentState.PARKED, "consent"))


def test_f68_when_a_new_basis_arrives_what_waited_goes_once(queued: World) -> None:
    queued.change_case(revoke)
    queued.night()
    queued.send()
    assert stands(queued) == (IntentState.PARKED, "consent")
    queued.change_case(lambda one: replace(one, procurations=(*one.procurations, NARROW)))
    queued.night()
    queued.settle()
    assert stands(queued)[0] is IntentState.DONE
    assert queued.plasta.written == [("add_keyword", "AD000001")]
    assert queued.asked() == []


def test_the_basis_of_today_is_kept_with_what_is_sent(queued: World) -> None:
    assert queued.intent().wish.basis == "procuration:P1"
    queued.change_case(revoke)
    queued.night()
    queued.send()
    queued.change_case(lambda one: replace(one, procurations=(*one.procurations, NARROW)))
    queued.night()
    assert queued.intent().wish.basis == "procuration:P2"


def test_a_statute_carries_the_keyword_on_when_the_procuration_is_revoked(queued: World) -> None:
    queued.rules(statutes=SHIPPED_STATUTES)
    queued.change_case(revoke)
    queued.night()
    queued.settle()
    assert queued.plasta.written == [("add_keyword", "AD000001")]


def test_a_deregistration_loses_its_basis_and_its_write_back_is_not_sent(world: World) -> None:
    hint = Deregistration(TODAY, False, "ABMELDEGRUNDOHNESTELLE", "7")
    world.cii.put(case())
    world.plasta.put(person(registration(deregistration=hint)))
    world.night()
    world.needs.cases.save_case(revoke(world.cii.cases[CASE_ID]), world.clock())
    world.settle()
    assert world.intent(IntentKind.WRITE_BACK).state is IntentState.OVERTAKEN
    assert world.cii.written == [], "the duty to register covers no de-registration"


def test_a_reinsertion_mail_whose_basis_is_gone_waits_parked(world: World) -> None:
    word = Reinsertion(TODAY, TeamRole.ORP_RESPONDENT)
    world.cii.put(case(procedures=MANAGED, procurations=(), reinsertion=word, mirror={}))
    world.night()
    without_statutes(world)
    world.settle()
    assert {(one.state, one.last_code) for one in world.intents()} == {(IntentState.PARKED, "consent")}
    assert world.mailer.taken == []


def test_a_mirror_without_a_basis_to_tell_the_cii_software_is_shown_and_not_written(world: World) -> None:
    only_duty = world.needs.rules.statutes[:1]
    world.rules(statutes=only_duty)
    world.cii.put(case(mirror={}))
    world.plasta.put(person())
    world.night()
    world.settle()
    assert world.cii.written == []
    assert world.intents(kind=IntentKind.WRITE_BACK) == []
