"""Servers that drip, stall, cut or babble: our wait is bounded as a whole, and a broken reply is never an answer."""

import base64
import time

import pytest

from connectors.mail.access import Security
from connectors.mail.failures import Progress
from connectors.mail.session import open_session
from domain.errors import ContractBrokenError, OutcomeUnknownError, RefusedError, SyncError, UnavailableError
from sandbox.faults import Fault
from sandbox.mailbox import MailboxService
from tests.connectors.mail.conftest import OFFICE, REINSERTION, access_to, mailer_to
from tests.connectors.mail.scripted import ScriptedServer, until_dot


def failure_at(port: int, **changes: object) -> SyncError:
    with pytest.raises(SyncError) as caught:
        mailer_to(port, **changes).send(REINSERTION, OFFICE)
    return caught.value


def test_a_greeting_that_drips_for_ever_ends_at_the_deadline() -> None:
    with ScriptedServer([b"220-"], drip=b".", pause=0.02) as server:
        before = time.monotonic()
        assert isinstance(failure_at(server.port, deadline=0.4), UnavailableError)
        # Far above the deadline, far below what the drips alone would allow.
        assert time.monotonic() - before < 5


def test_lines_that_never_end_a_reply_end_at_its_size() -> None:
    with ScriptedServer([], drip=b"220-" + b"x" * 4000 + b"\r\n", pause=0) as server:
        assert isinstance(failure_at(server.port), UnavailableError)


def test_one_line_without_an_end_ends_at_its_size() -> None:
    with ScriptedServer([], drip=b"2" * 4096, pause=0) as server:
        assert isinstance(failure_at(server.port), UnavailableError)


def test_a_reply_without_its_line_end_is_not_an_acceptance() -> None:
    with ScriptedServer(until_dot(b"250 2.0.0 Ok: queu")) as server:
        assert isinstance(failure_at(server.port), OutcomeUnknownError)


def test_a_line_too_long_after_the_dot_is_unknown_and_not_a_refusal() -> None:
    with ScriptedServer(until_dot(b"250-" + b"x" * 70_000 + b"\r\n")) as server:
        assert isinstance(failure_at(server.port), OutcomeUnknownError)


def test_a_reply_of_two_minds_is_no_answer() -> None:
    with ScriptedServer(until_dot(b"250-ok\r\n550 no\r\n")) as server:
        assert isinstance(failure_at(server.port), OutcomeUnknownError)


@pytest.mark.parametrize("answer", [b"354 go on\r\n", b"220 hello again\r\n", b"299 \r\n"])
def test_a_code_that_decides_nothing_is_unknown(answer: bytes) -> None:
    with ScriptedServer(until_dot(answer)) as server:
        assert isinstance(failure_at(server.port), OutcomeUnknownError)


def test_a_connection_lost_before_the_dot_proves_that_nothing_was_taken() -> None:
    closes_before_354 = until_dot()[:-1]
    with ScriptedServer(closes_before_354) as server:
        assert isinstance(failure_at(server.port), UnavailableError)


def test_a_large_mail_cut_on_its_way_was_not_taken() -> None:
    """The server is gone after 354: the buffers fill, the dot is never sent, so nobody can have the mail."""
    progress = Progress("send")
    with (
        ScriptedServer(until_dot()) as server,
        pytest.raises(UnavailableError),
        open_session(access_to(server.port), None, progress) as session,
    ):
        session.deliver("a@cii.example", "b@cii.example", (b"x" * 70 + b"\r\n") * 200_000)
    assert not progress.perhaps_taken


def test_a_mail_larger_than_the_server_takes_is_not_sent() -> None:
    hello = b"250-hello\r\n250 SIZE 1000\r\n"
    with ScriptedServer([b"220 ready\r\n", None, hello, None]) as server:
        failure = failure_at(server.port)
    assert isinstance(failure, RefusedError)
    assert b"MAIL" not in server.heard


def test_a_server_without_esmtp_is_not_talked_down_to_helo() -> None:
    with ScriptedServer([b"220 ready\r\n", None, b"502 what?\r\n", None]) as server:
        assert isinstance(failure_at(server.port), ContractBrokenError)
    assert b"HELO" not in server.heard.replace(b"EHLO", b"")


def test_an_unexpected_kind_answer_is_a_broken_contract() -> None:
    with ScriptedServer([b"220 ready\r\n", None, b"354 go on\r\n"]) as server:
        assert isinstance(failure_at(server.port), ContractBrokenError)


def test_a_farewell_without_an_answer_changes_nothing() -> None:
    with MailboxService() as mailbox:
        mailbox.faults.switch_on(Fault("slow", seconds=0.1))
        assert mailer_to(mailbox.smtp_port).send(REINSERTION, OFFICE).code == 250


LOGIN_ONLY = b"250-hello\r\n250 AUTH LOGIN CRAM-MD5\r\n"


def test_a_server_that_knows_only_login_is_signed_in_to() -> None:
    script = [b"220 ready\r\n", None, LOGIN_ONLY, None, b"334 VXNlcg==\r\n", None, b"334 UGFzcw==\r\n", None]
    with ScriptedServer([*script, b"235 in\r\n", None, b"250 ok\r\n", None, b"221 bye\r\n"]) as server:
        assert mailer_to(server.port, username="cii-sync", password="pässword").check().ok
    words = [base64.b64encode(word.encode()) for word in ("cii-sync", "pässword")]
    assert server.heard.split(b"\r\n")[1:5] == [b"AUTH LOGIN", *words, b"NOOP"]


def test_a_server_without_a_mechanism_of_ours_is_a_broken_contract_and_hears_no_password() -> None:
    with ScriptedServer([b"220 ready\r\n", None, b"250-hello\r\n250 AUTH CRAM-MD5\r\n", None]) as server:
        failure = failure_at(server.port, username="cii-sync", password="right")
    assert isinstance(failure, ContractBrokenError)
    assert b"AUTH" not in server.heard


def test_bytes_slipped_in_after_starttls_end_it() -> None:
    """Somebody on the way adds an answer in clear, to be taken for one that came under TLS."""
    slipped = b"220 go\r\n250-AUTH PLAIN\r\n250 ok\r\n"
    with ScriptedServer([b"220 ready\r\n", None, b"250-hello\r\n250 STARTTLS\r\n", None, slipped, None]) as server:
        failure = failure_at(server.port, security=Security.STARTTLS, username="cii-sync", password="right")
    assert isinstance(failure, ContractBrokenError)
    assert b"AUTH" not in server.heard
