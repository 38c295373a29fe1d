"""The bytes of a message: the same each time, ASCII, short lines, readable by another reader."""

import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.message import build, sender_mailbox
from connectors.mail.wording import render
from domain.errors import InvalidRecordError
from domain.mail import OutgoingMail
from tests.connectors.mail.conftest import NOW, REINSERTION
from tests.connectors.mail.samples import samples

SENDER = sender_mailbox("sync@cii.example", "CII Valais / IIZ Wallis")


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)


@pytest.mark.parametrize("mail", samples().values(), ids=samples().keys())
def test_the_wire_form_needs_nothing_of_a_server(mail: OutgoingMail) -> None:
    raw = build(mail, SENDER)
    assert raw == build(mail, SENDER)
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("mail", samples().values(), ids=samples().keys())
def test_another_reader_gets_back_what_was_meant(mail: OutgoingMail) -> None:
    found, wording = parsed(build(mail, SENDER)), render(mail)
    text, html = found.iter_parts()
    assert found["Subject"] == wording.subject
    assert text.get_content().replace("\r\n", "\n") == wording.text
    assert html.get_content().replace("\r\n", "\n") == wording.html
    assert found.get_content_type() == "multipart/alternative"
    assert not found.defects


def test_the_headers_say_who_when_and_that_a_machine_wrote() -> None:
    found = parsed(build(REINSERTION, SENDER))
    assert [(one.display_name, one.addr_spec) for one in found["From"].addresses] == [(SENDER.name, SENDER.address)]
    assert found["Message-ID"] == REINSERTION.message_id
    assert found["Date"].datetime == NOW
    assert found["Content-Language"] == "fr, de"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_one_instant_is_one_date_header() -> None:
    zurich = replace(REINSERTION, written_at=NOW.astimezone(timezone(timedelta(hours=1))))
    assert build(zurich, SENDER) == build(REINSERTION, SENDER)


def test_a_mail_with_neither_copy_nor_reply_has_no_empty_headers() -> None:
    found = parsed(build(replace(REINSERTION, cc=(), reply_to=()), SENDER))
    assert found["Cc"] is None
    assert found["Reply-To"] is None


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (bounds)
def test_any_written_instant_comes_back_to_the_second(moment: datetime) -> None:
    found = parsed(build(replace(REINSERTION, written_at=moment), SENDER))
    assert found["Date"].datetime == moment.replace(microsecond=0)


WRONG = {
    "written_at": replace(REINSERTION, written_at=NOW.replace(tzinfo=None)),
    "message_id": replace(REINSERTION, message_id="no brackets"),
    "to": replace(REINSERTION, to=()),
    r"to\[0\].address": replace(REINSERTION, to=(replace(REINSERTION.to[0], address="a@b>\r\nRCPT TO:<x@y"),)),
    r"cc\[0\].name": replace(REINSERTION, cc=(replace(REINSERTION.cc[0], name="a\r\nBcc: x@y.example"),)),
    r"reply_to\[0\].name": replace(REINSERTION, reply_to=(replace(REINSERTION.cc[0], name="\u202egro.elpmaxe"),)),
}


@pytest.mark.parametrize(("path", "mail"), WRONG.items(), ids=WRONG.keys())
def test_what_cannot_be_sent_is_named_by_its_path(path: str, mail: OutgoingMail) -> None:
    with pytest.raises(InvalidRecordError, match=path):
        build(mail, SENDER)
