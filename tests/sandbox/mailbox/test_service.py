"""The mailbox over its two ports, driven by the standard library's SMTP client: a stand-in for any client."""

import json
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.request import Request, urlopen

import pytest
import trustme

from sandbox.faults import Fault, UnknownFaultError
from sandbox.mailbox import MailboxService

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture
def mailbox() -> Iterator[MailboxService]:
    with MailboxService() as service:
        yield service


def letter(
    subject: str = "Réinsertion confirmée – dossier CII-2026-000123", html: str = "<p>Grüezi</p>"
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "sync@cii.example"
    message["To"] = "bureau@cii.example"
    message["Subject"] = subject
    message["Message-ID"] = "<one@cii.example>"
    message.set_content("Bonjour à tous\n.un point\n")
    message.add_alternative(html, subtype="html")
    return message


@contextmanager
def client(service: MailboxService) -> Iterator[smtplib.SMTP]:
    connection = smtplib.SMTP("127.0.0.1", service.smtp_port, local_hostname="client.example", timeout=5)
    try:
        yield connection
    finally:
        connection.close()


def send(service: MailboxService, *recipients: str, message: EmailMessage | None = None) -> None:
    with client(service) as connection:
        connection.send_message(message or letter(), to_addrs=recipients or ("bureau@cii.example",))


def fetch(url: str, method: str = "GET", body: object = None) -> tuple[int, str, str]:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, method=method), timeout=5) as answer:  # noqa: S310 (our own loopback service)
        return answer.status, answer.headers["Content-Security-Policy"] or "", answer.read().decode()


def test_a_mail_is_kept_as_it_came(mailbox: MailboxService) -> None:
    send(mailbox)
    (mail,) = mailbox.mails
    assert mail.subject == "Réinsertion confirmée – dossier CII-2026-000123"
    assert mail.text == "Bonjour à tous\n.un point\n"
    assert mail.html == "<p>Grüezi</p>\n"
    assert (mail.sender, mail.recipient, mail.message_id) == (
        "sync@cii.example",
        "bureau@cii.example",
        "<one@cii.example>",
    )


def test_one_effect_per_message_id_and_envelope_recipient_and_doubles_show(mailbox: MailboxService) -> None:
    send(mailbox, "a@cii.example", "b@cii.example")
    send(mailbox, "a@cii.example")
    keys = {key: len(effects) for key, effects in mailbox.ledger.effects_by_key().items()}
    assert keys == {"<one@cii.example> a@cii.example": 2, "<one@cii.example> b@cii.example": 1}


def test_the_pages_show_a_mail_without_running_it(mailbox: MailboxService) -> None:
    send(mailbox, message=letter("<b>x</b>", '<script>alert("1")</script><img src="http://elsewhere.example/">'))
    _, _, listed = fetch(f"{mailbox.url}/")
    status, policy, shown = fetch(f"{mailbox.url}/mails/1")
    assert status == 200
    assert "default-src 'none'" in policy
    assert "<script>" not in shown
    assert "<img" not in shown
    assert 'sandbox=""' in shown
    assert "&lt;script&gt;" in shown
    assert "<b>x" not in listed + shown
    assert "Bonjour à tous" in shown


def test_the_raw_bytes_can_be_read(mailbox: MailboxService) -> None:
    send(mailbox)
    assert "Message-ID: <one@cii.example>" in fetch(f"{mailbox.url}/mails/1/raw")[2]


@pytest.mark.parametrize("path", ["/mails/2", "/mails/0", "/mails/x", "/mails/²", "/elsewhere", "/mails/1/other"])
def test_any_other_address_is_not_found(mailbox: MailboxService, path: str) -> None:
    send(mailbox)
    with pytest.raises(OSError, match="404"):
        fetch(mailbox.url + path.replace("²", "%C2%B2"))


def test_an_empty_mailbox_says_so(mailbox: MailboxService) -> None:
    assert "Aucun mail" in fetch(f"{mailbox.url}/")[2]


def test_mails_and_ledger_as_json(mailbox: MailboxService) -> None:
    send(mailbox)
    mails = json.loads(fetch(f"{mailbox.url}/_sandbox/mails")[2])["mails"]
    assert [(mail["recipient"], mail["to"], mail["text"][:7]) for mail in mails] == [
        ("bureau@cii.example", "bureau@cii.example", "Bonjour")
    ]
    ledger = json.loads(fetch(f"{mailbox.url}/_sandbox/ledger")[2])
    assert [effect["businessKey"] for effect in ledger["effects"]] == ["<one@cii.example> bureau@cii.example"]
    assert ledger["calls"] == {"connect": 1, "mail": 1, "rcpt": 1, "deliver": 1}
    assert json.loads(fetch(f"{mailbox.url}/_sandbox/state")[2])["mails"] == mails


