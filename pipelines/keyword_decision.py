"""C2: the keyword is wanted while procedure C is open; a hand in PLASTA is never overruled by itself. Pure."""

from domain.compare import Finding, Treatment, find
from domain.consent import Allowed
from domain.facets import Facet, FacetValue, Target
from domain.intents import IntentKind
from domain.normal_form import cii_says, keyword_of, plasta_says
from domain.registrations import Registration, RegistryView
from domain.work_items import Role, WorkItemKind
from pipelines.draft import Draft

PRESENT: FacetValue = {"present": "yes"}
ABSENT: FacetValue = {"present": "no"}


def decide(draft: Draft, view: RegistryView, verdict: Allowed) -> bool:
    """Compare the wish with PLASTA; False when a write is on its way, so that the mirror waits for its result."""
    wanted = cii_says(draft.facts.case, Facet.KEYWORD)
    real = plasta_says(view, Facet.KEYWORD)
    current = view.person.current() if view.person else None
    if wanted is None or real is None or current is None or "keyword" not in verdict.fields:
        return True
    finding = find(wanted, real, _agreed_about(draft, current))
    if finding is Finding.AGREE:
        draft.settle(Facet.KEYWORD, keyword_of(current.registration_id, present=real == PRESENT))
        return True
    if wanted == PRESENT:
        return not _wanted(draft, current, finding, verdict)
    return not _not_wanted(draft, current, finding, verdict)


def _agreed_about(draft: Draft, current: Registration) -> FacetValue | None:
    """The last agreement about this very registration.

    A change of office or a new registration starts without our keyword: nobody removed it by hand.
    """
    agreed = draft.agreed(Facet.KEYWORD)
    if agreed is None or agreed.get("registration") not in ("", current.registration_id):
        return None
    return {"present": agreed["present"]}


def _wanted(draft: Draft, current: Registration, finding: Finding, verdict: Allowed) -> bool:
    """Missing in PLASTA: set it, unless somebody took it away there; an inactive registration is C3's matter."""
    if finding is Finding.PLASTA_MOVED:
        _by_hand(draft, finding, "removed in PLASTA by hand", ABSENT)
        return False
    if not current.active:
        return False
    why = "procedure C is open and the keyword is missing"
    if draft.note(Facet.KEYWORD, finding, Treatment.WRITE_PLASTA, why, (PRESENT, ABSENT)):
        _write(draft, IntentKind.SET_KEYWORD, current, why, verdict)
        return True
    return False


def _not_wanted(draft: Draft, current: Registration, finding: Finding, verdict: Allowed) -> bool:
    """There after the closing (ours: by setting or work item, C13), or put there by a hand (a question)."""
    if finding is not Finding.CII_MOVED:
        _by_hand(draft, finding, "set in PLASTA by hand", PRESENT)
        return False
    why = "procedure C is closed and the keyword is still there"
    if not draft.context.rules.remove_keyword_on_closing:
        draft.note(Facet.KEYWORD, finding, Treatment.ASK_OWNER, why, (ABSENT, PRESENT))
        draft.ask(WorkItemKind.REMOVE_KEYWORD, Role.TANDEM, current.registration_id)
        return False
    if draft.note(Facet.KEYWORD, finding, Treatment.WRITE_PLASTA, why, (ABSENT, PRESENT)):
        _write(draft, IntentKind.REMOVE_KEYWORD, current, why, verdict)
        return True
    return False


def _write(draft: Draft, kind: IntentKind, current: Registration, why: str, verdict: Allowed) -> None:
    """One effect on one registration."""
    draft.wish(
        kind,
        Target.PLASTA,
        Facet.KEYWORD,
        basis=verdict,
        why=why,
        payload={"registration": current.registration_id},
        settles=keyword_of(current.registration_id, present=kind is IntentKind.SET_KEYWORD),
    )


def _by_hand(draft: Draft, finding: Finding, why: str, real: FacetValue) -> None:
    """Somebody moved it: shown to the tandem, not set again by itself."""
    wanted = ABSENT if real == PRESENT else PRESENT
    draft.note(Facet.KEYWORD, finding, Treatment.ASK_OWNER, why, (wanted, real))
    draft.ask(WorkItemKind.KEYWORD_BY_HAND, Role.TANDEM, real["present"])
