"""The CII software's answers as our types. Every error carries the path of the field, none its value."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from domain.cases import CaseFile, Exit, Mirrored, Procedure, Reinsertion, TeamMember
from domain.consent_terms import Procuration
from domain.errors import InvalidRecordError, MappingError
from domain.facets import Facet
from domain.people import Beneficiary
from mappings.cii import words
from mappings.cii.values import UNKNOWN_CODE
from mappings.cii.wire import (
    BeneficiaryShape,
    CaseShape,
    ExitShape,
    FacetShape,
    HealthShape,
    MirrorShape,
    PageShape,
    ProcedureShape,
    ProcurationShape,
    ReinsertionShape,
    TeamMemberShape,
)

Shape = TypeVar("Shape", bound=BaseModel)


def shaped(shape: type[Shape], value: object) -> Shape:
    """``value`` in the shape of the contract; raises ``MappingError`` (unknown code) or ``InvalidRecordError``."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    first = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    family = MappingError if first["type"] == UNKNOWN_CODE else InvalidRecordError
    raise family(f"{first['msg']}{more}", path=path_of(first["loc"]))


def path_of(location: tuple[int | str, ...]) -> str:
    """``("procedures", 0, "closed_on")`` as ``procedures[0].closedOn``, the contract's spelling."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{to_camel(part)}"
    return path.removeprefix(".") or "record"


def to_page(value: Mapping[str, Any]) -> PageShape:
    """A page, its cases still unread."""
    return shaped(PageShape, value)


def to_case(value: object) -> CaseFile:
    """One case."""
    shape = shaped(CaseShape, value)
    return CaseFile(
        case_id=shape.case_id,
        version=shape.version,
        changed_at=shape.changed_at,
        region=shape.region,
        language=shape.language,
        beneficiary=_beneficiary(shape.beneficiary),
        procedures=tuple(_procedure(one) for one in shape.procedures),
        team=tuple(_member(one) for one in shape.team),
        procurations=tuple(_procuration(one) for one in shape.procurations),
        exit=_exit(shape.exit) if shape.exit else None,
        reinsertion=_reinsertion(shape.reinsertion) if shape.reinsertion else None,
        mirror={words.FACETS[name]: _mirrored(one) for name, one in shape.mirror.items()},
    )


def to_mirrored(value: object, facet: Facet) -> Mirrored:
    """One mirror facet; an answer about another facet than asked for is an error."""
    shape = shaped(FacetShape, value)
    if words.FACETS.get(shape.facet) is not facet:
        raise InvalidRecordError("is not the facet that was asked for", path="facet")
    if shape.version == 0:
        return Mirrored(version=0)
    if shape.changed_by is None:
        raise InvalidRecordError("Field required", path="changedBy")
    return Mirrored(version=shape.version, value=shape.value, changed_by=shape.changed_by)


def check_health(value: object) -> None:
    """Raise unless the service is well and speaks our contract."""
    shaped(HealthShape, value)


def _beneficiary(shape: BeneficiaryShape) -> Beneficiary:
    return Beneficiary(
        family_name=shape.family_name,
        first_name=shape.first_name,
        birth_date=shape.birth_date,
        language=shape.language,
        avs_number=shape.avs_number,
        personal_number=shape.personal_number,
        locality=shape.locality.name,
        postal_code=shape.locality.postal_code,
    )


def _procedure(shape: ProcedureShape) -> Procedure:
    return Procedure(shape.kind, shape.state, shape.opened_on, shape.closed_on)


def _member(shape: TeamMemberShape) -> TeamMember:
    return TeamMember(shape.role, shape.institution, shape.name, shape.email, shape.language)


def _procuration(shape: ProcurationShape) -> Procuration:
    return Procuration(
        procuration_id=shape.id,
        valid_from=shape.valid_from,
        valid_to=shape.valid_to,
        recipients=frozenset(shape.recipients),
        categories=frozenset(shape.categories),
        revoked_on=shape.revoked_on,
    )


def _exit(shape: ExitShape) -> Exit:
    return Exit(shape.reason, shape.on)


def _reinsertion(shape: ReinsertionShape) -> Reinsertion:
    return Reinsertion(shape.confirmed_on, shape.confirmed_by, shape.start_of_work)


def _mirrored(shape: MirrorShape) -> Mirrored:
    return Mirrored(version=shape.version, value=shape.value, changed_by=shape.changed_by)