def test_faults_are_switched_over_http(mailbox: MailboxService) -> None:
    fetch(f"{mailbox.url}/_sandbox/faults", "POST", {"kind": "greylist", "count": 1})
    with client(mailbox) as connection:
        connection.ehlo()
        connection.mail("sync@cii.example")
        assert connection.rcpt("bureau@cii.example")[0] == 450
        assert connection.rcpt("bureau@cii.example")[0] == 250


def test_faults_that_smtp_does_not_have_are_refused(mailbox: MailboxService) -> None:
    for kind in ("http_status", "retry_after", "no_such_fault"):
        with pytest.raises(UnknownFaultError):
            mailbox.faults.switch_on(Fault(kind))


def test_a_fault_without_a_place_acts_where_it_belongs(mailbox: MailboxService) -> None:
    mailbox.faults.replace([Fault("cut_after_effect", count=1)])
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mailbox)
    assert len(mailbox.mails) == 1
    send(mailbox)
    assert len(mailbox.mails) == 2


def kept_after(mailbox: MailboxService, kind: str) -> int:
    mailbox.faults.replace([Fault(kind, seconds=0.05)])
    with pytest.raises((smtplib.SMTPException, OSError)):
        send(mailbox)
    return len(mailbox.mails)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("cut_before_effect", 0),
        ("stall", 0),
        ("content_deferred", 0),
        ("content_refused", 0),
        ("closing_in_data", 0),
        ("html_page_200", 0),
        ("recipient_refused", 0),
        ("sender_refused", 0),
        ("service_refused", 0),
        ("cut_after_effect", 1),
        ("stall_after_effect", 1),
        ("truncated_body", 1),
    ],
)
def test_each_fault_has_the_effect_that_its_name_says(mailbox: MailboxService, kind: str, kept: int) -> None:
    assert kept_after(mailbox, kind) == kept


@pytest.mark.parametrize("kind", ["slow", "late_effect", "drip"])
def test_faults_of_time_only_still_deliver(mailbox: MailboxService, kind: str) -> None:
    mailbox.faults.switch_on(Fault(kind, seconds=0.002))
    send(mailbox)
    assert len(mailbox.mails) == 1


def test_a_seeded_share_of_lost_answers_is_the_same_in_each_run() -> None:
    def lost() -> list[int]:
        with MailboxService() as service:
            service.faults.switch_on(Fault("cut_after_effect", probability=0.3, seed=11))
            found = []
            for number in range(12):
                try:
                    send(service)
                except smtplib.SMTPServerDisconnected:
                    found.append(number)
            assert len(service.mails) == 12
            return found

    first = lost()
    assert first
    assert first == lost()


def test_starttls_is_required_once_it_is_offered() -> None:
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    ca.configure_trust(trusting)
    with MailboxService(tls=context, credentials=("user", "right")) as service, client(service) as connection:
        connection.ehlo()
        assert connection.mail("sync@cii.example")[0] == 530
        connection.starttls(context=trusting)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            connection.login("user", "wrong")
        connection.login("user", "right")
        connection.send_message(letter())
        assert len(service.mails) == 1


def test_parts_that_cannot_be_read_are_still_shown(mailbox: MailboxService) -> None:
    raw = (
        b"From: a@cii.example\r\nTo: b@cii.example\r\nSubject: =?nonsense?b?!!?=\r\n"
        b"Content-Type: text/plain; charset=nonsense\r\n\r\nGr\xfcezi\r\n"
    )
    with client(mailbox) as connection:
        connection.sendmail("a@cii.example", ["b@cii.example"], raw)
    assert mailbox.mails[0].subject == "=?nonsense?b?!!?="
    assert fetch(f"{mailbox.url}/mails/1")[0] == 200


def test_stopping_ends_stalled_conversations_and_leaves_no_thread() -> None:
    before = threading.active_count()
    service = MailboxService().start()
    service.faults.switch_on(Fault("stall_after_effect", seconds=3600))
    with client(service) as connection:
        connection.ehlo()
        connection.mail("a@cii.example")
        connection.rcpt("b@cii.example")
        connection.docmd("DATA")
        connection.send(b"Subject: x\r\n\r\nx\r\n.\r\n")
        service.stop()
        service.stop()
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            connection.getreply()
    assert threading.active_count() <= before


def test_a_mailbox_that_never_started_stops_too() -> None:
    service = MailboxService()
    port = service.smtp_port
    service.stop()
    with MailboxService(smtp_port=port) as again:
        assert again.smtp_port == port


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mailbox_stopped_as_soon_as_it_started_ends_quietly() -> None:
    for _ in range(50):
        with MailboxService():
            pass
