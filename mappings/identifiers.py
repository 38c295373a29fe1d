"""The identifiers of a person and a case: their forms, and the check digit of the AVS number.

Each reader raises :class:`~domain.errors.InvalidRecordError` with the path of the field and never its value.
"""

import re

from stdnum.ch import ssn
from stdnum.exceptions import ValidationError

from domain.errors import InvalidRecordError
from domain.people import AvsNumber, CaseId, PersonalNumber, RegistrationId

_AVS = re.compile(r"[0-9]{13}")
_PERSONAL = re.compile(r"[0-9]{8}")
_REGISTRATION = re.compile(r"[A-Z][A-Z0-9][0-9]{6}")
_CASE = re.compile(r"CII-[0-9]{4}-[0-9]{6}")


def avs_number(text: str, path: str) -> AvsNumber:
    """An AVS number as the systems write it: 13 digits without dots, 756 first, EAN-13 check digit last."""
    if not _AVS.fullmatch(text):
        raise InvalidRecordError("an AVS number is 13 digits without dots", path=path, code="SVNR_UNGUELTIG")
    try:
        return AvsNumber(ssn.validate(text))
    except ValidationError:
        raise InvalidRecordError(
            "an AVS number begins with 756 and ends with its check digit", path=path, code="SVNR_UNGUELTIG"
        ) from None


def typed_avs_number(text: str, path: str) -> AvsNumber:
    """An AVS number as a person types it, with dots or spaces between its groups."""
    return avs_number(ssn.compact(text), path)


def personal_number(text: str, path: str) -> PersonalNumber:
    """PLASTA's number of a person (``personenNr``): 8 digits."""
    if not _PERSONAL.fullmatch(text):
        raise InvalidRecordError("a personal number is 8 digits", path=path)
    return PersonalNumber(text)


def registration_id(text: str, path: str) -> RegistrationId:
    """PLASTA's id of one registration (``stesIdAvam``): a letter, a letter or digit, six digits."""
    if not _REGISTRATION.fullmatch(text):
        raise InvalidRecordError("a registration id is like AD000001", path=path)
    return RegistrationId(text)


def case_id(text: str, path: str) -> CaseId:
    """The CII software's id of a case: ``CII-2026-000123``."""
    if not _CASE.fullmatch(text):
        raise InvalidRecordError("a case id is like CII-2026-000123", path=path)
    return CaseId(text)
