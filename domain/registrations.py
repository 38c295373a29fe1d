"""What PLASTA says about a person: registrations over time, keywords, a de-registration that may lie ahead."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.people import AvsNumber, PersonalNumber, RegistrationId


@dataclass(frozen=True, slots=True)
class Deregistration:
    """A hint, not a fact (rule 2): it can lie ahead, be withdrawn, or be a mere change of office.

    ``reason_domain`` and ``reason_code`` are PLASTA's own words, mapped nowhere by guess.
    """

    effective_on: date
    job_found: bool
    reason_domain: str
    reason_code: str
    start_of_work: date | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration of a person (``stesIdAvam``) with its office and whether it carries our keyword."""

    registration_id: RegistrationId
    active: bool
    office: str
    registered_on: date
    has_keyword: bool
    version: int
    deregistration: Deregistration | None = None


@dataclass(frozen=True, slots=True)
class RegistryPerson:
    """A person in PLASTA. ``merged_into`` names the number that lives on when two were one person."""

    personal_number: PersonalNumber
    family_name: str
    first_name: str
    birth_date: date
    registrations: tuple[Registration, ...] = ()
    avs_number: AvsNumber | None = None
    merged_into: PersonalNumber | None = None

    def active(self) -> tuple[Registration, ...]:
        """The active registrations; more than one is for a person to settle."""
        return tuple(one for one in self.registrations if one.active)

    def current(self) -> Registration | None:
        """The registration that speaks for the person: the one active, else the newest; None if none or several."""
        active = self.active()
        if len(active) > 1:
            return None
        if active:
            return active[0]
        return max(self.registrations, key=lambda one: (one.registered_on, one.registration_id), default=None)


@dataclass(frozen=True, slots=True)
class Hit:
    """One person found by a search, before anything else is read of her."""

    personal_number: PersonalNumber
    birth_date: date
    family_name: str
    first_name: str


class Sight(StrEnum):
    """How a look-up ended; only a whole, proven answer ends as ``unknown_person``."""

    BOUND = "bound"
    UNKNOWN_PERSON = "unknown_person"
    SEVERAL_PERSONS = "several_persons"
    CANDIDATE = "candidate"
    OTHER_BIRTH_DATE = "other_birth_date"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class RegistryView:
    """What PLASTA says about one case, as of ``read_at`` (UTC, taken before the question was sent)."""

    sight: Sight
    read_at: datetime
    person: RegistryPerson | None = None
    candidates: tuple[PersonalNumber, ...] = ()
    denied_because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeywordState:
    """Whether a registration carries our keyword, and the version to save against (``ojbVersion``)."""

    present: bool
    version: int
