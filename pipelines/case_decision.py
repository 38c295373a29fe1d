"""What follows for one case: every facet compared, every rule of C1-C3, C10 and C13 asked. Pure.

The same function decides in the nightly, after a check, after an effect, and once more just before sending:
an intent whose decision would not be taken again today is not sent.
"""

from domain import consent
from domain.compare import OWNERSHIP, Finding, Treatment, find, treat
from domain.consent import Allowed, Denied
from domain.consent_terms import Category, Purpose
from domain.decision import CaseFacts, Decision
from domain.facets import MIRRORED, Facet, FacetValue, Target
from domain.intents import IntentKind
from domain.normal_form import cii_says, plasta_says
from domain.registrations import RegistryView, Sight
from domain.work_items import Role, WorkItemKind
from pipelines import keyword_decision, registration_decision, reinsertion_decision
from pipelines.draft import Context, Draft, both, digest

ADMINISTRATIVE = frozenset({Category.ADMINISTRATIVE})


def decide(facts: CaseFacts, context: Context) -> Decision:
    """Findings, wishes and asks for one case, from what is known of it now."""
    draft = Draft(facts, context)
    case = facts.case
    if (day := consent.next_change(case, context.today)) is not None:
        draft.recheck.append(day)
    verdict = _orp_gate(draft)
    if isinstance(verdict, Denied):
        _denied(draft, verdict)
    elif facts.view is not None:
        _compare(draft, facts.view, verdict)
    reinsertion_decision.from_cii(draft)
    return draft.decision()


def _orp_gate(draft: Draft) -> consent.Verdict:
    """Whether the ORP of the region, to which PLASTA belongs, may learn of this case."""
    context, case = draft.context, draft.facts.case
    orp = context.institutions.recipient(context.institutions.orp_of(case.region))
    return consent.decide(case, orp, ADMINISTRATIVE, Purpose.REGISTRATION_CHECK, context.today, context.rules.statutes)


def _denied(draft: Draft, verdict: Denied) -> None:
    """No basis: nothing is compared, and an open case asks for a procuration; never a negative status (rule 1)."""
    reasons = ", ".join(verdict.reasons)
    draft.note(Facet.REGISTRATION, Finding.NOT_ALLOWED, Treatment.NOTHING, f"no basis: {reasons}")
    if any(procedure.is_open for procedure in draft.facts.case.procedures):
        draft.ask(WorkItemKind.PROCURATION_NEEDED, Role.CASE_MANAGER, "orp")


def _compare(draft: Draft, view: RegistryView, verdict: Allowed) -> None:
    """All facets that the basis covers."""
    if view.sight is Sight.NOT_ALLOWED:
        return  # a basis came since; the next look-up replaces this view
    if view.sight in registration_decision.UNSURE:
        registration_decision.whose_person(draft, view)
        return
    registration_decision.presence(draft, view, verdict)
    if view.person is not None:
        _identity(draft, view, verdict)
        registration_decision.several_active(draft, view)
        if keyword_decision.decide(draft, view, verdict):
            _mirror(draft, view, Facet.KEYWORD_STATE)
    _mirror(draft, view, Facet.REGISTRATION)
    if "deregistration" in verdict.fields:
        _mirror(draft, view, Facet.DEREGISTRATION)
        reinsertion_decision.from_plasta(draft, view)
    if "status" in verdict.fields:
        _closing(draft, view)


def _identity(draft: Draft, view: RegistryView, verdict: Allowed) -> None:
    """Names as both systems have them; PLASTA has no operation for them, so a difference is a person's."""
    if "identity" not in verdict.fields:
        draft.note(Facet.IDENTITY, Finding.NOT_ALLOWED, Treatment.NOTHING, f"{verdict.basis} covers the number only")
        return
    cii, plasta = cii_says(draft.facts.case, Facet.IDENTITY), plasta_says(view, Facet.IDENTITY)
    finding = find(cii, plasta, draft.agreed(Facet.IDENTITY))
    treatment = treat(finding, OWNERSHIP[Facet.IDENTITY])
    if treatment is Treatment.SETTLE:
        draft.settle(Facet.IDENTITY, cii)
    elif treatment is Treatment.CONFLICT:
        _conflict(draft, Facet.IDENTITY, finding, (cii, plasta), Role.TANDEM)
    else:
        draft.note(Facet.IDENTITY, finding, treatment, "one side changed; PLASTA is corrected by hand", (cii, plasta))
        draft.ask(WorkItemKind.CORRECT_IDENTITY, Role.TANDEM, digest(both(cii, plasta)), values=both(cii, plasta))


def _mirror(draft: Draft, view: RegistryView, facet: Facet) -> None:
    """PLASTA owns it, the CII software shows it: PLASTA's move is written, a hand's in the mirror is asked about."""
    plasta = plasta_says(view, facet)
    if plasta is None:
        return
    cii = cii_says(draft.facts.case, facet)
    finding = find(cii, plasta, draft.agreed(facet))
    treatment = treat(finding, OWNERSHIP[facet])
    if treatment is Treatment.SETTLE:
        draft.settle(facet, plasta)
    elif treatment is Treatment.WRITE_CII:
        _write_back(draft, facet, finding, (cii, plasta))
    else:
        _conflict(draft, facet, finding, (cii, plasta), Role.OFFICE)


def _write_back(
    draft: Draft, facet: Facet, finding: Finding, sides: tuple[FacetValue | None, FacetValue | None]
) -> None:
    """Bring the mirror up to PLASTA's state, inside the CII and therefore under its own convention."""
    context, case = draft.context, draft.facts.case
    office = context.institutions.recipient(context.institutions.cii_office())
    verdict = consent.decide(case, office, ADMINISTRATIVE, Purpose.MIRROR, context.today, context.rules.statutes)
    if isinstance(verdict, Denied):
        draft.note(facet, Finding.NOT_ALLOWED, Treatment.NOTHING, "no basis to tell the CII software")
        return
    why = f"PLASTA says {MIRRORED[facet]} otherwise than the CII software shows"
    if draft.note(facet, finding, Treatment.WRITE_CII, why, sides):
        seen = draft.facts.view.read_at.isoformat() if draft.facts.view else ""
        draft.wish(
            IntentKind.WRITE_BACK,
            Target.CII,
            facet,
            basis=verdict,
            why=why,
            payload={"observed_at": seen},
            settles=dict(sides[1] or {}),
        )


def _closing(draft: Draft, view: RegistryView) -> None:
    """Closed here for a job, still looking there: shown as a conflict, changed by nobody but a person (C13)."""
    case = draft.facts.case
    plasta = plasta_says(view, Facet.STATUS)
    current = view.person.current() if view.person else None
    closed_for_work = case.exit is not None and case.exit.reason == "employment" and case.coaching() is None
    if closed_for_work and current is not None and current.active and current.deregistration is None:
        cii = cii_says(case, Facet.STATUS)
        _conflict(draft, Facet.STATUS, Finding.DIFFER_AT_FIRST_SIGHT, (cii, plasta), Role.COORDINATOR)


def _conflict(
    draft: Draft,
    facet: Facet,
    finding: Finding,
    sides: tuple[FacetValue | None, FacetValue | None],
    role: Role,
) -> None:
    """Two values and no rule between them: nothing is overwritten, a person chooses (rule 5)."""
    draft.note(facet, finding, Treatment.CONFLICT, "a person decides", sides)
    values = both(*sides)
    draft.ask(WorkItemKind.RESOLVE_CONFLICT, role, f"{facet}:{digest(values)}", values=values)
