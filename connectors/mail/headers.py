"""Header lines of our own making: no text from outside can end a line, add a recipient or turn the reading order.

Written by hand because the standard library's folding (Python 3.11) drops the quotes of a long quoted name: a name
with commas then *becomes* further recipients. Encoded words follow RFC 2047, lines stay within 78 characters.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Sequence

from domain.errors import InvalidRecordError
from domain.mail import Mailbox

CRLF = "\r\n"
FOLD = CRLF + " "
PLAIN_LENGTH = 60
"""Up to here an ASCII text stays readable as it is; a longer one is folded as encoded words."""

ENCODED_BYTES = 42
"""Bytes per encoded word: 56 characters of base64 and 12 of frame, so that any header's first line is below 78."""

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = rf"{_ATEXT}(?:\.{_ATEXT})*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_DOT_ATOM}@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*", re.ASCII)
MESSAGE_ID = re.compile(rf"(?=.{{5,250}}\Z)<{_DOT_ATOM}@{_DOT_ATOM}>", re.ASCII)

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that a header never shows: controls, format marks (writing direction), surrogates, separators."""

_PLACE = {"system": "mail", "operation": "build"}


def checked_address(address: str, *, path: str) -> str:
    """The address if it is a plain ASCII one (RFC 5321, 4.1.2 without quoted strings), else InvalidRecordError."""
    if not ADDRESS.fullmatch(address):
        raise InvalidRecordError("not a mail address that we can send to", path=path, **_PLACE)
    return address


def checked_message_id(message_id: str) -> str:
    """The Message-ID with its angle brackets (RFC 5322, 3.6.4), else InvalidRecordError."""
    if not MESSAGE_ID.fullmatch(message_id):
        raise InvalidRecordError("not a Message-ID: <left@right>", path="message_id", **_PLACE)
    return message_id


def checked_text(text: str, *, path: str) -> str:
    """The text if every character of it shows; the code point of the first that does not is told, the text never."""
    for character in text:
        if unicodedata.category(character) in _INVISIBLE:
            raise InvalidRecordError(f"holds an invisible character U+{ord(character):04X}", path=path, **_PLACE)
    return text


def encoded_words(text: str) -> str:
    """The text as folded encoded words, split between characters only."""
    chunks = [b""]
    for character in text:
        raw = character.encode("utf-8")
        if len(chunks[-1]) + len(raw) > ENCODED_BYTES:
            chunks.append(b"")
        chunks[-1] += raw
    return FOLD.join(f"=?utf-8?b?{base64.b64encode(chunk).decode('ascii')}?=" for chunk in chunks)


def unstructured(text: str, *, path: str) -> str:
    """A header value that is only text, such as a subject."""
    checked_text(text, path=path)
    return text if _stays_plain(text) and text.strip() == text else encoded_words(text)


def mailbox(box: Mailbox, *, path: str) -> str:
    """One address with its display name: quoted when it is short ASCII, else encoded, so that it stays one name."""
    address = checked_address(box.address, path=f"{path}.address")
    name = checked_text(box.name, path=f"{path}.name")
    if not name:
        return address
    if _stays_plain(name):
        quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"{quoted}{' ' if len(quoted) + len(address) <= PLAIN_LENGTH else FOLD}<{address}>"
    return f"{encoded_words(name)}{FOLD}<{address}>"


def mailboxes(boxes: Sequence[Mailbox], *, path: str) -> str:
    """An address list, one per line."""
    return f",{FOLD}".join(mailbox(box, path=f"{path}[{index}]") for index, box in enumerate(boxes))


def lines(headers: Iterable[tuple[str, str]]) -> bytes:
    """The headers as they go over the wire; every value was made by the functions above or is a constant of ours."""
    return "".join(f"{name}: {value}{CRLF}" for name, value in headers).encode("ascii")


def _stays_plain(text: str) -> bool:
    """Short ASCII that no reader takes for an encoded word."""
    return text.isascii() and len(text) <= PLAIN_LENGTH and "=?" not in text
