"""From the raw fields of a mail (codes, ISO dates) to the words that its templates show, in one language."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import date
from typing import NoReturn
from urllib.parse import urlsplit

from domain.errors import InvalidRecordError, MappingError
from mappings.mail.kinds import MailKind, Reading
from mappings.mail.words import word

CASE_REFERENCE = re.compile(r"CII-[0-9]{4}-[0-9]{6}", re.ASCII)
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
LINK = re.compile(r"https?://[!-~]{1,480}", re.ASCII)


def readable(kind: MailKind, fields: Mapping[str, str], language: str) -> dict[str, str | None]:
    """Each field of ``kind`` as its reader sees it; an optional field that is absent is ``None``.

    Raises :class:`InvalidRecordError` for a missing or malformed field and :class:`MappingError` for an unknown
    code or a field that this kind may not carry, each with the field's path.
    """
    allowed = {**kind.required, **kind.optional}
    for name in fields:
        if name not in allowed:
            raise MappingError("this kind of mail may not carry it", path=_path(name), **_PLACE)
    for name in kind.required:
        if not fields.get(name):
            _invalid(name, "missing")
    return {name: _read(name, reading, fields.get(name), language) for name, reading in allowed.items()}


_PLACE = {"system": "mail", "operation": "render"}


def _path(name: str) -> str:
    """Where the field stands in the mail, as errors name it."""
    return f"fields.{name}" if name.isidentifier() and name.isascii() else "fields"


def _invalid(name: str, reason: str) -> NoReturn:
    raise InvalidRecordError(reason, path=_path(name), **_PLACE)


def _read(name: str, reading: Reading, raw: str | None, language: str) -> str | None:
    """One field, checked and in words; an empty optional field counts as absent."""
    if not raw:
        return None
    match reading:
        case Reading.CASE_REFERENCE:
            return raw if CASE_REFERENCE.fullmatch(raw) else _invalid(name, "not a case reference (CII-yyyy-nnnnnn)")
        case Reading.DATE:
            return _swiss_date(name, raw)
        case Reading.LINK:
            return _link(name, raw)
        case Reading.REGION | Reading.ROLE:
            return word(reading.value, raw, language, path=_path(name))


def _swiss_date(name: str, raw: str) -> str:
    """An ISO calendar date as dd.mm.yyyy, the same in French and German."""
    if not ISO_DATE.fullmatch(raw):
        _invalid(name, "not a date (yyyy-mm-dd)")
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        _invalid(name, "no such day")
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def _link(name: str, raw: str) -> str:
    """An address that a reader may follow: https, or http on this machine (demo), and nobody's credentials in it."""
    if not LINK.fullmatch(raw):
        _invalid(name, "not a web address")
    try:
        parts = urlsplit(raw)
        host, user = parts.hostname, parts.username
    except ValueError:
        _invalid(name, "not a web address")
    if not host:
        _invalid(name, "no host in the web address")
    if user is not None:
        _invalid(name, "credentials in the web address")
    if parts.scheme != "https" and not _is_loopback(host):
        _invalid(name, "https is required")
    return raw


def _is_loopback(host: str) -> bool:
    """Whether the host is this machine, by name or by number."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
