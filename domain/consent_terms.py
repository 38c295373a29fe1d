"""The words of the consent gate: categories, procurations, statutes, recipients."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Category(StrEnum):
    """The boxes of the procuration form."""

    ADMINISTRATIVE = "administrative"
    SOCIAL = "social"
    PROFESSIONAL = "professional"
    FINANCIAL = "financial"
    MEDICAL = "medical"


class Purpose(StrEnum):
    """Why something is disclosed; a statute names the purposes that it covers."""

    REGISTRATION_CHECK = "registration_check"
    FOLLOW_UP = "follow_up"
    MIRROR = "mirror"
    REINSERTION_NOTICE = "reinsertion_notice"


@dataclass(frozen=True, slots=True)
class Procuration:
    """The signed paper: who may receive which categories, from when to when (calendar days of Europe/Zurich)."""

    procuration_id: str
    valid_from: date
    valid_to: date
    recipients: frozenset[str]
    categories: frozenset[Category]
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """An institution that something would go to, as the registry describes it. ``inside`` is the CII itself."""

    institution: str
    inside: bool = False
    public_employment: bool = False
    reciprocal: bool = False
    may_receive_avs: bool = False


@dataclass(frozen=True, slots=True)
class Statute:
    """A legal basis from configuration, by its reference, with exactly what it covers."""

    reference: str
    purposes: frozenset[Purpose]
    categories: frozenset[Category]
    fields: frozenset[str]
    inside_only: bool = False
    public_employment_only: bool = False
    open_coaching_only: bool = False


IDENTIFIERS = frozenset({"personal_number", "avs_number", "birth_date", "family_name", "first_name"})
"""What a person is looked up by."""

SHIPPED_STATUTES = (
    Statute(
        reference="registration-duty",
        purposes=frozenset({Purpose.REGISTRATION_CHECK}),
        categories=frozenset({Category.ADMINISTRATIVE}),
        fields=IDENTIFIERS | {"keyword"},
        public_employment_only=True,
        open_coaching_only=True,
    ),
    Statute(
        reference="cii-convention",
        purposes=frozenset({Purpose.MIRROR, Purpose.REINSERTION_NOTICE}),
        categories=frozenset({Category.ADMINISTRATIVE}),
        fields=frozenset({"case_id", "registration", "deregistration", "keyword", "reinsertion"}),
        inside_only=True,
    ),
)
"""The two rows that ship (an assumption of ours, see ``docs``): the duty to register, and the CII's own convention."""
