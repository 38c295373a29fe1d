"""A decision while it is being made: the context it is made in, and the parts that add up to it. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.compare import TARGET_OF, Finding, Treatment
from domain.consent import Allowed
from domain.decision import Agreed, CaseFacts, Decision, FacetFinding, Mode
from domain.facets import Facet, FacetValue, Target
from domain.intents import IntentKind, Wish
from domain.normal_form import last_agreement
from domain.ports import Institutions, WorkingCalendar
from domain.work_items import Ask, Role, WorkItemKind
from pipelines.needs import Rules

OBSERVE = Mode()
"""What holds for a facet and target until somebody switches it on with a reason."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same for every case that is decided in one go."""

    now: datetime
    today: date
    modes: Mapping[tuple[Facet, Target], Mode]
    rules: Rules
    institutions: Institutions
    calendar: WorkingCalendar

    def mode(self, facet: Facet, target: Target) -> Mode:
        """Whether this facet may be written to this target."""
        return self.modes.get((facet, target), OBSERVE)


@dataclass(slots=True)
class Draft:
    """Collects what follows for one case; :meth:`decision` closes it."""

    facts: CaseFacts
    context: Context
    findings: list[FacetFinding] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    settled: dict[Facet, FacetValue] = field(default_factory=dict)
    inferred: dict[Facet, FacetValue] = field(default_factory=dict)
    recheck: list[date] = field(default_factory=list)

    def agreed(self, facet: Facet) -> FacetValue | None:
        """The last agreement, remembered or inferred from a value that we mirrored ourselves."""
        if (known := self.facts.agreed.get(facet)) is not None:
            return known.value
        if (value := last_agreement(self.facts.case, facet)) is not None:
            self.inferred[facet] = value
        return value

    def revision(self, facet: Facet) -> int:
        """How often the agreement changed: part of a wish's key, so that a later same wish is a new one."""
        return self.facts.agreed.get(facet, Agreed({}, 0)).revision

    def settle(self, facet: Facet, value: FacetValue | None) -> None:
        """Both sides say the same: that is the agreement now."""
        self.settled[facet] = dict(value or {})

    def note(
        self,
        facet: Facet,
        finding: Finding,
        treatment: Treatment,
        why: str,
        sides: tuple[FacetValue | None, FacetValue | None] = (None, None),
    ) -> bool:
        """Record a finding; True when it asks for a write that the mode allows."""
        target = TARGET_OF.get(treatment)
        active = target is not None and self.context.mode(facet, target).active
        self.findings.append(FacetFinding(facet, finding, treatment, sides[0], sides[1], target, active, why))
        return active

    def wish(
        self,
        kind: IntentKind,
        target: Target,
        facet: Facet,
        *,
        basis: Allowed,
        why: str,
        payload: Mapping[str, str],
        settles: FacetValue | None = None,
        occasion: str = "",
    ) -> None:
        """Propose an effect, keyed so that the same decision taken twice is one intent.

        ``occasion`` names what an effect happens once for, whatever both systems agree on meanwhile.
        """
        case_id = self.facts.case.case_id
        value = digest({**(settles or {}), "registration": payload.get("registration", "")})
        key = f"{kind}:{case_id}:{facet}:{occasion or f'{self.revision(facet)}:{value}'}"
        self.wishes.append(Wish(key, kind, target, facet, case_id, basis.basis, payload, why, settles))

    def ask(
        self,
        kind: WorkItemKind,
        role: Role,
        mark: str,
        *,
        values: Mapping[str, str] | None = None,
        within: int | None = None,
    ) -> None:
        """Propose a work item, due in working days of the canton."""
        days = self.context.rules.settle_conflict_within if within is None else within
        due = self.context.calendar.add_working_days(self.context.today, days)
        case_id = self.facts.case.case_id
        self.asks.append(Ask(f"{kind}:{case_id}:{mark}", kind, role, case_id, due, mark, dict(values or {})))

    def decision(self) -> Decision:
        """The finished decision."""
        return Decision(
            self.facts.case.case_id,
            findings=tuple(self.findings),
            wishes=tuple(self.wishes),
            asks=tuple(self.asks),
            settled=self.settled,
            inferred=self.inferred,
            recheck_on=min(self.recheck, default=None),
            seen=self.facts.seen,
        )


def digest(value: Mapping[str, str] | None) -> str:
    """A short mark of a value for keys: the same value gives the same mark."""
    text = "\n".join(f"{name}={value[name]}" for name in sorted(value)) if value else ""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def both(cii: FacetValue | None, plasta: FacetValue | None) -> dict[str, str]:
    """Both sides' values under one roof, as a work item keeps them."""
    sides = {"cii": cii or {}, "plasta": plasta or {}}
    return {f"{side}.{name}": text for side, value in sides.items() for name, text in value.items()}
