"""Asking for a registration (C3): off by default, since registering is a human procedure.

PLASTA registers twice when asked twice, so the answer's loss is an unknown outcome, to be looked at first (F56).
"""

from connectors.plasta.operations import Operations, Reply
from domain.errors import InvalidRecordError
from domain.people import PersonKey
from domain.ports import RegistrationRequest
from mappings import identifiers
from mappings.plasta import codes
from mappings.plasta.dates import write_day

_OPERATION = "anmeldeStes"


def request(operations: Operations, key: PersonKey, office: str, correlation_id: str) -> RegistrationRequest:
    """Ask once; raises ``InvalidRecordError`` where the case does not say what PLASTA needs: nothing is made up."""
    arguments = {"antrag": _application(key, office)}
    return operations.write(_OPERATION, arguments, _answer, reference=office, correlation_id=correlation_id)


def _application(key: PersonKey, office: str) -> dict[str, str | None]:
    if key.language is None:
        raise InvalidRecordError("is missing", path="beneficiary.language")
    needed = {
        "name": (key.family_name, "beneficiary.familyName"),
        "vorname": (key.first_name, "beneficiary.firstName"),
        "plz": (key.postal_code, "beneficiary.locality.postalCode"),
        "ort": (key.locality, "beneficiary.locality.name"),
        "ravCode": (office, "office"),
    }
    for text, path in needed.values():
        if not text.strip():
            raise InvalidRecordError("is missing", path=path)
    return {
        "svNr": identifiers.avs_number(key.avs_number, "beneficiary.avsNumber") if key.avs_number else None,
        "geburtsdatum": write_day(key.birth_date),
        "geschlecht": None,
        "sprache": codes.LANGUAGE_CODES[key.language],
        "strasse": None,
        **{name: text for name, (text, _) in needed.items()},
    }


def _answer(reply: Reply) -> RegistrationRequest:
    return RegistrationRequest(reply.fields.text("prozessId"), reply.fields.word("prozessStatus", codes.REQUEST_STATES))
