"""Code tables of the CII software, total over its contract; what is not in one is an unknown code, never a guess."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.cases import CoachingState, ExitReason, ProcedureKind, TeamRole
from domain.consent_terms import Category
from domain.facets import MIRRORED, Facet, Language

LANGUAGES: Mapping[str, Language] = MappingProxyType({"fr": Language.FR, "de": Language.DE})

REGIONS = frozenset({"monthey", "martigny", "sierre", "sion", "oberwallis"})
"""The regions of the contract; the domain knows them by the same names."""

PROCEDURE_KINDS: Mapping[str, ProcedureKind] = MappingProxyType(
    {
        "coaching": ProcedureKind.COACHING,
        "case_management": ProcedureKind.CASE_MANAGEMENT,
        "assessment": ProcedureKind.ASSESSMENT,
    }
)

_COACHING: Mapping[str, str] = {
    "announced": CoachingState.ANNOUNCED,
    "registration_pending": CoachingState.REGISTRATION_PENDING,
    "registered": CoachingState.REGISTERED,
    "preparing": CoachingState.PREPARING,
    "interviewed": CoachingState.INTERVIEWED,
    "evaluating": CoachingState.EVALUATING,
    "planned": CoachingState.PLANNED,
    "running": CoachingState.RUNNING,
    "reinserted": CoachingState.REINSERTED,
    "follow_up": CoachingState.FOLLOW_UP,
    "final_report": CoachingState.FINAL_REPORT,
    "closed": CoachingState.CLOSED,
}
_CASE_MANAGEMENT = (
    "opened", "manager_designated", "plan_drafted", "plan_signed", "plan_validated", "running", "exit_report",
)  # fmt: skip
_ASSESSMENT = (
    "invitees_chosen", "date_agreed", "convoked", "interviewed", "contract_drafted", "contract_validated", "running",
)  # fmt: skip

PROCEDURE_STATES: Mapping[ProcedureKind, Mapping[str, str]] = MappingProxyType(
    {
        ProcedureKind.COACHING: _COACHING,
        ProcedureKind.CASE_MANAGEMENT: {**dict.fromkeys(_CASE_MANAGEMENT, "open"), "closed": "closed"},
        ProcedureKind.ASSESSMENT: {**dict.fromkeys(_ASSESSMENT, "open"), "closed": "closed"},
    }
)
"""States by kind of procedure; of the two that we only watch, whether they are open is all that counts so far."""

EXIT_REASONS: Mapping[str, ExitReason] = MappingProxyType(
    {
        "employment": ExitReason.EMPLOYMENT,
        "lack_of_cooperation": ExitReason.LACK_OF_COOPERATION,
        "other": ExitReason.OTHER,
        "other_institution": ExitReason.OTHER_INSTITUTION,
        "network_follow_up": ExitReason.NETWORK_FOLLOW_UP,
    }
)
"""Motifs de sortie (C13)."""

TEAM_ROLES: Mapping[str, TeamRole] = MappingProxyType(
    {
        "orp_respondent": TeamRole.ORP_RESPONDENT,
        "cms_respondent": TeamRole.CMS_RESPONDENT,
        "case_manager": TeamRole.CASE_MANAGER,
        "coordinator": TeamRole.COORDINATOR,
    }
)

CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {
        "administrative": Category.ADMINISTRATIVE,
        "social": Category.SOCIAL,
        "professional": Category.PROFESSIONAL,
        "financial": Category.FINANCIAL,
        "medical": Category.MEDICAL,
    }
)

FACET_NAMES: Mapping[Facet, str] = MappingProxyType(dict(MIRRORED))
"""Our facets that are written back, by their name in the contract. The others are not mirrored."""

FACETS: Mapping[str, Facet] = MappingProxyType({name: facet for facet, name in MIRRORED.items()})
"""The way back. A facet that only a later contract has is none of ours and is left alone."""
