"""One mail, one recipient, one conversation: what the connector concludes from what the server does."""

import pytest

from connectors.mail.message import build, sender_mailbox
from domain.errors import (
    ContractBrokenError,
    CredentialsError,
    InvalidRecordError,
    MisconfiguredError,
    OutcomeUnknownError,
    RefusedError,
    SyncError,
    ThrottledError,
    UnavailableError,
)
from domain.facets import Language
from domain.mail import Mailbox
from domain.ports import Mailer
from sandbox.faults import Fault
from sandbox.mailbox import MailboxService
from tests.connectors.mail.conftest import COORDINATOR, NOW, OFFICE, REINSERTION, mailer_to

# aiosmtpd warns of a login without TLS, which is what a stand-in on this machine offers.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def test_the_connector_is_a_mailer() -> None:
    mailer: Mailer = mailer_to(25)
    assert mailer.check().system == "mail"


def test_an_accepted_mail_is_proven_by_the_servers_words_and_stands_in_its_ledger(mailbox: MailboxService) -> None:
    acceptance = mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE)
    assert (acceptance.code, acceptance.text, acceptance.at) == (250, "2.0.0 Ok: queued as 1", NOW)
    assert list(mailbox.ledger.effects_by_key()) == [f"{REINSERTION.message_id} {OFFICE.address}"]


def test_the_server_holds_the_very_bytes_that_were_built(mailbox: MailboxService) -> None:
    mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE)
    assert mailbox.mails[0].raw == build(REINSERTION, sender_mailbox("sync@cii.example", "CII Valais / IIZ Wallis"))
    assert mailbox.mails[0].sender == "sync@cii.example"


def test_both_recipients_get_the_same_message_in_two_envelopes(mailbox: MailboxService) -> None:
    mailer = mailer_to(mailbox.smtp_port)
    for recipient in (OFFICE, COORDINATOR):
        mailer.send(REINSERTION, recipient)
    first, second = mailbox.mails
    assert first.raw == second.raw
    assert [first.recipient, second.recipient] == [OFFICE.address, COORDINATOR.address]
    assert (first.header("To"), first.header("Cc")) == (
        '"Bureau CII" <bureau@cii.example>',
        '"Koordination Oberwallis" <koordination@oberwallis.example>',
    )
    assert first.header("Reply-To") == "Inès Perren <ines.perren@orp.example>"


def test_bounces_go_to_the_return_path(mailbox: MailboxService) -> None:
    mailer_to(mailbox.smtp_port, envelope_sender="bounces@cii.example").send(REINSERTION, OFFICE)
    assert mailbox.mails[0].sender == "bounces@cii.example"


def test_a_recipient_who_is_not_shown_in_the_mail_is_not_served(mailbox: MailboxService) -> None:
    with pytest.raises(InvalidRecordError, match="recipient"):
        mailer_to(mailbox.smtp_port).send(REINSERTION, Mailbox("stranger@other.example", "", Language.FR))
    assert mailbox.mails == ()


def test_f57_dropped_after_taking_and_before_250_is_unknown_and_the_server_holds_one(mailbox: MailboxService) -> None:
    mailbox.faults.switch_on(Fault("cut_after_effect", count=1))
    with pytest.raises(OutcomeUnknownError) as caught:
        mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE)
    assert len(mailbox.mails) == 1
    assert caught.value.reference == REINSERTION.message_id


def test_a_repeat_after_a_lost_answer_is_the_same_mail_byte_for_byte(mailbox: MailboxService) -> None:
    mailbox.faults.switch_on(Fault("cut_after_effect", count=1))
    mailer = mailer_to(mailbox.smtp_port)
    with pytest.raises(OutcomeUnknownError):
        mailer.send(REINSERTION, OFFICE)
    mailer.send(REINSERTION, OFFICE)
    assert mailbox.mails[0].raw == mailbox.mails[1].raw
    assert [len(effects) for effects in mailbox.ledger.effects_by_key().values()] == [2]


UNKNOWN = ("cut_after_effect", "cut_before_effect", "stall_after_effect", "truncated_body", "html_page_200")


@pytest.mark.parametrize("kind", UNKNOWN)
def test_no_clear_answer_after_the_dot_is_unknown(mailbox: MailboxService, kind: str) -> None:
    mailbox.faults.switch_on(Fault(kind, seconds=0.1))
    with pytest.raises(OutcomeUnknownError):
        mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE)


def test_a_server_that_takes_the_mail_and_never_answers_is_unknown_after_our_wait(mailbox: MailboxService) -> None:
    mailbox.faults.switch_on(Fault("stall_after_effect", seconds=60))
    with pytest.raises(OutcomeUnknownError):
        mailer_to(mailbox.smtp_port, reply_timeout=0.3).send(REINSERTION, OFFICE)
    assert len(mailbox.mails) == 1


def test_an_answer_that_drips_beyond_the_deadline_is_unknown(mailbox: MailboxService) -> None:
    mailbox.faults.switch_on(Fault("drip", seconds=0.2))
    with pytest.raises(OutcomeUnknownError):
        mailer_to(mailbox.smtp_port, deadline=0.5).send(REINSERTION, OFFICE)


@pytest.mark.parametrize("kind", ["slow", "late_effect"])
def test_a_slow_server_within_the_deadline_is_waited_for(mailbox: MailboxService, kind: str) -> None:
    mailbox.faults.switch_on(Fault(kind, seconds=0.2))
    assert mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE).code == 250


