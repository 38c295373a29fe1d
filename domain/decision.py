"""The material of a decision and its result: facts go in, findings, wishes and asks come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.cases import CaseFile
from domain.compare import Finding, Treatment
from domain.facets import Facet, FacetValue, Target
from domain.intents import Wish
from domain.people import CaseId
from domain.registrations import RegistryView
from domain.work_items import Ask


@dataclass(frozen=True, slots=True)
class Agreed:
    """What both systems last agreed on for a facet; ``revision`` counts how often that changed."""

    value: FacetValue
    revision: int


@dataclass(frozen=True, slots=True)
class Mode:
    """Whether a facet may be written to a target. ``since`` is the first day (Europe/Zurich) whose events count."""

    active: bool = False
    since: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All that a decision about one case may know; nothing is read while deciding.

    ``seen`` is the store's mark of these facts; the decision carries it back.
    """

    case: CaseFile
    view: RegistryView | None = None
    agreed: Mapping[Facet, Agreed] = field(default_factory=dict)
    seen: str = ""


@dataclass(frozen=True, slots=True)
class FacetFinding:
    """One comparison with what follows. ``proposed`` is where a write would go, ``mode`` whether it may."""

    facet: Facet
    finding: Finding
    treatment: Treatment
    cii: FacetValue | None = None
    plasta: FacetValue | None = None
    proposed: Target | None = None
    active: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows for one case. Asks of an earlier decision that are not repeated here become moot.

    ``inferred`` are agreements of before our memory, kept at revision 0 where none is remembered: what they were
    inferred from is about to change.

    ``recheck_on`` is the next day on which the passing of time alone can change this decision. ``seen`` is that of
    the facts: a decision about facts that have moved since is not stored, and the case stays undecided.
    """

    case_id: CaseId
    findings: tuple[FacetFinding, ...] = ()
    wishes: tuple[Wish, ...] = ()
    asks: tuple[Ask, ...] = ()
    settled: Mapping[Facet, FacetValue] = field(default_factory=dict)
    inferred: Mapping[Facet, FacetValue] = field(default_factory=dict)
    recheck_on: date | None = None
    seen: str = ""
