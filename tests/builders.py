"""Invented cases and persons for tests: sensible defaults, every part replaceable by name."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from domain.cases import CaseFile, Exit, ExitReason, Mirrored, Procedure, ProcedureKind, TeamMember, TeamRole
from domain.consent_terms import Category, Procuration, Recipient
from domain.facets import Facet, FacetValue, Language
from domain.mail import Mailbox
from domain.people import AvsNumber, Beneficiary, CaseId, PersonalNumber, RegistrationId
from domain.registrations import Registration, RegistryPerson, RegistryView, Sight
from domain.settlement import WRITER

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
CASE_ID = CaseId("CII-2026-000001")
NUMBER = PersonalNumber("10000001")
AVS = AvsNumber("7569217076985")
BORN = date(1988, 4, 17)
OPENED = date(2026, 9, 1)

MIRROR: dict[Facet, FacetValue] = {
    Facet.REGISTRATION: {
        "status": "registered",
        "office": "VSO10",
        "registration": "AD000001",
        "since": "2026-08-20",
    },
    Facet.KEYWORD_STATE: {"present": "yes"},
}
"""What the CII software mirrors of :func:`person` when both agree."""


def beneficiary(**changes: Any) -> Beneficiary:  # noqa: ANN401 - any field of a dataclass
    """An invented person."""
    made = Beneficiary("Bonvin", "Élodie", BORN, Language.FR, AVS, NUMBER, "Sion")
    return replace(made, **changes)


def procuration(**changes: Any) -> Procuration:  # noqa: ANN401 - any field of a dataclass
    """A valid one for the ORP of Sion, administrative."""
    made = Procuration(
        "P1", date(2026, 9, 1), date(2027, 8, 31), frozenset({"orp-sion"}), frozenset({Category.ADMINISTRATIVE})
    )
    return replace(made, **changes)


def coaching(state: str = "running", closed_on: date | None = None) -> Procedure:
    """Procedure C."""
    return Procedure(ProcedureKind.COACHING, state, OPENED, closed_on)


def mirror(values: dict[Facet, FacetValue] | None = None, by: str = WRITER) -> dict[Facet, Mirrored]:
    """Mirrored values at version 1."""
    return {facet: Mirrored(1, value, by) for facet, value in (MIRROR if values is None else values).items()}


def case(**changes: Any) -> CaseFile:  # noqa: ANN401 - any field of a dataclass
    """A coaching in Sion that agrees with :func:`view` in everything."""
    made = CaseFile(
        case_id=CASE_ID,
        version=1,
        changed_at=NOW,
        region="sion",
        language=Language.FR,
        beneficiary=beneficiary(),
        procedures=(coaching(),),
        team=(
            TeamMember(TeamRole.ORP_RESPONDENT, "orp-sion", "Anne Favre", "anne.favre@orp.example", Language.FR),
            TeamMember(TeamRole.CMS_RESPONDENT, "cms-sion", "Luc Rey", "luc.rey@cms.example", Language.FR),
        ),
        procurations=(procuration(),),
        mirror=mirror(),
    )
    return replace(made, **changes)


def closed_case(reason: ExitReason = ExitReason.EMPLOYMENT, **changes: Any) -> CaseFile:  # noqa: ANN401 - any field
    """A coaching that the coordinator closed."""
    on = date(2026, 11, 10)
    return case(procedures=(coaching("closed", on),), exit=Exit(reason, on), **changes)


def registration(**changes: Any) -> Registration:  # noqa: ANN401 - any field of a dataclass
    """An active registration in Sion with our keyword."""
    made = Registration(RegistrationId("AD000001"), True, "VSO10", date(2026, 8, 20), True, 3)
    return replace(made, **changes)


def person(*registrations: Registration, **changes: Any) -> RegistryPerson:  # noqa: ANN401 - any field
    """The same person in PLASTA, in capitals as PLASTA writes some."""
    made = RegistryPerson(NUMBER, "BONVIN", "Élodie", BORN, registrations or (registration(),), AVS)
    return replace(made, **changes)


def view(found: RegistryPerson | None = None, **changes: Any) -> RegistryView:  # noqa: ANN401 - any field
    """A bound view of :func:`person`."""
    return replace(RegistryView(Sight.BOUND, NOW, found or person()), **changes)


class Institutions:
    """A small partner registry: implements ``domain.ports.Institutions``."""

    def recipient(self, institution: str) -> Recipient:
        """Everybody at an ORP or inside the CII; others are strangers."""
        if institution.startswith("orp-"):
            return Recipient(institution, public_employment=True, reciprocal=True, may_receive_avs=True)
        inside = institution.startswith(("cii-office", "coordinator-", "secretariat"))
        return Recipient(institution, inside=inside)

    def orp_of(self, region: str) -> str:
        """By name."""
        return f"orp-{region}"

    def office_code_of(self, region: str) -> str:
        """Sion or Brig."""
        return {"sion": "VSO10", "oberwallis": "VSP10"}[region]

    def coordinator_of(self, region: str) -> str:
        """By name."""
        return f"coordinator-{region}"

    def cii_office(self) -> str:
        """There is one."""
        return "cii-office"

    def mailbox(self, institution: str) -> Mailbox | None:
        """Everybody reads mail, Upper Valais in German."""
        language = Language.DE if institution.endswith("oberwallis") else Language.FR
        return Mailbox(f"{institution}@vs.example", institution, language)
