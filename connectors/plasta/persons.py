"""Persons by number, 300 at once: every number asked is answered exactly once, and one bad row spoils no other.

"Missing" is a row that says so. A number without a row, or with two, breaks the contract and proves nothing.
"""

import json
from collections import Counter
from collections.abc import Sequence

from lxml import etree

from connectors.failures import ForeignError
from connectors.plasta.operations import SYSTEM, Operations, Reply, whole
from connectors.soap import BadRow
from domain.errors import InvalidRecordError, MappingError, NotFoundError
from domain.people import PersonalNumber
from domain.ports import BadRecord, PersonAnswers
from domain.registrations import RegistryPerson
from mappings import identifiers
from mappings.plasta.fields import Fields
from mappings.plasta.people import to_person

MOST_AT_ONCE = 300
LIST = "getStesListe"
_ROW = "stesListeZeileArrayItem"
_FOUND, _MISSING, _MERGED = "GEFUNDEN", "NICHT_GEFUNDEN", "ZUSAMMENGEFUEHRT"


def by_list(operations: Operations, numbers: Sequence[PersonalNumber], keyword_id: str) -> PersonAnswers:
    """One page of at most 300 numbers, each asked once."""
    arguments = {"personenNrArray": {"personenNrArrayItem": list(numbers)}}
    return operations.read(LIST, arguments, whole(lambda reply: _sorted_rows(reply, numbers, keyword_id)), rows=_ROW)


def one_by_one(operations: Operations, numbers: Sequence[PersonalNumber], keyword_id: str) -> PersonAnswers:
    """The same answer from a target without ``getStesListe``: one call a number."""
    found: dict[PersonalNumber, RegistryPerson] = {}
    missing: set[PersonalNumber] = set()
    bad: dict[PersonalNumber, BadRecord] = {}
    for place, number in enumerate(numbers):
        try:
            found[number] = _one(operations, number, keyword_id)
        except NotFoundError:
            missing.add(number)
        except MappingError as error:
            bad[number] = BadRecord(SYSTEM, f"row {place}", error.path, error.reason, b"")
    return PersonAnswers(found, frozenset(missing), bad)


def _one(operations: Operations, number: PersonalNumber, keyword_id: str) -> RegistryPerson:
    def use(reply: Reply) -> RegistryPerson:
        stes = reply.fields.needed("stes")
        merged_into = None
        if "PERSON_ZUSAMMENGEFUEHRT" in reply.hints:
            master = stes.needed("person")
            merged_into = identifiers.personal_number(master.text("personenNr"), master.at("personenNr"))
        return to_person(stes, number, keyword_id, merged_into)

    return operations.read("getStes", {"personenNr": number, "stesIdAvam": None}, use)


def _sorted_rows(reply: Reply, numbers: Sequence[PersonalNumber], keyword_id: str) -> PersonAnswers:
    """Every row under the number that it answers."""
    rows = reply.fields.rows("stesListeZeileArray")
    answered = Counter([row.text("angefragtePersonenNr") for row in rows])
    answered.update(_asked_by(row) for row in reply.bad_rows)
    if answered != Counter(list(numbers)):
        raise ForeignError("not every number asked was answered once", code="ROWS")
    found: dict[PersonalNumber, RegistryPerson] = {}
    missing: set[PersonalNumber] = set()
    bad = {PersonalNumber(_asked_by(row)): _outside_schema(row) for row in reply.bad_rows}
    for place, row in enumerate(rows):
        number = PersonalNumber(row.text("angefragtePersonenNr"))
        try:
            person = _person(row, number, keyword_id)
        except MappingError as error:
            path = error.path.removeprefix(f"{row.path}.")
            bad[number] = BadRecord(SYSTEM, f"row {place}", path, error.reason, _raw(row))
            continue
        if person is None:
            missing.add(number)
        else:
            found[number] = person
    return PersonAnswers(found, frozenset(missing), bad)


def _person(row: Fields, number: PersonalNumber, keyword_id: str) -> RegistryPerson | None:
    """The person of one row, None when PLASTA says that there is none."""
    verdict = row.text("befund")
    if verdict == _MISSING:
        if row.inner("stes") is not None:
            raise InvalidRecordError("a person stands under a number that is said to be missing", path=row.at("befund"))
        return None
    if verdict == _FOUND:
        return to_person(row.needed("stes"), number, keyword_id, None)
    if verdict == _MERGED:
        path = row.at("zusammengefuehrtIn")
        merged_into = identifiers.personal_number(row.text("zusammengefuehrtIn"), path)
        return to_person(row.needed("stes"), number, keyword_id, merged_into)
    raise MappingError("PLASTA does not let us see this person", path=row.at("befund"), code=verdict)


def _asked_by(row: BadRow) -> str:
    return (row.element.findtext("{*}angefragtePersonenNr") or "").strip()


def _outside_schema(row: BadRow) -> BadRecord:
    path = row.path.partition(f"{_ROW}.")[2] or "row"
    return BadRecord(SYSTEM, "row", path, "is not of the contract", etree.tostring(row.element))


def _raw(row: Fields) -> bytes:
    return json.dumps(row.value, default=str).encode("ascii")
