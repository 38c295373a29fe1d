"""Three-point comparison: what each side says now against what both last agreed on.

Pure. The ownership table of ``domain.md`` (rule 6) says who may move what; nobody's move is overwritten.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.facets import Facet, FacetValue, System, Target


class Finding(StrEnum):
    """The result of one comparison."""

    AGREE = "agree"
    CII_MOVED = "cii_moved"
    PLASTA_MOVED = "plasta_moved"
    BOTH_MOVED = "both_moved"
    CII_ONLY = "cii_only"
    PLASTA_ONLY = "plasta_only"
    DIFFER_AT_FIRST_SIGHT = "differ_at_first_sight"
    NOT_ALLOWED = "not_allowed"


class Treatment(StrEnum):
    """What follows from a finding under the ownership rules."""

    NOTHING = "nothing"
    SETTLE = "settle"
    WRITE_CII = "write_cii"
    WRITE_PLASTA = "write_plasta"
    ASK_OWNER = "ask_owner"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Ownership:
    """One row of the ownership table: who may move a facet, and which sides have an operation that writes it."""

    facet: Facet
    movers: frozenset[System]
    writes_cii: bool = False
    writes_plasta: bool = False


OWNERSHIP: dict[Facet, Ownership] = {
    row.facet: row
    for row in (
        Ownership(Facet.IDENTITY, frozenset({System.CII})),
        Ownership(Facet.REGISTRATION, frozenset({System.PLASTA}), writes_cii=True),
        Ownership(Facet.DEREGISTRATION, frozenset({System.PLASTA}), writes_cii=True),
        Ownership(Facet.KEYWORD, frozenset({System.CII}), writes_plasta=True),
        Ownership(Facet.KEYWORD_STATE, frozenset({System.PLASTA}), writes_cii=True),
    )
}
"""Rule 6 for the facets of C1-C3 and C10. For ``keyword`` the CII side is the derived wish of procedure C."""


def find(cii: FacetValue | None, plasta: FacetValue | None, agreed: FacetValue | None) -> Finding:
    """Compare two views with the last agreement.

    An empty value is the same as none: "this side says nothing". ``agreed`` None means that there was never an
    agreement; an empty one, that both last agreed on nothing.
    """
    if (cii or None) == (plasta or None):
        return Finding.AGREE
    if agreed is None:
        return _at_first_sight(cii, plasta)
    if (plasta or None) == (agreed or None):
        return Finding.CII_MOVED
    return Finding.PLASTA_MOVED if (cii or None) == (agreed or None) else Finding.BOTH_MOVED


def _at_first_sight(cii: FacetValue | None, plasta: FacetValue | None) -> Finding:
    """Without an agreement a value on one side is a proposal, two different ones are a conflict."""
    if not cii:
        return Finding.PLASTA_ONLY
    return Finding.CII_ONLY if not plasta else Finding.DIFFER_AT_FIRST_SIGHT


def treat(finding: Finding, row: Ownership) -> Treatment:
    """What the ownership table makes of a finding."""
    match finding:
        case Finding.AGREE:
            return Treatment.SETTLE
        case Finding.PLASTA_MOVED | Finding.PLASTA_ONLY:
            return _moved(System.PLASTA, Treatment.WRITE_CII if row.writes_cii else None, row)
        case Finding.CII_MOVED | Finding.CII_ONLY:
            return _moved(System.CII, Treatment.WRITE_PLASTA if row.writes_plasta else None, row)
        case Finding.BOTH_MOVED | Finding.DIFFER_AT_FIRST_SIGHT:
            return Treatment.CONFLICT
        case Finding.NOT_ALLOWED:
            return Treatment.NOTHING


def _moved(mover: System, write: Treatment | None, row: Ownership) -> Treatment:
    """One side moved alone: written on if it may and there is an operation, else the owner is asked."""
    if mover not in row.movers or write is None:
        return Treatment.ASK_OWNER
    return write


TARGET_OF: dict[Treatment, Target] = {Treatment.WRITE_CII: Target.CII, Treatment.WRITE_PLASTA: Target.PLASTA}
"""Where a writing treatment takes effect."""
