"""The kinds of value in the CII software's answers. Errors say what is wrong and never quote the value."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from domain.errors import InvalidRecordError
from domain.people import AvsNumber, CaseId, PersonalNumber
from mappings import identifiers
from mappings.plain_text import is_plain

UNKNOWN_CODE = "unknown_code"
"""The kind of error of a word that no table knows; the others are invalid data."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_CODE = re.compile(r"[a-z][a-z_]{0,39}")
_MAIL = re.compile(r"[!-~]+@[A-Za-z0-9.-]+")
_LONGEST_VALUE, _MOST_VALUES = 255, 20

Word = TypeVar("Word")


def wrong(sentence: str, kind: str = "invalid") -> PydanticCustomError:
    """A finding in our own words; without braces, which pydantic would fill."""
    return PydanticCustomError(kind, sentence)


def word_of(table: Mapping[str, Word]) -> Callable[[object], Word]:
    """A reader for the words of one table."""

    def read(value: object) -> Word:
        if not isinstance(value, str):
            raise wrong("should be a text")
        if value not in table:
            raise wrong("is a code that no table knows", UNKNOWN_CODE)
        return table[value]

    return read


def _text(value: str) -> str:
    if not is_plain(value):
        raise wrong("holds a control character")
    if not value.strip():
        raise wrong("is blank")
    return value


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise wrong("should be a day, YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong("is a day that no calendar has") from None


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise wrong("should be an instant with its zone (RFC 3339)")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong("is an instant that no calendar has") from None


def _values(value: object) -> dict[str, str]:
    """A flat map of texts; the error stands at the map, since a name in it is the other side's text as well."""
    if not isinstance(value, dict) or len(value) > _MOST_VALUES:
        raise wrong("should be a flat object of at most 20 texts")
    for name, text in value.items():
        if not _CODE.fullmatch(name) or not isinstance(text, str) or len(text) > _LONGEST_VALUE or not is_plain(text):
            raise wrong("holds a name or a text that the contract does not allow")
    return value


def _identifier(read: Callable[[str, str], Word]) -> Callable[[object], Word]:
    def check(value: object) -> Word:
        if not isinstance(value, str):
            raise wrong("should be a text")
        try:
            return read(value, "")
        except InvalidRecordError as error:
            raise wrong(error.reason) from None

    return check


def _mail(value: str) -> str:
    if not _MAIL.fullmatch(value):
        raise wrong("is not a mail address")
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day of Europe/Zurich."""

Instant = Annotated[datetime, BeforeValidator(_instant)]
"""An instant, in UTC once read."""

Name = Annotated[str, Field(strict=True, max_length=100), AfterValidator(_text)]
Place = Annotated[str, Field(strict=True, max_length=60), AfterValidator(_text)]
PostalCode = Annotated[str, Field(strict=True, pattern=r"^[1-9][0-9]{3}$")]
Code = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z_]{0,39}$")]
Actor = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
InstitutionId = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9-]{1,39}$")]
ProcurationId = Annotated[str, Field(strict=True, pattern=r"^P-[0-9]{4}-[0-9]{6}-[0-9]{2}$")]
MailAddress = Annotated[str, Field(strict=True, max_length=254), AfterValidator(_mail)]
Version = Annotated[int, Field(strict=True, ge=1, le=999_999_999)]
MirrorVersion = Annotated[int, Field(strict=True, ge=0, le=999_999_999)]
Cursor = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Values = Annotated[dict[str, str], BeforeValidator(_values)]
CaseIdText = Annotated[CaseId, BeforeValidator(_identifier(identifiers.case_id))]
Avs = Annotated[AvsNumber, BeforeValidator(_identifier(identifiers.avs_number))]
Personal = Annotated[PersonalNumber, BeforeValidator(_identifier(identifiers.personal_number))]


def members(table: Mapping[str, Any]) -> BeforeValidator:
    """Marks a field as a word of ``table``, read into ours."""
    return BeforeValidator(word_of(table))
