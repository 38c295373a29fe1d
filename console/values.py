"""Both sides of a facet as rows: field, CII software, PLASTA, last agreement. Words for codes, Swiss dates."""

from collections.abc import Mapping
from datetime import date

from domain.facets import FacetValue, Language
from mappings.sentences import word
from mappings.sentences.swiss_time import day

DATES = frozenset({"since", "effective", "confirmed", "birth_date"})
CODED = {"status": "value", "job_found": "value", "present": "value", "exit": "value", "office": "office"}
"""Fields whose values are codes, with the table of their words."""


def rows(
    cii: FacetValue | None, plasta: FacetValue | None, agreed: FacetValue | None, language: Language
) -> list[tuple[str, str, str, str]]:
    """One row per field that any of the three has; an absent value is a dash."""
    sides = (cii or {}, plasta or {}, agreed or {})
    names = list(dict.fromkeys(name for side in sides for name in side))
    return [(word(language, "field", name), *_cells(name, sides, language)) for name in names]


def _cells(name: str, sides: tuple[FacetValue, FacetValue, FacetValue], language: Language) -> tuple[str, str, str]:
    """A field on the three sides."""
    cii, plasta, agreed = (shown(name, side, language) for side in sides)
    return cii, plasta, agreed


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
