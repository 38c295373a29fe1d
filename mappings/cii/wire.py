"""The shapes of the CII software's answers, field by field as in its contract. More fields are tolerated, fewer not."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from domain.cases import ExitReason, ProcedureKind, TeamRole
from domain.consent_terms import Category
from domain.facets import Language
from mappings.cii import words
from mappings.cii.values import (
    Actor,
    Avs,
    CaseIdText,
    Code,
    Cursor,
    Day,
    Instant,
    InstitutionId,
    MailAddress,
    MirrorVersion,
    Name,
    Personal,
    Place,
    PostalCode,
    ProcurationId,
    Values,
    Version,
    members,
    word_of,
    wrong,
)

LanguageWord = Annotated[Language, members(words.LANGUAGES)]
RoleWord = Annotated[TeamRole, members(words.TEAM_ROLES)]
_CLOSED = "closed"


class _Shape(BaseModel):
    """Camel case on the wire; an error never shows its input."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, hide_input_in_errors=True)


class LocalityShape(_Shape):
    """Where the person lives."""

    postal_code: PostalCode
    name: Place


class BeneficiaryShape(_Shape):
    """The person. A number is absent when nobody noted it."""

    family_name: Name
    first_name: Name
    birth_date: Day
    language: LanguageWord
    locality: LocalityShape
    avs_number: Avs | None = None
    personal_number: Personal | None = None

    @field_validator("avs_number", "personal_number", mode="before")
    @classmethod
    def _no_null(cls, value: object) -> object:
        return _given(value)


class ProcedureShape(_Shape):
    """One procedure; which states there are depends on its kind."""

    kind: Annotated[ProcedureKind, members(words.PROCEDURE_KINDS)]
    state: str
    opened_on: Day
    closed_on: Day | None = Field(default=None, validate_default=True)

    @field_validator("state", mode="before")
    @classmethod
    def _state_of_kind(cls, value: object, info: ValidationInfo) -> str:
        if "kind" not in info.data:
            return ""  # the kind is the error then
        return word_of(words.PROCEDURE_STATES[info.data["kind"]])(value)

    @field_validator("closed_on")
    @classmethod
    def _closed_with_a_day(cls, value: object, info: ValidationInfo) -> object:
        """Whether a procedure runs decides about consent and keyword: the two ways to say so must agree."""
        if "state" in info.data and (info.data["state"] == _CLOSED) is not (value is not None):
            raise wrong("does not go with the state")
        return value


class ExitShape(_Shape):
    """Why the case was left, and when."""

    reason: Annotated[ExitReason, members(words.EXIT_REASONS)]
    on: Day


class ReinsertionShape(_Shape):
    """The tandem's word that the person is back at work (C10)."""

    confirmed_on: Day
    confirmed_by: RoleWord
    start_of_work: Day | None = None


class TeamMemberShape(_Shape):
    """One member of the team."""

    role: RoleWord
    institution: InstitutionId
    name: Name
    email: MailAddress
    language: LanguageWord


class ProcurationShape(_Shape):
    """What the person allowed, to whom, for how long."""

    id: ProcurationId
    valid_from: Day
    valid_to: Day
    revoked_on: Day | None = None
    recipients: Annotated[list[InstitutionId], Field(max_length=30)]
    categories: Annotated[list[Annotated[Category, members(words.CATEGORIES)]], Field(max_length=5)]


class MirrorShape(_Shape):
    """What was written back to one facet."""

    value: Values
    version: Version
    changed_by: Actor


def _our_facets(value: object) -> object:
    """Only facets that we write; a name of a later contract would else stand in an error's path."""
    if not isinstance(value, dict):
        raise wrong("should be an object")
    return {name: entry for name, entry in value.items() if name in words.FACETS}


def _given(value: object) -> object:
    """The contract never sends null: absent means unknown."""
    if value is None:
        raise wrong("is null; unknown values are left out")
    return value


class CaseShape(_Shape):
    """One case as listed and as read alone."""

    case_id: CaseIdText
    sequence: Annotated[int, Field(strict=True, ge=1)]
    version: Version
    changed_at: Instant
    region: Annotated[str, members({name: name for name in words.REGIONS})]
    language: LanguageWord
    beneficiary: BeneficiaryShape
    procedures: Annotated[list[ProcedureShape], Field(max_length=20)]
    team: Annotated[list[TeamMemberShape], Field(max_length=20)]
    procurations: Annotated[list[ProcurationShape], Field(max_length=50)]
    mirror: Annotated[dict[str, MirrorShape], BeforeValidator(_our_facets)]
    exit: ExitShape | None = None
    reinsertion: ReinsertionShape | None = None


class FacetShape(_Shape):
    """One mirror facet as read or written alone; version 0 means that nothing was written yet."""

    facet: Code
    value: Values
    version: MirrorVersion
    changed_by: Actor | None = None


class PageShape(_Shape):
    """One page of changes, its cases still unread: each is judged on its own."""

    items: Annotated[list[Any], Field(max_length=500)]
    next_cursor: Cursor
    more: Annotated[bool, Field(strict=True)]


class HealthShape(_Shape):
    """The service's word about itself."""

    status: Annotated[str, Field(pattern="^ok$")]
    contract: Annotated[str, Field(pattern="^cii-v1$")]
