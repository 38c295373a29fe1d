"""F61: no text from outside ends a header line, adds a recipient or a header, or is changed on its way."""

import base64
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.mail.headers import (
    checked_address,
    checked_message_id,
    checked_text,
    lines,
    mailbox,
    mailboxes,
    unstructured,
)
from domain.errors import InvalidRecordError
from domain.facets import Language
from domain.mail import Mailbox

anything = st.text(max_size=400)
visible = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=400)
INVISIBLE = [
    "\r",
    "\n",
    "\0",
    "\x0b",
    "\x1b",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\u200f",
    "\u202e",
    "\u2066",
    "\ufeff",
]


def box(name: str, address: str = "a.b@cii.example") -> Mailbox:
    return Mailbox(address, name, Language.FR)


def decoded(value: str) -> str:
    """A second reading of RFC 2047 and of quoted strings, written for these tests."""
    unfolded = value.replace("\r\n ", " ")
    if unfolded.startswith('"'):
        return re.sub(r"\\(.)", r"\1", unfolded[1:-1])
    if not unfolded.startswith("=?utf-8?b?"):
        return unfolded
    words = [re.fullmatch(r"=\?utf-8\?b\?([A-Za-z0-9+/=]*)\?=", word) for word in unfolded.split(" ")]
    # Each word by itself is whole UTF-8: no character is split between two (RFC 2047, 5).
    return "".join(base64.b64decode(word[1]).decode("utf-8") for word in words if word)


@given(name=visible)
@example(name='"quo\\ted" x, y; ' * 20)
@example(name="Müller, Hans <x@y.example>, " * 12)
@example(name="=?utf-8?q?x?= y")
@example(name="é" * 300)
@example(name=" lead, trail ")
def test_f61_a_display_name_stays_one_name_of_one_address(name: str) -> None:
    raw = lines([("To", mailbox(box(name), path="to"))])
    assert raw.count(b"\r\n") - raw.count(b"\r\n ") == 1
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    value = raw.decode("ascii").removeprefix("To: ").removesuffix("\r\n")
    if name:
        phrase, _, address = value.rpartition("<")
        assert address == "a.b@cii.example>"
        assert decoded(phrase.removesuffix(" ").removesuffix("\r\n")) == name
    else:
        assert value == "a.b@cii.example"


@given(text=visible)
def test_f61_a_subject_comes_back_as_it_was(text: str) -> None:
    raw = lines([("Subject", unstructured(text, path="subject"))])
    assert raw.count(b"\r\n") - raw.count(b"\r\n ") == 1
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert decoded(raw.decode("ascii").removeprefix("Subject: ").removesuffix("\r\n")) == text


@given(before=visible, after=visible, bad=st.sampled_from(INVISIBLE))
def test_f61_what_cannot_be_seen_is_refused_by_its_code_point_and_never_quoted(
    before: str, after: str, bad: str
) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        checked_text(before + bad + after, path="to[0].name")
    assert str(caught.value) == f"mail.build: to[0].name: holds an invisible character U+{ord(bad):04X}"


@given(name=anything, address=anything)
def test_f61_whatever_comes_in_there_is_one_header_or_an_error(name: str, address: str) -> None:
    try:
        raw = lines([("Cc", mailboxes([box(name), box(name, address)], path="cc"))])
    except InvalidRecordError as refused:
        raw, path = b"", refused.path
    else:
        path = ""
    assert path.startswith("cc[") or raw.count(b"\r\n") - raw.count(b"\r\n ") == 1


@pytest.mark.parametrize(
    "address",
    ["a@b.example", "a.b-c+d@sub.cii.example", "o'neill@vs.ch", "x@localhost", "a" * 64 + "@b.example"],
)
def test_addresses_that_we_send_to(address: str) -> None:
    assert checked_address(address, path="to") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@b.example",
        "a@",
        "a@b@c.example",
        "a b@c.example",
        "a@b..example",
        ".a@b.example",
        "a@-b.example",
        "é@b.example",
        "a@bé.example",
        '"a b"@c.example',
        "a@b.example\n",
        "a@b.example>",
        "a@[127.0.0.1]",
        "a" * 65 + "@b.example",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 126 + "example",
    ],
)
def test_addresses_that_we_do_not_send_to(address: str) -> None:
    with pytest.raises(InvalidRecordError):
        checked_address(address, path="to")


@pytest.mark.parametrize(
    "message_id", ["", "a@b", "<a@b", "<a b@c>", "<a@b>\r\nX: y", "<a@b><c@d>", f"<{'a' * 250}@b>"]
)
def test_message_ids_that_are_none(message_id: str) -> None:
    with pytest.raises(InvalidRecordError, match="message_id"):
        checked_message_id(message_id)
