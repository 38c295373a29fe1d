"""A case as the CII software tells it: the procedures, the team, the procurations, what it mirrors of PLASTA."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.consent_terms import Procuration
from domain.facets import Facet, FacetValue, Language
from domain.people import Beneficiary, CaseId


class ProcedureKind(StrEnum):
    """Coaching ORP-CMS (C), case management (M), assessment (A)."""

    COACHING = "coaching"
    CASE_MANAGEMENT = "case_management"
    ASSESSMENT = "assessment"


class CoachingState(StrEnum):
    """Where a coaching stands, in the order of the steps C1 to C13."""

    ANNOUNCED = "announced"
    REGISTRATION_PENDING = "registration_pending"
    REGISTERED = "registered"
    PREPARING = "preparing"
    INTERVIEWED = "interviewed"
    EVALUATING = "evaluating"
    PLANNED = "planned"
    RUNNING = "running"
    REINSERTED = "reinserted"
    FOLLOW_UP = "follow_up"
    FINAL_REPORT = "final_report"
    CLOSED = "closed"


class ExitReason(StrEnum):
    """The five exit reasons of C13, in the order of seed 002."""

    EMPLOYMENT = "employment"
    LACK_OF_COOPERATION = "lack_of_cooperation"
    OTHER = "other"
    OTHER_INSTITUTION = "other_institution"
    NETWORK_FOLLOW_UP = "network_follow_up"


class TeamRole(StrEnum):
    """Who works on a case; the two respondents are its tandem."""

    ORP_RESPONDENT = "orp_respondent"
    CMS_RESPONDENT = "cms_respondent"
    CASE_MANAGER = "case_manager"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure of a case. ``state`` is a :class:`CoachingState` word for coaching, ``open``/``closed`` else."""

    kind: ProcedureKind
    state: str
    opened_on: date
    closed_on: date | None = None

    @property
    def is_open(self) -> bool:
        """A procedure without a closing date runs."""
        return self.closed_on is None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One member of a case's team, with the institution by its registry id."""

    role: TeamRole
    institution: str
    name: str
    email: str
    language: Language


@dataclass(frozen=True, slots=True)
class Exit:
    """Why and when a case was closed in the CII software (C13)."""

    reason: ExitReason
    closed_on: date


@dataclass(frozen=True, slots=True)
class Reinsertion:
    """The word that the person is back at work (C10): the tandem's in the CII software, or PLASTA's alone (None)."""

    confirmed_on: date
    confirmed_by: TeamRole | None
    start_of_work: date | None = None


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What the CII software holds of PLASTA's state, by facet; ``version`` 0 means nothing yet."""

    version: int
    value: FacetValue | None = None
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The whole of what the CII software says about a case that we work with."""

    case_id: CaseId
    version: int
    changed_at: datetime
    region: str
    language: Language
    beneficiary: Beneficiary
    procedures: tuple[Procedure, ...]
    team: tuple[TeamMember, ...] = ()
    procurations: tuple[Procuration, ...] = ()
    exit: Exit | None = None
    reinsertion: Reinsertion | None = None
    mirror: Mapping[Facet, Mirrored] = field(default_factory=dict)

    def coaching(self) -> Procedure | None:
        """The open coaching procedure, if one runs."""
        return next((one for one in self.procedures if one.kind is ProcedureKind.COACHING and one.is_open), None)

    def was_coached(self) -> bool:
        """Whether a coaching ran at any time."""
        return any(one.kind is ProcedureKind.COACHING for one in self.procedures)

    def tandem(self) -> tuple[TeamMember, ...]:
        """The ORP and the CMS respondent, as far as they are named."""
        pair = (TeamRole.ORP_RESPONDENT, TeamRole.CMS_RESPONDENT)
        return tuple(member for member in self.team if member.role in pair)

    def followed_by(self, institution: str) -> bool:
        """Whether a member of this institution is on the team."""
        return any(member.institution == institution for member in self.team)

    def mirrored(self, facet: Facet) -> Mirrored:
        """What is mirrored for a facet; version 0 where nothing is yet."""
        return self.mirror.get(facet, Mirrored(version=0))
