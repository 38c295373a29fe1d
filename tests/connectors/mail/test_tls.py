"""TLS is on, verified, and never given up: F59. Certificates are made for each run by trustme."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from connectors.mail.access import Security
from connectors.mail.mailer import SmtpMailer
from domain.errors import ContractBrokenError, SettingsError, UnavailableError
from sandbox.faults import Fault
from sandbox.mailbox import MailboxService
from tests.connectors.mail.conftest import OFFICE, REINSERTION, mailer_to

# aiosmtpd does not know that a connection was TLS from its first byte.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

Start = Callable[..., MailboxService]


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(ca: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts mailboxes with a certificate and stops them all."""
    running: list[MailboxService] = []

    def started(
        certificate: trustme.LeafCert,
        *,
        implicit_tls: bool = False,
        client_ca: trustme.CA | None = None,
        credentials: tuple[str, str] | None = None,
    ) -> MailboxService:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        if client_ca is not None:
            client_ca.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        service = MailboxService(tls=context, implicit_tls=implicit_tls, credentials=credentials)
        running.append(service.start())
        return service

    yield started
    for service in running:
        service.stop()


def over_starttls(service: MailboxService, bundle: Path | None, **changes: object) -> SmtpMailer:
    return mailer_to(service.smtp_port, security=Security.STARTTLS, ca_bundle=bundle, **changes)


def over_tls(service: MailboxService, bundle: Path | None, **changes: object) -> SmtpMailer:
    return mailer_to(service.smtp_port, security=Security.TLS, ca_bundle=bundle, **changes)


def nothing_was_said(service: MailboxService) -> bool:
    """No sender, no recipient, no login and no mail reached the server."""
    return not {"mail", "rcpt", "deliver", "auth"} & set(service.ledger.calls()) and service.mails == ()


def test_starttls_with_a_good_certificate_and_a_login_delivers(ca: trustme.CA, bundle: Path, start: Start) -> None:
    service = start(ca.issue_cert("127.0.0.1"), credentials=("cii-sync", "right"))
    mailer = over_starttls(service, bundle, username="cii-sync", password="right")
    assert mailer.check().ok
    assert mailer.send(REINSERTION, OFFICE).code == 250
    assert len(service.mails) == 1


def test_tls_from_the_first_byte_delivers(ca: trustme.CA, bundle: Path, start: Start) -> None:
    service = start(ca.issue_cert("127.0.0.1"), implicit_tls=True)
    assert over_tls(service, bundle).send(REINSERTION, OFFICE).code == 250


def test_a_host_name_is_checked_against_the_certificate(ca: trustme.CA, bundle: Path, start: Start) -> None:
    service = start(ca.issue_cert("localhost"))
    assert over_starttls(service, bundle, host="localhost").send(REINSERTION, OFFICE).code == 250


BadCertificate = Callable[[trustme.CA], trustme.LeafCert]
BAD: dict[str, BadCertificate] = {
    "wrong name": lambda ca: ca.issue_cert("mail.other.example"),
    "expired": lambda ca: ca.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
    "unknown authority": lambda _: trustme.CA().issue_cert("127.0.0.1"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "tls"])
def test_f59_a_bad_certificate_ends_it_without_a_word(
    ca: trustme.CA, bundle: Path, start: Start, bad: BadCertificate, implicit: bool
) -> None:
    service = start(bad(ca), implicit_tls=implicit, credentials=("cii-sync", "right"))
    mailer = (over_tls if implicit else over_starttls)(service, bundle, username="cii-sync", password="right")
    with pytest.raises(ContractBrokenError, match="certificate"):
        mailer.send(REINSERTION, OFFICE)
    assert not mailer.check().ok
    assert nothing_was_said(service)


def test_without_our_bundle_the_systems_authorities_decide(ca: trustme.CA, start: Start) -> None:
    service = start(ca.issue_cert("127.0.0.1"))
    with pytest.raises(ContractBrokenError):
        over_starttls(service, None).send(REINSERTION, OFFICE)


def test_f59_stripped_starttls_is_refused_and_never_worked_around(ca: trustme.CA, bundle: Path, start: Start) -> None:
    service = start(ca.issue_cert("127.0.0.1"))
    service.faults.switch_on(Fault("starttls_stripped"))
    with pytest.raises(ContractBrokenError, match="STARTTLS"):
        over_starttls(service, bundle).send(REINSERTION, OFFICE)
    assert nothing_was_said(service)


def test_f59_starttls_that_is_away_for_now_waits(ca: trustme.CA, bundle: Path, start: Start) -> None:
    service = start(ca.issue_cert("127.0.0.1"))
    service.faults.switch_on(Fault("starttls_refused", count=1))
    mailer = over_starttls(service, bundle)
    with pytest.raises(UnavailableError):
        mailer.send(REINSERTION, OFFICE)
    assert nothing_was_said(service)
    assert mailer.send(REINSERTION, OFFICE).code == 250


def test_tls_expected_but_spoken_to_in_clear_is_a_broken_contract(bundle: Path, mailbox: MailboxService) -> None:
    with pytest.raises(ContractBrokenError):
        over_tls(mailbox, bundle).send(REINSERTION, OFFICE)
    assert nothing_was_said(mailbox)


def test_a_client_certificate_opens_a_door_that_asks_for_one(
    ca: trustme.CA, bundle: Path, start: Start, tmp_path: Path
) -> None:
    service = start(ca.issue_cert("127.0.0.1"), implicit_tls=True, client_ca=ca)
    ours = ca.issue_cert("cii-sync.example")
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    ours.cert_chain_pems[0].write_to_path(str(certificate))
    ours.private_key_pem.write_to_path(str(key))
    assert over_tls(service, bundle, client_certificate=certificate, client_key=key).check().ok
    with pytest.raises((ContractBrokenError, UnavailableError)):
        over_tls(service, bundle).send(REINSERTION, OFFICE)
    assert nothing_was_said(service)


def test_files_that_cannot_be_read_stop_the_start(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for bundle in (tmp_path / "absent.pem", empty):
        with pytest.raises(SettingsError, match="ca_bundle"):
            mailer_to(25, security=Security.TLS, ca_bundle=bundle)
