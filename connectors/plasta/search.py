"""Finding a person by the surest identifier alone. An empty result is a proof, so everything unsure is an error.

Cut at 300, persons hidden from us, a total that does not add up: nobody is ever unknown because of those (F53).
"""

from collections.abc import Mapping

from connectors.failures import ForeignError
from connectors.plasta.operations import Operations, Reply
from domain.errors import AmbiguousError
from domain.people import PersonalNumber, PersonKey, RegistrationId
from domain.registrations import Hit
from mappings import identifiers
from mappings.plasta.dates import write_day
from mappings.plasta.people import Row, to_row

_OPERATION = "searchStes"
_FEWEST_LETTERS = 2


def find(operations: Operations, key: PersonKey) -> tuple[Hit, ...]:
    """Every person that fits, once each, in a stable order.

    A name of fewer than two letters cannot be searched: ``AmbiguousError``, since nothing may be concluded. A wrong
    AVS check digit is an ``InvalidRecordError`` before anything is asked.
    """
    criteria = criteria_of(key)
    return operations.read(_OPERATION, {"suche": criteria}, lambda reply: _hits(reply, criteria))


def person_of(operations: Operations, registration_id: RegistrationId) -> PersonalNumber:
    """Whose registration this is; raises ``AmbiguousError`` when PLASTA does not say so plainly."""
    criteria = {"stesIdAvam": registration_id}
    hits = operations.read(
        _OPERATION, {"suche": criteria}, lambda reply: _hits(reply, criteria), reference=registration_id
    )
    if len(hits) != 1:
        raise AmbiguousError(
            "the registration is not found under one person",
            system="plasta",
            operation=_OPERATION,
            reference=registration_id,
            code="STES_NICHT_GEFUNDEN" if not hits else "STES_MEHRDEUTIG",
        )
    return hits[0].personal_number


def criteria_of(key: PersonKey) -> Mapping[str, str]:
    """What to ask by: personal number, else AVS number, else names and birth date together."""
    if key.personal_number:
        return {"personenNr": identifiers.personal_number(key.personal_number, "personal_number")}
    if key.avs_number:
        return {"svNr": identifiers.avs_number(key.avs_number, "avs_number")}
    names = {"name": " ".join(key.family_name.split()), "vorname": " ".join(key.first_name.split())}
    for name in names.values():
        if sum(sign.isalpha() for sign in name) < _FEWEST_LETTERS:
            raise AmbiguousError("a name of fewer than two letters cannot be searched", code="SUCHE_UNZULAESSIG")
    return {**names, "geburtsdatum": write_day(key.birth_date)}


def _hits(reply: Reply, criteria: Mapping[str, str]) -> tuple[Hit, ...]:
    rows = [to_row(row) for row in reply.fields.rows("stesZeileArray")]
    if reply.fields.truth("abgeschnitten") or "ZU_VIELE_TREFFER" in reply.hints:
        raise AmbiguousError("more hits than PLASTA shows: nothing may be concluded", code="ZU_VIELE_TREFFER")
    if "KEINE_BERECHTIGUNG" in reply.hints:
        raise AmbiguousError("some hits are hidden from us: nothing may be concluded", code="KEINE_BERECHTIGUNG")
    if reply.fields.number("total") != len(rows):
        raise ForeignError("the search does not show as many hits as it counts", code="TOTAL")
    for row in rows:
        _demand_asked(row, criteria, merged="PERSON_ZUSAMMENGEFUEHRT" in reply.hints)
    hits = {row.hit.personal_number: row.hit for row in rows}
    return tuple(hits[number] for number in sorted(hits))


def _demand_asked(row: Row, criteria: Mapping[str, str], *, merged: bool) -> None:
    """An answer about somebody else is no answer; a merged number may answer with the one that lives on."""
    asked = {
        "personenNr": row.hit.personal_number if not merged else criteria.get("personenNr"),
        "svNr": row.avs_number,
        "stesIdAvam": row.registration_id,
    }
    if any(criteria[name] != value for name, value in asked.items() if name in criteria):
        raise ForeignError("the search answers about somebody else", code="OTHER_PERSON")