PROVEN: list[tuple[Fault, type[SyncError], str]] = [
    (Fault("greylist"), ThrottledError, "450"),
    (Fault("greylist", code="421"), UnavailableError, "421"),
    (Fault("recipient_refused"), RefusedError, "550"),
    (Fault("sender_refused"), MisconfiguredError, "553"),
    (Fault("sender_refused", code="530"), CredentialsError, "530"),
    (Fault("content_deferred"), ThrottledError, "451"),
    (Fault("content_refused"), RefusedError, "554"),
    (Fault("closing_in_data"), UnavailableError, "421"),
    (Fault("service_refused"), ContractBrokenError, "554"),
    (Fault("service_refused", code="421"), UnavailableError, "421"),
    (Fault("cut_after_effect", operations="connect"), UnavailableError, "ConnectionResetError"),
    (Fault("cut_after_effect", operations="mail"), UnavailableError, "ConnectionResetError"),
    (Fault("cut_after_effect", operations="rcpt"), UnavailableError, "ConnectionResetError"),
    (Fault("truncated_body", operations="rcpt"), UnavailableError, "SMTPServerDisconnected"),
    (Fault("html_page_200", operations="connect"), UnavailableError, "SMTPServerDisconnected"),
]


@pytest.mark.parametrize(("fault", "family", "code"), PROVEN, ids=lambda value: str(getattr(value, "kind", value)))
def test_f58_what_is_proven_not_taken(
    mailbox: MailboxService, fault: Fault, family: type[SyncError], code: str
) -> None:
    mailbox.faults.switch_on(fault)
    with pytest.raises(SyncError) as caught:
        mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE)
    assert (type(caught.value), caught.value.code) == (family, code)
    assert mailbox.mails == ()


def test_f58_one_refused_recipient_does_not_touch_the_other(mailbox: MailboxService) -> None:
    mailbox.faults.switch_on(Fault("recipient_refused", keys=(OFFICE.address,)))
    mailer = mailer_to(mailbox.smtp_port)
    with pytest.raises(RefusedError):
        mailer.send(REINSERTION, OFFICE)
    mailer.send(REINSERTION, COORDINATOR)
    assert [mail.recipient for mail in mailbox.mails] == [COORDINATOR.address]


def test_ten_percent_lost_answers_each_show_as_unknown_and_none_is_hidden(mailbox: MailboxService) -> None:
    mailbox.faults.switch_on(Fault("cut_after_effect", probability=0.1, seed=7))
    mailer = mailer_to(mailbox.smtp_port)
    unknown = 0
    for _ in range(60):
        try:
            mailer.send(REINSERTION, OFFICE)
        except OutcomeUnknownError:
            unknown += 1
    assert 1 <= unknown <= 15
    assert len(mailbox.mails) == 60


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with MailboxService() as gone:
        port = gone.smtp_port
    with pytest.raises(UnavailableError):
        mailer_to(port).send(REINSERTION, OFFICE)


def test_errors_carry_neither_an_address_nor_the_servers_words(mailbox: MailboxService) -> None:
    mailbox.faults.switch_on(Fault("recipient_refused"))
    with pytest.raises(RefusedError) as caught:
        mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE)
    told = f"{caught.value!s} {caught.value!r} {caught.value.__cause__!r}"
    assert "@" not in told.replace(REINSERTION.message_id, "")
    assert "no such mailbox" not in told


def test_signing_in_happens_once_and_a_refusal_is_not_tried_again() -> None:
    with MailboxService(credentials=("cii-sync", "right")) as mailbox:
        with pytest.raises(CredentialsError) as caught:
            mailer_to(mailbox.smtp_port, username="cii-sync", password="wrong").send(REINSERTION, OFFICE)
        assert caught.value.code == "535"
        assert mailbox.ledger.calls()["auth"] == 1
        mailer_to(mailbox.smtp_port, username="cii-sync", password="right").send(REINSERTION, OFFICE)
        assert len(mailbox.mails) == 1


def test_a_password_beyond_ascii_signs_in() -> None:
    with MailboxService(credentials=("cii-sync", "Zürich à 6 h")) as mailbox:
        mailer_to(mailbox.smtp_port, username="cii-sync", password="Zürich à 6 h").send(REINSERTION, OFFICE)
        assert len(mailbox.mails) == 1


def test_a_login_that_the_server_wants_and_we_do_not_give_is_a_credentials_fault() -> None:
    with MailboxService(credentials=("cii-sync", "right")) as mailbox, pytest.raises(CredentialsError):
        mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE)


def test_check_goes_up_to_the_mail_and_sends_none(mailbox: MailboxService) -> None:
    result = mailer_to(mailbox.smtp_port).check()
    assert (result.system, result.ok) == ("mail", True)
    assert "mail" not in mailbox.ledger.calls()
    assert mailbox.mails == ()


def test_check_says_what_to_do_when_the_login_is_wrong() -> None:
    with MailboxService(credentials=("cii-sync", "right")) as mailbox:
        result = mailer_to(mailbox.smtp_port, username="cii-sync", password="wr0ng-canary").check()
    assert not result.ok
    assert "mail.password" in result.message
    assert "wr0ng-canary" not in result.message
