"""Both sides of a facet as rows: field, CII software, PLASTA, last agreement. Words for codes, Swiss dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.decision import CaseFacts, FacetFinding
from domain.facets import Facet, FacetValue, Language
from domain.people import Beneficiary
from domain.registrations import RegistryPerson
from mappings.sentences import word
from mappings.sentences.swiss_time import day

DATES = frozenset({"since", "effective", "confirmed", "birth_date"})
CODED = {"status": "value", "job_found": "value", "present": "value", "exit": "value", "office": "office"}
"""Fields whose values are codes, with the table of their words."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What each system says of a facet, and what both last agreed on."""

    cii: FacetValue
    plasta: FacetValue
    agreed: FacetValue


def sides(finding: FacetFinding, facts: CaseFacts | None) -> Sides:
    """The sides of a finding. Names are spelled as the systems have them: they are compared without regard to case."""
    agreed = facts.agreed.get(finding.facet) if facts else None
    found = Sides(finding.cii or {}, finding.plasta or {}, agreed.value if agreed else {})
    if finding.facet is not Facet.IDENTITY or facts is None:
        return found
    known = facts.view.person if facts.view else None
    return replace(found, cii=_spelled(facts.case.beneficiary), plasta=_spelled(known) if known else found.plasta)


def _spelled(person: Beneficiary | RegistryPerson) -> FacetValue:
    """Who somebody is, letter for letter."""
    born = person.birth_date.isoformat()
    return {"family_name": person.family_name, "first_name": person.first_name, "birth_date": born}


def rows(found: Sides, language: Language) -> list[tuple[str, str, str, str]]:
    """One row per field that any side has: its name, then the three sides; an absent value is a dash."""
    every = (found.cii, found.plasta, found.agreed)
    names = dict.fromkeys(name for side in every for name in side)
    return [
        (
            word(language, "field", name),
            shown(name, found.cii, language),
            shown(name, found.plasta, language),
            shown(name, found.agreed, language),
        )
        for name in names
    ]


def shown(name: str, side: Mapping[str, str], language: Language) -> str:
    """One value as people read it."""
    text = side.get(name)
    if text is None:
        return "–"
    if name in DATES:
        try:
            return day(date.fromisoformat(text))
        except ValueError:
            return text
    return word(language, CODED[name], text) if name in CODED else text
