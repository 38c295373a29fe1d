"""What the PLASTA stand-in holds: persons, their registrations, de-registrations and documents. Invented persons only.

All records are immutable; the state replaces them. Dates are local days (Europe/Zurich), instants are aware UTC.
Codes are PLASTA's own (see `code_lists`).
"""

from dataclasses import dataclass
from datetime import date, datetime

ACTIVE = "1"
INACTIVE = "2"

FIRST_REGISTRATION = "1"
AGAIN_WITHIN_SIX_MONTHS = "2"
AGAIN_AFTER_SIX_MONTHS = "3"
CHANGE_OF_OFFICE = "4"

GERMAN = "1"
FRENCH = "2"
ITALIAN = "3"

JOB_FOUND = "ABMELDEGRUND"
NO_JOB = "ABMELDEGRUNDOHNESTELLE"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person lives; the street may be unknown."""

    postal_code: str
    locality: str
    street: str | None = None


@dataclass(frozen=True, slots=True)
class Deregistration:
    """The end of a registration, which may lie in the future; `reason_code` is of `reason_domain`'s code list."""

    effective_on: date
    job_found: bool
    reason_domain: str
    reason_code: str
    recorded_at: datetime
    start_of_work: date | None = None
    version: int = 1
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration (`stesIdAvam`) with its keywords (ids); `kind` 1-4 and `status` 1-2 as in PLASTA."""

    stes_id: str
    office: str
    registered_on: date
    changed_at: datetime
    kind: str = FIRST_REGISTRATION
    status: str = ACTIVE
    adviser: str | None = None
    keywords: tuple[str, ...] = ()
    version: int = 1
    deregistration: Deregistration | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document's metadata in the GED, filed by person, business kind and business case."""

    document_id: str
    title: str
    kind: str
    business_kind: str
    business_case: str
    filed_at: datetime
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class JobSeeker:
    """One person (`personenNr`, 8 digits), registrations oldest first; no registration is possible after a merge.

    `merged_into` names the surviving personal number; `protected` means that our account may not see or change her.
    """

    personal_number: str
    family_name: str
    first_name: str
    birth_date: date
    language: str
    address: Address
    changed_at: datetime
    avs_number: str | None = None
    sex: str | None = None
    registrations: tuple[Registration, ...] = ()
    documents: tuple[Document, ...] = ()
    merged_into: str | None = None
    protected: bool = False
    version: int = 1

    def registration(self, stes_id: str) -> Registration | None:
        """Return her registration of that id, or None."""
        return next((item for item in self.registrations if item.stes_id == stes_id), None)

    @property
    def active_registrations(self) -> tuple[Registration, ...]:
        """Her registrations that are active now; several are possible and mean that somebody must look."""
        return tuple(item for item in self.registrations if item.status == ACTIVE)


@dataclass(frozen=True, slots=True)
class RegistrationRequest:
    """A registration asked for by `anmeldeStes`: PENDENT until the ORP has matched her against the central register."""

    process_id: str
    family_name: str
    first_name: str
    birth_date: date
    office: str
    language: str
    address: Address
    asked_at: datetime
    avs_number: str | None = None
    sex: str | None = None
    status: str = "PENDENT"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the change feed: no more than the contract tells."""

    sequence: int
    personal_number: str
    stes_id: str | None
    kind: str
