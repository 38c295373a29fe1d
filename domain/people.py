"""Who a case is about: the three identifiers, and the person as each system knows her."""

from dataclasses import dataclass
from datetime import date
from typing import NewType

from domain.facets import Language

CaseId = NewType("CaseId", str)
"""The CII software's id of a case; a pseudonym, may be logged."""

PersonalNumber = NewType("PersonalNumber", str)
"""``personenNr``: eight digits, stable for a person; what a case is bound to. Personal data."""

AvsNumber = NewType("AvsNumber", str)
"""``svNr``: 13 digits without dots, check digit verified where it entered. Personal data."""

RegistrationId = NewType("RegistrationId", str)
"""``stesIdAvam``: one registration of a person; a person has several over time."""


@dataclass(frozen=True, slots=True)
class PersonKey:
    """Everything that a look-up may go by; the registry tries the surest that is there.

    Language and place of residence find nobody; asking for a registration needs them (C3).
    """

    birth_date: date
    family_name: str
    first_name: str
    personal_number: PersonalNumber | None = None
    avs_number: AvsNumber | None = None
    language: Language | None = None
    postal_code: str = ""
    locality: str = ""


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """The person as the CII software describes her (owner of identity and contact)."""

    family_name: str
    first_name: str
    birth_date: date
    language: Language
    avs_number: AvsNumber | None = None
    personal_number: PersonalNumber | None = None
    locality: str = ""
    postal_code: str = ""

    def key(self) -> PersonKey:
        """What this person can be looked up and registered by."""
        return PersonKey(
            birth_date=self.birth_date,
            family_name=self.family_name,
            first_name=self.first_name,
            personal_number=self.personal_number,
            avs_number=self.avs_number,
            language=self.language,
            postal_code=self.postal_code,
            locality=self.locality,
        )
