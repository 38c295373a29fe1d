"""Each system's view of a facet in normal form, so that equal means agreed. Pure and total over the facets."""

from domain.cases import CaseFile
from domain.facets import Facet, FacetValue
from domain.registrations import Registration, RegistryView, Sight
from domain.settlement import WRITER

NOT_REGISTERED: FacetValue = {"status": "not_registered"}
"""PLASTA knows no registration of the person: only ever from a whole, proven answer."""


def yes_no(value: bool) -> str:  # noqa: FBT001 - the one argument is the value itself
    """A truth value as both contracts spell it."""
    return "yes" if value else "no"


def cii_says(case: CaseFile, facet: Facet) -> FacetValue | None:
    """The CII software's side; for ``keyword`` that is the derived wish of procedure C (rule 6)."""
    match facet:
        case Facet.IDENTITY:
            person = case.beneficiary
            return _identity(person.family_name, person.first_name, person.birth_date.isoformat())
        case Facet.KEYWORD:
            return {"present": yes_no(case.coaching() is not None)} if case.was_coached() else None
        case Facet.REGISTRATION | Facet.DEREGISTRATION | Facet.KEYWORD_STATE:
            return case.mirrored(facet).value
        case Facet.STATUS:
            return {"exit": case.exit.reason.value} if case.exit else None
        case Facet.REINSERTION:
            return {"confirmed": case.reinsertion.confirmed_on.isoformat()} if case.reinsertion else None


def plasta_says(view: RegistryView, facet: Facet) -> FacetValue | None:
    """PLASTA's side, or None where it says nothing that could be compared."""
    if facet is Facet.REGISTRATION:
        return _registration(view)
    if facet is Facet.IDENTITY:
        person = view.person
        return _identity(person.family_name, person.first_name, person.birth_date.isoformat()) if person else None
    current = view.person.current() if view.person else None
    if current is None:
        return None
    match facet:
        case Facet.KEYWORD | Facet.KEYWORD_STATE:
            return {"present": yes_no(current.has_keyword)}
        case Facet.DEREGISTRATION:
            return _deregistration(current)
        case Facet.STATUS:
            return {"status": _status(current)}
        case Facet.REINSERTION:
            return None


def last_agreement(case: CaseFile, facet: Facet) -> FacetValue | None:
    """What both must have agreed on when the store remembers nothing: a mirrored value that we wrote ourselves.

    A fresh or restored store would else take every difference for a conflict of first sight. The keyword's
    agreement is about the registration that was mirrored with it.
    """
    if facet is not Facet.KEYWORD:
        return _ours(case, facet)
    keyword, registration = _ours(case, Facet.KEYWORD_STATE), _ours(case, Facet.REGISTRATION)
    if keyword is None:
        return None
    return keyword_of((registration or {}).get("registration", ""), present=keyword.get("present") == "yes")


def keyword_of(registration: str, *, present: bool) -> FacetValue:
    """A keyword as an agreement keeps it: whether it is there, and on which registration."""
    return {"present": yes_no(present), "registration": registration}


def _ours(case: CaseFile, facet: Facet) -> FacetValue | None:
    """A mirrored value that we wrote ourselves."""
    mirrored = case.mirrored(facet)
    return mirrored.value if mirrored.changed_by == WRITER else None


def _identity(family_name: str, first_name: str, birth_date: str) -> FacetValue:
    """Names without regard to case and spacing: PLASTA writes some in capitals."""
    return {"family_name": _name(family_name), "first_name": _name(first_name), "birth_date": birth_date}


def _name(name: str) -> str:
    """One spelling for comparing; never for showing or writing."""
    return " ".join(name.casefold().split())


def _registration(view: RegistryView) -> FacetValue | None:
    """The current registration; several active ones say nothing until a person has chosen."""
    if view.sight is Sight.UNKNOWN_PERSON:
        return NOT_REGISTERED
    if view.sight is not Sight.BOUND or view.person is None or len(view.person.active()) > 1:
        return None
    current = view.person.current()
    if current is None:
        return NOT_REGISTERED
    return {
        "status": _status(current),
        "office": current.office,
        "registration": current.registration_id,
        "since": current.registered_on.isoformat(),
    }


def _status(registration: Registration) -> str:
    """Active or not, in the words of the mirror."""
    return "registered" if registration.active else "inactive"


def _deregistration(current: Registration) -> FacetValue:
    """The de-registration of the current registration; empty when there is none or it was withdrawn."""
    hint = current.deregistration
    if hint is None:
        return {}
    return {
        "effective": hint.effective_on.isoformat(),
        "job_found": yes_no(hint.job_found),
        "reason_domain": hint.reason_domain,
        "reason": hint.reason_code,
    }
