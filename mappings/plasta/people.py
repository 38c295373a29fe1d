"""PLASTA's persons, registrations and hits as our types. Pure; every error carries a path and no value."""

from dataclasses import dataclass, replace

from domain.errors import InvalidRecordError
from domain.people import PersonalNumber, RegistrationId
from domain.registrations import Deregistration, Hit, Registration, RegistryPerson
from mappings import identifiers
from mappings.plasta import codes
from mappings.plasta.fields import Fields


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a search: a registration of a person, with what else the row must be checked by."""

    hit: Hit
    avs_number: str | None
    registration_id: RegistrationId | None


def to_row(row: Fields) -> Row:
    """One hit. The rows of one person differ in their registration only."""
    registration = row.optional("stesIdAvam")
    return Row(
        hit=Hit(
            personal_number=identifiers.personal_number(row.text("personenNr"), row.at("personenNr")),
            birth_date=row.day("geburtsdatum"),
            family_name=row.text("name"),
            first_name=row.text("vorname"),
        ),
        avs_number=row.optional("svNr"),
        registration_id=identifiers.registration_id(registration, row.at("stesIdAvam")) if registration else None,
    )


def to_person(
    stes: Fields, asked: PersonalNumber, keyword_id: str, merged_into: PersonalNumber | None
) -> RegistryPerson:
    """The person under the number that was asked for. With ``merged_into`` the data are those of that number."""
    master = stes.needed("person")
    number = identifiers.personal_number(master.text("personenNr"), master.at("personenNr"))
    if number != (merged_into or asked):
        raise InvalidRecordError("is not the number that was asked for", path=master.at("personenNr"))
    avs = master.optional("svNr")
    person = RegistryPerson(
        personal_number=asked,
        family_name=master.text("name"),
        first_name=master.text("vorname"),
        birth_date=master.day("geburtsdatum"),
        registrations=tuple(to_registration(one, keyword_id) for one in stes.rows("anmeldungArray")),
        avs_number=identifiers.avs_number(avs, master.at("svNr")) if avs else None,
    )
    return replace(person, merged_into=merged_into) if merged_into else person


def to_registration(row: Fields, keyword_id: str) -> Registration:
    """One registration, with whether it carries the keyword of this id."""
    ended = row.inner("abmeldung")
    return Registration(
        registration_id=identifiers.registration_id(row.text("stesIdAvam"), row.at("stesIdAvam")),
        active=row.word("status", codes.ACTIVE),
        office=row.text("ravCode"),
        registered_on=row.day("anmeldedatum"),
        has_keyword=carries(row, keyword_id),
        version=row.number("ojbVersion"),
        deregistration=to_deregistration(ended) if ended else None,
    )


def carries(row: Fields, keyword_id: str) -> bool:
    """Whether the keywords listed in a row hold this one; the id counts, a name can occur twice."""
    return any(item.text("schlagwortId") == keyword_id for item in row.rows("schlagwortArray"))


def to_deregistration(row: Fields) -> Deregistration:
    """A de-registration that stands; a withdrawn one is nil in PLASTA."""
    return Deregistration(
        effective_on=row.day("wirksamAm"),
        job_found=row.truth("stelleGefunden"),
        reason_domain=row.word("grundDomain", codes.REASON_DOMAINS),
        reason_code=row.text("grundCode"),
        start_of_work=row.optional_day("stellenantritt"),
    )
