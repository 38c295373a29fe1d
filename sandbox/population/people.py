"""Invented persons: each with numbers of her own, and findable by name and birth date without mistaking another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sandbox.population.avs import avs_number
from sandbox.population.names import names
from sandbox.population.places import REGION_WEIGHTS, Commune, communes

_PERSONAL_FIRST, _PERSONAL_COUNT, _PERSONAL_STRIDE = 10_000_000, 78_000_000, 48_271
"""Eight digits, below what the PLASTA stand-in gives out itself; the stride is coprime to the count."""

_OLDEST_YEARS, _YOUNGEST_YEARS = 63, 18
_GERMAN_SHARE = {"oberwallis": 0.97}
_GERMAN_SHARE_ELSEWHERE = 0.04
_FAMILY_FROM_ELSEWHERE = 0.18


@dataclass(frozen=True)
class Person:
    """Who somebody is, before either system has written her down. Language is fr or de, sex F or M."""

    family_name: str
    first_name: str
    sex: str
    birth_date: date
    language: str
    commune: Commune
    avs_number: str
    personal_number: str


class People:
    """Makes persons that differ in numbers, and in birth date or the beginning of the family name.

    A search by name and birth date, even one by the first two letters, thus finds one person only, unless a scenario
    wants two.
    """

    def __init__(self, rng: Random, today: date) -> None:
        self._rng = rng
        self._today = today
        self._offset = rng.randrange(10**8)
        self._made = 0
        self._taken: set[tuple[str, date]] = set()
        self._regions = tuple(REGION_WEIGHTS)
        self._region_weights = tuple(REGION_WEIGHTS.values())
        self._communes = {
            region: tuple(commune for commune in communes() if commune.region == region) for region in self._regions
        }
        self._weights = {region: [commune.weight for commune in here] for region, here in self._communes.items()}

    def one(self) -> Person:
        """A person nobody has seen before."""
        rng = self._rng
        region = rng.choices(self._regions, self._region_weights)[0]
        commune = rng.choices(self._communes[region], self._weights[region])[0]
        language = "de" if rng.random() < _GERMAN_SHARE.get(region, _GERMAN_SHARE_ELSEWHERE) else "fr"
        sex = rng.choice("FM")
        family = rng.choice(names().family["elsewhere" if rng.random() < _FAMILY_FROM_ELSEWHERE else language])
        avs, personal = self.numbers()
        return Person(
            family,
            rng.choice(names().first[language, sex]),
            sex,
            self._birth_date(family),
            language,
            commune,
            avs,
            personal,
        )

    def numbers(self) -> tuple[str, str]:
        """An AVS number and a personal number that nobody else has."""
        self._made += 1
        place = self._offset + self._made
        return avs_number(place), str(_PERSONAL_FIRST + place * _PERSONAL_STRIDE % _PERSONAL_COUNT)

    def _birth_date(self, family: str) -> date:
        while True:
            days = self._rng.randint(_YOUNGEST_YEARS * 366, _OLDEST_YEARS * 365)
            born = self._today - timedelta(days=days)
            key = (family[:2].casefold(), born)
            if key not in self._taken:
                self._taken.add(key)
                return born
