"""Mails as effects: one per recipient, a lost answer held and shown, the same Message-ID on every repeat (F57)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases import Reinsertion, TeamRole
from domain.consent_terms import Recipient
from domain.errors import UnavailableError
from domain.facets import Language
from domain.intents import BEGINNING_NOTED, IntentKind, IntentState
from domain.mail import Mailbox
from domain.work_items import WorkItemKind
from pipelines.dispatch import dispatch
from pipelines.effects.effect import EFFECTS
from pipelines.effects.mail import SendMail
from pipelines.reinsertion_decision import CONFIRMATION
from tests.builders import CASE_ID, TODAY, Institutions, case, person
from tests.pipelines.world import LEASE, WORKER, World

KIND = IntentKind.SEND_MAIL


@pytest.fixture
def told(world: World) -> World:
    """The tandem confirmed a reinsertion; both mails are decided on, not sent yet."""
    world.cii.put(case(reinsertion=Reinsertion(TODAY, TeamRole.ORP_RESPONDENT)))
    world.plasta.put(person())
    world.night()
    return world


def recipients(world: World) -> list[str]:
    """Who a mail was handed over for."""
    return sorted(recipient.address for _, recipient in world.mailer.taken)


def test_each_recipient_has_an_intent_and_all_of_them_the_same_mail(told: World) -> None:
    assert told.send() == {"done": 2}
    assert recipients(told) == ["cii-office@vs.example", "coordinator-sion@vs.example"]
    first, second = (mail for mail, _ in told.mailer.taken)
    assert first == second
    assert first.message_id == f"<reinsertion-confirmation.{CASE_ID}.2026-09-01@cii-sync.example>"
    assert [box.address for box in first.reply_to] == ["anne.favre@orp.example", "luc.rey@cms.example"]


def test_f57_a_mail_whose_answer_was_lost_is_held_with_one_work_item_and_never_sent_again(told: World) -> None:
    told.mailer.faults.lose_answer("send")
    told.settle()
    told.clock.wait(86400)
    told.night()
    told.settle()
    assert len(recipients(told)) == len(set(recipients(told))) == 2
    assert sorted(one.state for one in told.intents(kind=KIND)) == [IntentState.DONE, IntentState.UNKNOWN]
    assert told.asked() == [WorkItemKind.SETTLE_UNKNOWN]
    assert told.needs.intents.next_due() is None


@pytest.mark.parametrize(("arrived", "sent"), [(True, 2), (False, 3)])
def test_f57_a_person_says_whether_it_arrived(told: World, *, arrived: bool, sent: int) -> None:
    told.mailer.faults.lose_answer("send")
    told.settle()
    (held,) = told.intents(IntentState.UNKNOWN)
    answered = told.needs.intents.answer_unknown(held.intent_id, told.clock(), "test", "seen", arrived=arrived)
    told.settle()
    assert answered
    assert len(told.mailer.taken) == sent
    assert {one.state for one in told.intents(kind=KIND)} == {IntentState.DONE}


def test_f57_a_kind_of_mail_that_may_go_again_goes_with_the_same_message_id(told: World) -> None:
    told.rules(resent_mails=frozenset({CONFIRMATION}))
    told.mailer.faults.lose_answer("send")
    told.settle()
    assert len(told.mailer.taken) == 3, "one of the two twice"
    assert len({mail.message_id for mail, _ in told.mailer.taken}) == 1
    assert len({mail.written_at for mail, _ in told.mailer.taken}) == 1, "its Date does not move either"
    assert told.asked() == []


def test_f57_a_worker_that_died_over_a_mail_leaves_a_doubt_and_no_second_mail(told: World) -> None:
    claims = told.needs.intents.claim(told.clock(), LEASE, 10, "died")
    told.needs.intents.renew(claims, told.clock() + LEASE, beginning=True)
    told.clock.now += LEASE + timedelta(seconds=1)
    told.settle()
    assert (len(claims), told.mailer.taken) == (2, [])
    assert {(one.state, one.last_code) for one in told.intents(kind=KIND)} == {(IntentState.UNKNOWN, "held")}
    assert told.asked() == [WorkItemKind.SETTLE_UNKNOWN] * 2


def test_f57_a_worker_that_died_before_it_began_leaves_no_doubt_and_asks_nobody(told: World) -> None:
    claims = told.needs.intents.claim(told.clock(), LEASE, 10, "died")
    told.clock.now += LEASE + timedelta(seconds=1)
    told.settle()
    assert (len(claims), len(told.mailer.taken)) == (2, 2)
    assert {one.state for one in told.intents(kind=KIND)} == {IntentState.DONE}
    assert told.asked() == []


def test_the_beginning_is_noted_where_no_look_can_clear_a_doubt(told: World) -> None:
    assert {kind for kind, made in EFFECTS.items() if not made(told.needs).proves_absence} == BEGINNING_NOTED


def test_f58_a_recipient_who_is_refused_for_now_does_not_stop_the_other(told: World) -> None:
    told.mailer.faults.fail("send", UnavailableError("greylisted", system="mail", code="451"))
    assert dispatch(told.needs, WORKER).outcomes == {"retry_at": 1, "done": 1}
    told.settle()
    assert recipients(told) == ["cii-office@vs.example", "coordinator-sion@vs.example"]


class OfficeWithoutMail(Institutions):
    """A registry whose CII office has no mailbox."""

    def mailbox(self, institution: str) -> Mailbox | None:
        """Everybody's but the office's."""
        return None if institution == "cii-office" else super().mailbox(institution)


def test_an_institution_without_a_mailbox_is_a_fault_of_the_settings_and_halts_mails_once(told: World) -> None:
    told.needs = replace(told.needs, institutions=OfficeWithoutMail())
    told.send()
    assert told.mailer.taken == []
    assert [(bar.target, bar.kind) for bar in told.needs.switches.bars()] == [("mail", KIND)]
    assert told.asked() == [WorkItemKind.TARGET_HALTED]


class GermanCoordinator(Institutions):
    """A registry whose coordinator reads German."""

    def mailbox(self, institution: str) -> Mailbox | None:
        """In German for the coordination."""
        box = super().mailbox(institution)
        german = box is not None and institution.startswith("coordinator-")
        return replace(box, language=Language.DE) if box is not None and german else box


def test_two_languages_make_one_bilingual_mail_the_first_recipients_language_first(told: World) -> None:
    told.needs = replace(told.needs, institutions=GermanCoordinator())
    told.send()
    assert {mail.languages for mail, _ in told.mailer.taken} == {(Language.FR, Language.DE)}


class CoordinatorOutside(Institutions):
    """A registry whose coordination is not part of the CII."""

    def recipient(self, institution: str) -> Recipient:
        """A stranger to the gate."""
        known = super().recipient(institution)
        return replace(known, inside=False) if institution.startswith("coordinator-") else known


def test_c10_a_recipient_without_a_basis_gets_nothing_and_the_other_his_mail(world: World) -> None:
    world.needs = replace(world.needs, institutions=CoordinatorOutside())
    world.cii.put(case(reinsertion=Reinsertion(TODAY, TeamRole.ORP_RESPONDENT)))
    world.plasta.put(person())
    world.night()
    world.settle()
    assert recipients(world) == ["cii-office@vs.example"]


def test_a_mail_to_one_institution_alone_has_no_copy(world: World) -> None:
    world.cii.put(case(mirror={}))
    world.night()
    world.settle()
    (mail,) = (mail for mail, _ in world.mailer.taken)
    assert ([box.address for box in mail.to], mail.cc) == (["orp-sion@vs.example"], ())
    assert mail.template == "registration_wanted"


def test_nobody_can_look_whether_a_mail_arrived(told: World) -> None:
    facts = told.needs.cases.facts([CASE_ID])[CASE_ID]
    with pytest.raises(AssertionError):
        SendMail(told.needs).look(told.intents(kind=KIND)[0], facts)
