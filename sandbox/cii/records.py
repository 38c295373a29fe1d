"""What the CII software holds of a case. Frozen: a change makes a new record, so a reader never sees half of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

COACHING_STATES = (
    "announced",
    "registration_pending",
    "registered",
    "preparing",
    "interviewed",
    "evaluating",
    "planned",
    "running",
    "reinserted",
    "follow_up",
    "final_report",
    "closed",
)
"""Procedure C in the order of its steps C1-C13."""

CASE_MANAGEMENT_STATES = (
    "opened",
    "manager_designated",
    "plan_drafted",
    "plan_signed",
    "plan_validated",
    "running",
    "exit_report",
    "closed",
)
"""Procedure M in the order of its steps M1-M10."""

ASSESSMENT_STATES = (
    "invitees_chosen",
    "date_agreed",
    "convoked",
    "interviewed",
    "contract_drafted",
    "contract_validated",
    "running",
    "closed",
)
"""Procedure A in the order of its steps A1-A11."""

STATES: Mapping[str, tuple[str, ...]] = {
    "coaching": COACHING_STATES,
    "case_management": CASE_MANAGEMENT_STATES,
    "assessment": ASSESSMENT_STATES,
}
EXIT_REASONS = ("employment", "lack_of_cooperation", "other", "other_institution", "network_follow_up")
CATEGORIES = ("administrative", "social", "professional", "financial", "medical")
FACETS = ("registration", "deregistration", "keyword")


@dataclass(frozen=True)
class Locality:
    """Where the person lives: postal code, name as the post writes it, commune number of the federal list."""

    postal_code: str
    name: str
    bfs_number: int


@dataclass(frozen=True)
class Beneficiary:
    """The person a case is about. Both numbers may be unknown; the AVS number was typed by hand."""

    family_name: str
    first_name: str
    birth_date: date
    language: str
    locality: Locality
    avs_number: str | None = None
    personal_number: str | None = None


@dataclass(frozen=True)
class Procedure:
    """One procedure of a case: coaching (C), case management (M) or assessment (A), and where it stands."""

    kind: str
    state: str
    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True)
class Exit:
    """Why and when the case left the CII (C13)."""

    reason: str
    on: date


@dataclass(frozen=True)
class Reinsertion:
    """C10: the tandem says that the person found work. `confirmed_by` is the role of who said so."""

    confirmed_on: date
    confirmed_by: str
    start_of_work: date | None = None


@dataclass(frozen=True)
class TeamMember:
    """One person of the institutions who follows the case."""

    role: str
    institution: str
    name: str
    email: str
    language: str


@dataclass(frozen=True)
class Procuration:
    """What the person allowed: to which institutions, for which categories, for how long."""

    id: str
    signed_on: date
    valid_from: date
    valid_to: date
    recipients: tuple[str, ...]
    categories: tuple[str, ...]
    revoked_on: date | None = None


@dataclass(frozen=True)
class MirrorEntry:
    """One facet as last written back. `generation` counts the times its value really became another."""

    value: Mapping[str, str]
    version: int
    changed_at: datetime
    changed_by: str
    observed_at: datetime
    generation: int = 1


@dataclass(frozen=True)
class Document:
    """One filed document, without its content."""

    id: str
    kind: str
    media_type: str
    size: int
    sha256: str
    filed_on: date
    filed_by: str


@dataclass(frozen=True)
class Case:
    """A case file. `sequence` is the number of its newest change over all cases, 0 before it was taken in."""

    case_id: str
    region: str
    language: str
    beneficiary: Beneficiary
    procedures: tuple[Procedure, ...]
    changed_at: datetime
    changed_by: str
    team: tuple[TeamMember, ...] = ()
    procurations: tuple[Procuration, ...] = ()
    exit: Exit | None = None
    reinsertion: Reinsertion | None = None
    mirror: Mapping[str, MirrorEntry] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    version: int = 1
    sequence: int = 0
