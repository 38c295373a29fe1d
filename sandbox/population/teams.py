"""Who follows a case: a few invented people in each institution, the same in every population."""

from __future__ import annotations

import unicodedata
from functools import cache
from random import Random

from sandbox.cii.records import TeamMember
from sandbox.population.names import names

_PER_INSTITUTION = 3
_MANAGERS = ("oai-vs", "cms-{region}", "orp-{region}")


@cache
def staff(institution: str, role: str, language: str) -> tuple[TeamMember, ...]:
    """The people of one institution in one role; mail addresses end in `.example` and reach nobody."""
    rng = Random(f"staff {institution} {role}")
    return tuple(_member(rng, institution, role, language) for _ in range(_PER_INSTITUTION))


def coaching_team(region: str, pick: int) -> tuple[TeamMember, ...]:
    """The tandem (ORP and CMS respondent) and the regional coordinator."""
    language = _language(region)
    return (
        staff(f"orp-{region}", "orp_respondent", language)[pick % _PER_INSTITUTION],
        staff(f"cms-{region}", "cms_respondent", language)[pick // _PER_INSTITUTION % _PER_INSTITUTION],
        staff(f"coordinator-{region}", "coordinator", language)[0],
    )


def managed_team(region: str, pick: int) -> tuple[TeamMember, ...]:
    """The same with a case manager, whom one of the institutions provides."""
    institution = _MANAGERS[pick % len(_MANAGERS)].format(region=region)
    return (
        *coaching_team(region, pick),
        staff(institution, "case_manager", _language(region))[pick % _PER_INSTITUTION],
    )


def _language(region: str) -> str:
    return "de" if region == "oberwallis" else "fr"


def _member(rng: Random, institution: str, role: str, language: str) -> TeamMember:
    first = rng.choice(names().first[language, rng.choice("FM")])
    family = rng.choice(names().family[language])
    address = f"{_ascii(first)}.{_ascii(family)}@{institution}.example"
    return TeamMember(role, institution, f"{first} {family}", address, language)


def _ascii(name: str) -> str:
    spelled = name.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    folded = unicodedata.normalize("NFD", spelled).encode("ascii", "ignore").decode()
    return "".join(letter for letter in folded if letter.isalpha() or letter == "-")
