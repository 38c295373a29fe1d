"""The parts of a case that two systems can agree or disagree about, and what one of them says about each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias


class System(StrEnum):
    """The systems that hold a view of a case."""

    CII = "cii"
    PLASTA = "plasta"


class Target(StrEnum):
    """Where an effect takes place; each can be paused, halted and switched on by itself."""

    CII = "cii"
    PLASTA = "plasta"
    MAIL = "mail"


class Facet(StrEnum):
    """What is compared, one by one. ``keyword`` is wanted against real, ``keyword_state`` real against mirrored."""

    IDENTITY = "identity"
    REGISTRATION = "registration"
    DEREGISTRATION = "deregistration"
    KEYWORD = "keyword"
    KEYWORD_STATE = "keyword_state"
    STATUS = "status"
    REINSERTION = "reinsertion"


class Language(StrEnum):
    """The two languages of the canton that people are written to in."""

    FR = "fr"
    DE = "de"


FacetValue: TypeAlias = Mapping[str, str]
"""A facet in normal form: flat, every value a canonical string, an absent field absent. Equal means agreed."""

MIRRORED: Mapping[Facet, str] = {
    Facet.REGISTRATION: "registration",
    Facet.DEREGISTRATION: "deregistration",
    Facet.KEYWORD_STATE: "keyword",
}
"""The facets whose PLASTA value is written to the CII software as a state, with their name in its contract."""
